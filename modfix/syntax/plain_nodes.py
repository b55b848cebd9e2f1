"""What hangs below a node of CPython's tree, and the dotted name that one is."""

from __future__ import annotations

import ast

# Fields that hold no nodes, or nodes that say nothing more than their parent's type.
_SKIPPED = frozenset({"ctx", "op", "ops", "type_comment", "kind", "conversion", "type_ignores"})
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}


def children(node: ast.AST) -> list[ast.AST]:
    """The child nodes that can hold code, field by field, which is mostly the order of the text."""
    kind = type(node)
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple(name for name in kind._fields if name not in _SKIPPED)
    found: list[ast.AST] = []
    for name in names:
        value = getattr(node, name, None)
        if type(value) is list:
            found += (each for each in value if isinstance(each, ast.AST))
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def dotted_name(node: ast.AST | None) -> str:
    """`a.b.c` for a chain of attributes on a name; "" for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def imported_names(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    """The names that an import binds, and the dotted origin of each: `np` is `numpy`, `warn` is
    `warnings.warn`. What a star brings is not known."""
    if isinstance(node, ast.Import):
        return {
            each.asname or _top(each.name): each.name if each.asname else _top(each.name)
            for each in node.names
        }
    start = "." * node.level + (node.module or "")
    return {
        each.asname or each.name: f"{start}.{each.name}" for each in node.names if each.name != "*"
    }


def _top(dotted: str) -> str:
    return dotted.partition(".")[0]
