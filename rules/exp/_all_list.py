"""The literal `__all__` of a module: its names, where they stand, and how one is taken out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from modfix.rule import CodeCell, Module, Statement, TextEdit

if TYPE_CHECKING:
    import libcst as cst


class ListedName(Struct, frozen=True):
    """A name in `__all__`: the offsets of its string in the source of its cell.

    `removed` is the edit that takes it out, None where it is added by `+=`.
    """

    cell: CodeCell
    name: str
    start: int
    end: int
    removed: TextEdit | None


def all_statements(module: Module) -> tuple[Statement, ...]:
    """The statements that bind `__all__`."""
    return module.definitions.get("__all__", ())


def listed_names(module: Module) -> tuple[ListedName, ...]:
    """The names of `__all__` where it is a list or a tuple of strings; other forms are skipped."""
    found: list[ListedName] = []
    for statement in all_statements(module):
        cell = module.cell(statement.cell)
        for literal, editable in _literals(statement.node):
            found += _listed(cell, literal, editable)
    return tuple(found)


def _literals(node: cst.CSTNode) -> Iterator[tuple[cst.List | cst.Tuple, bool]]:
    """Lists and tuples of strings assigned to `__all__`, and whether they may be edited."""
    import libcst as cst

    for small in node.body if isinstance(node, cst.SimpleStatementLine) else ():
        if not isinstance(small, (cst.Assign, cst.AnnAssign, cst.AugAssign)):
            continue
        value = small.value
        if not (_is_all(small) and isinstance(value, (cst.List, cst.Tuple))):
            continue
        if all(isinstance(element.value, cst.SimpleString) for element in value.elements):
            yield value, not isinstance(small, cst.AugAssign)


def _is_all(node: cst.Assign | cst.AnnAssign | cst.AugAssign) -> bool:
    import libcst as cst

    if isinstance(node, cst.Assign):
        targets = [target.target for target in node.targets]
        return len(targets) == 1 and _is_all_name(targets[0])
    return _is_all_name(node.target)


def _is_all_name(node: cst.CSTNode) -> bool:
    import libcst as cst

    return isinstance(node, cst.Name) and node.value == "__all__"


def _listed(cell: CodeCell, literal: cst.List | cst.Tuple, editable: bool) -> Iterator[ListedName]:
    import libcst as cst

    spans = [cell.span(element.value) for element in literal.elements]
    bracketed = isinstance(literal, cst.List) or bool(literal.lpar)
    for number, element in enumerate(literal.elements):
        assert isinstance(element.value, cst.SimpleString)
        name = element.value.evaluated_value
        if isinstance(name, str):
            edit = _removal(cell, literal, spans, number) if editable and bracketed else None
            yield ListedName(cell, name, *spans[number], edit)


def _removal(
    cell: CodeCell, literal: cst.List | cst.Tuple, spans: list[tuple[int, int]], number: int
) -> TextEdit:
    """Take one string out with its comma; what stays is a list, or a tuple, as before."""
    import libcst as cst

    start, end = spans[number]
    if len(spans) == 1:
        return TextEdit(cell.index, start, _past_comma(cell.source, end), "")
    if number + 1 < len(spans):
        line = cell.source.rfind("\n", 0, start) + 1
        own_line = not cell.source[line:start].strip()
        stop = cell.source.find("\n", end)
        if own_line and stop < spans[number + 1][0] and stop >= 0:
            return TextEdit(cell.index, line, stop + 1, "")
        return TextEdit(cell.index, start, spans[number + 1][0], "")
    before = spans[number - 1][1]
    between = cell.source[before:start]
    if isinstance(literal, cst.Tuple) or "#" in between:  # the comma before stays
        return TextEdit(cell.index, start, _past_comma(cell.source, end), "")
    return TextEdit(cell.index, before, end, "")


def _past_comma(source: str, end: int) -> int:
    rest = source[end:]
    return end + len(rest) - len(rest.lstrip()[1:]) if rest.lstrip().startswith(",") else end
