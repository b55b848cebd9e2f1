"""What a statement does beyond the names that it binds: what it changes, what cannot be seen.

Only statements that are calls, and assignments to attributes and items, count as changing
something: a call inside an expression is there for its value.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import TYPE_CHECKING

from modfix.rule import Statement
from modfix.syntax.module import matches

if TYPE_CHECKING:
    import libcst as cst

# Calls that only show or compare: they change nothing that later code needs.
_SHOWING = (
    "print",
    "display",
    "*pprint",
    "plt.*",
    "sns.*",
    "assert_*",
    "test_eq",
    "np.testing.*",
    "*.show",
    "*.plot",
    "*.head",
    "*.info",
    "*.describe",
    "*.summary",
    "*.sleep",
)
# Calls whose effect is outside of Python's names: files, processes, the interpreter.
_OUTSIDE = (
    "open",
    "exec",
    "eval",
    "setattr",
    "delattr",
    "__import__",
    "*download*",
    "*.mkdir",
    "*.to_*",
    "*.save*",
    "*.write*",
    "*.dump*",
    "*.extract*",
)
# Settings of a library that only change how things look or where they are found.
_AMBIENT = ("rcParams", "environ")
_BUILTIN = frozenset(dir(builtins))


def called_name(call: cst.Call) -> str:
    """`a.b` for `a.b(…)`, and also for `a(…).b(…)` and `a[…].b(…)`; "" without a name."""
    import libcst as cst

    parts: list[str] = []
    node: cst.BaseExpression = call.func
    while not isinstance(node, cst.Name):
        if isinstance(node, cst.Attribute):
            parts.append(node.attr.value)
            node = node.value
        elif isinstance(node, cst.Call):
            node = node.func
        elif isinstance(node, cst.Subscript):
            node = node.value
        else:
            return ""
    return ".".join([node.value, *reversed(parts)])


def only_shows(name: str) -> bool:
    """Whether a call of this name is known to leave everything as it was."""
    return matches(name, _SHOWING)


def acts_outside(name: str) -> bool:
    """Whether a call of this name may change something that no name stands for."""
    return not name or matches(name, _OUTSIDE)


def is_builtin(name: str) -> bool:
    """Whether a name is Python's own."""
    return name in _BUILTIN


def statement_calls(node: cst.CSTNode) -> Iterator[cst.Call]:
    """The calls that are statements, at any depth of blocks; not those in functions inside."""
    import libcst as cst

    for inner in _now(node):
        if isinstance(inner, cst.Expr) and isinstance(inner.value, cst.Call):
            yield inner.value


def entered_names(node: cst.CSTNode) -> Iterator[str]:
    """The names of the calls that `with` statements enter."""
    import libcst as cst

    for inner in _now(node):
        if isinstance(inner, cst.WithItem) and isinstance(inner.item, cst.Call):
            yield called_name(inner.item)


def changed_names(node: cst.CSTNode) -> set[str]:
    """The names whose objects a statement, or the body of a function, may change."""
    return assigned_into(node) | called_upon(node)


def assigned_into(node: cst.CSTNode) -> set[str]:
    """The names of which a statement assigns or deletes attributes or items, or that it deletes."""
    import libcst as cst

    found: set[str] = set()
    for inner in _now(node):
        if isinstance(inner, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.For)):
            found |= _owner(inner.target)
        elif isinstance(inner, cst.Del):
            found |= _owner(inner.target) or _names(inner.target)
    return found


def called_upon(node: cst.CSTNode) -> set[str]:
    """The names that a statement's calls are methods of, or are given."""
    import libcst as cst

    found: set[str] = set()
    for call in statement_calls(node):
        if not only_shows(called_name(call)):
            found |= _owner(call.func)
            found |= {arg.value.value for arg in call.args if isinstance(arg.value, cst.Name)}
    return found


def shares_object(node: cst.CSTNode) -> set[str]:
    """The names that `a = b`, `a = b.c` and `a = b[0]` make names of one object, or of a part."""
    import libcst as cst

    small = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
    if not isinstance(small, cst.Assign):
        return set()
    value = small.value
    while isinstance(value, (cst.Attribute, cst.Subscript)):
        value = value.value
    if not isinstance(value, cst.Name):
        return set()
    return {value.value}.union(*(_names(target.target) for target in small.targets))


def binds_first(statement: Statement, name: str) -> bool:
    """Whether a loop or a `with` binds a name itself before its body reads it."""
    import libcst as cst

    from modfix.syntax.names import name_use

    node = statement.node
    if isinstance(node, cst.For):
        return name in _names(node.target) and name not in name_use(node.iter).reads
    if isinstance(node, cst.With):
        entered = {n for item in node.items if item.asname for n in _names(item.asname.name)}
        return name in entered and not any(name in name_use(i.item).reads for i in node.items)
    return False


def _now(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes of a statement that run with it; of a definition, those of its body."""
    import libcst as cst

    from modfix.syntax.names import children

    stack = list(children(node.body)) if isinstance(node, cst.FunctionDef) else [node]
    while stack:
        inner = stack.pop()
        if isinstance(inner, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
            continue
        yield inner
        stack += children(inner)


def _owner(node: cst.CSTNode) -> set[str]:
    """The name at the root of an attribute or item; nothing for a plain name."""
    import libcst as cst

    if isinstance(node, (cst.Tuple, cst.List)):
        return {name for element in node.elements for name in _owner(element.value)}
    inner, steps = node, 0
    while isinstance(inner, (cst.Attribute, cst.Subscript, cst.Call)):
        if isinstance(inner, cst.Attribute) and inner.attr.value in _AMBIENT:
            return set()
        inner = inner.func if isinstance(inner, cst.Call) else inner.value
        steps += 1
    return {inner.value} if steps and isinstance(inner, cst.Name) else set()


def _names(node: cst.CSTNode) -> set[str]:
    import libcst as cst

    if isinstance(node, (cst.Tuple, cst.List)):
        return {name for element in node.elements for name in _names(element.value)}
    return {node.value} if isinstance(node, cst.Name) else set()
