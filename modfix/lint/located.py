"""A finding with its place worked out."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.lint.checked import Change, Located, LocatedFix
from modfix.rule import Finding, Fix

__all__ = ["Change", "Located", "LocatedFix", "anchor", "located"]

_NEWLINE = re.compile("\n")


def located(
    document: Document, findings: Iterable[Finding], *, changes: bool = False
) -> list[Located]:
    """The findings of a document in the order of the file's lines.

    With `changes`, each fix carries what it comes down to in the file. Raises UnsoundEdit then
    for a fix whose place does not exist.
    """
    lines = _Lines(document.text)
    found = [_located(document, finding, lines, changes) for finding in findings]
    return sorted(found, key=lambda each: (each.line, each.column, each.code))


class _Lines:
    """Where offsets of a text stand; its lines are counted once, when that is first asked."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _NEWLINE.finditer(self._text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _located(document: Document, finding: Finding, lines: _Lines, changes: bool) -> Located:
    line, column, cell_line = _start(document, finding, lines)
    end_line, end_column = _end(document, finding, line, column)
    cell = document.cells[finding.cell]
    inside = _within(cell, finding)
    return Located(
        path=str(document.path),
        code=finding.code,
        name=finding.name,
        severity=str(finding.severity),
        message=finding.message,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        cell_index=cell.index,
        cell_id=cell.id if finding.outside is None else None,
        cell_line=cell_line,
        cell_column=inside[0],
        cell_end_line=inside[1],
        cell_end_column=inside[2],
        anchor=anchor(finding.code, cell, finding.start),
        fix=_fix(document, finding.fix, lines, changes),
    )


def _start(document: Document, finding: Finding, lines: _Lines) -> tuple[int, int, int]:
    if finding.outside is not None:
        return (*lines.position(finding.outside), 0)
    return document.place(finding.cell, finding.start)


def _end(document: Document, finding: Finding, line: int, column: int) -> tuple[int, int]:
    if finding.outside is not None:
        return line, column
    if finding.start is not None:
        end_line, end_column, _ = document.place(finding.cell, finding.end or finding.start)
        return end_line, end_column
    marker = document.cells[finding.cell].marker
    return line, column + len(marker.text) if marker else column


def _within(cell: Cell, finding: Finding) -> tuple[int, int, int]:
    """Column, end line and end column of a finding in its cell, from 1; 0 at the marker."""
    if finding.start is None:
        return 0, 0, 0
    end = finding.end or finding.start
    column = finding.start - cell.source.rfind("\n", 0, finding.start)
    end_column = end - cell.source.rfind("\n", 0, end)
    return column, cell.source.count("\n", 0, end) + 1, end_column


def anchor(code: str, cell: Cell, start: int | None) -> str:
    """Rule and content as one short word: the line of the finding, or what the cell is."""
    if start is None:
        grade_id = (cell.nbgrader or {}).get("grade_id")
        first = next(filter(None, map(str.strip, cell.source.split("\n"))), "")
        text = f"cell {grade_id}" if grade_id else f"cell {first}"
    else:
        begin = cell.source.rfind("\n", 0, start) + 1
        text = cell.source[begin:].partition("\n")[0].strip()
    return hashlib.blake2b(f"{code}\0{text}".encode(errors="replace"), digest_size=8).hexdigest()


def _fix(document: Document, fix: Fix | None, lines: _Lines, changes: bool) -> LocatedFix | None:
    if fix is None:
        return None
    made = _changes(document, fix, lines) if changes and not fix.obstacle else ()
    return LocatedFix(str(fix.applicability), fix.message, made)


def _changes(document: Document, fix: Fix, lines: _Lines) -> tuple[Change, ...]:
    return tuple(
        Change(*lines.position(each.start), *lines.position(each.end), each.text)
        for each in document.replacements(fix.edits)
    )
