"""What hangs below a LibCST node, as far as it can hold code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import libcst as cst

# Fields that hold whitespace, commas and parentheses: no names, half of all nodes.
_SKIPPED = ("whitespace", "leading_lines", "lines_after", "comma", "lpar", "rpar", "semicolon")
_SKIPPED_WHOLE = frozenset(
    {"header", "footer", "equal", "colon", "dot", "lbracket", "rbracket", "lbrace", "rbrace"}
    | {"trailing_whitespace", "operator", "keyword"}
)
_LEAVES = frozenset({str, bool, int, type(None), cst.MaybeSentinel})
_FIELDS: dict[type[cst.CSTNode], tuple[str, ...]] = {}


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The child nodes that can hold code, in the order of the text."""
    kind = type(node)
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple(
            each.name
            for each in fields(kind)
            if not each.name.startswith(_SKIPPED) and each.name not in _SKIPPED_WHOLE
        )
    for name in names:
        value = getattr(node, name)
        kind = type(value)
        if kind is tuple or kind is list:
            yield from value
        elif kind not in _LEAVES:  # PERF: `isinstance(…, CSTNode)` asks an abstract base class
            yield value
