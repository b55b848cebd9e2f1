"""The literal `__all__` of a module: its names, where they stand, and how one is taken out."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from msgspec import Struct

from modfix.rule import CodeCell, Module, Statement, TextEdit


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
        for literal, editable in _literals(statement.plain):
            found += _listed(cell, literal, editable)
    return tuple(found)


def _literals(nodes: Iterable[ast.stmt]) -> Iterator[tuple[ast.List | ast.Tuple, bool]]:
    """Lists and tuples of strings assigned to `__all__`, and whether they may be edited."""
    for node in nodes:
        if not isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            continue
        value = node.value
        if not (_is_all(node) and isinstance(value, (ast.List, ast.Tuple))):
            continue
        if all(_is_text(element) for element in value.elts):
            yield value, not isinstance(node, ast.AugAssign)


def _is_all(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    only = targets[0]
    return len(targets) == 1 and isinstance(only, ast.Name) and only.id == "__all__"


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)


def _listed(cell: CodeCell, literal: ast.List | ast.Tuple, editable: bool) -> Iterator[ListedName]:
    spans = [cell.place(element) for element in literal.elts]
    bracketed = isinstance(literal, ast.List) or _is_in_parentheses(cell, literal)
    for number, element in enumerate(literal.elts):
        assert isinstance(element, ast.Constant)
        if isinstance(element.value, str):
            edit = _removal(cell, literal, spans, number) if editable and bracketed else None
            yield ListedName(cell, element.value, *spans[number], edit)


def _is_in_parentheses(cell: CodeCell, literal: ast.Tuple) -> bool:
    """Whether a tuple of strings stands in parentheses, which CPython counts as its own."""
    start, end = cell.place(literal)
    return cell.source[start] == "(" and cell.source[end - 1] == ")"


def _removal(
    cell: CodeCell, literal: ast.List | ast.Tuple, spans: list[tuple[int, int]], number: int
) -> TextEdit:
    """Take one string out with its comma; what stays is a list, or a tuple, as before."""
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
    if isinstance(literal, ast.Tuple) or "#" in between:  # the comma before stays
        return TextEdit(cell.index, start, _past_comma(cell.source, end), "")
    return TextEdit(cell.index, before, end, "")


def _past_comma(source: str, end: int) -> int:
    rest = source[end:]
    return end + len(rest) - len(rest.lstrip()[1:]) if rest.lstrip().startswith(",") else end
