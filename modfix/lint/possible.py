"""Fixes that cannot be made in this file without losing something: shown with the reason, not made.

Two things stand in the way of any rule's fix: a file format that we read through jupytext and do
not write, and lines that only IPython understands, which stay as and where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.document.edit import (
    Edit,
    FileEdit,
    InsertCell,
    MetadataEdit,
    MetadataRemoval,
    SplitCell,
    TextEdit,
    UnsoundEdit,
)
from modfix.nbgrader.kinds import KEY
from modfix.rule import Applicability, Finding
from modfix.syntax.mask import ipython_lines, rules_whole_cell

MAGICS = "it would change or move a line that only IPython understands"


def made_possible(findings: Iterable[Finding], document: Document) -> Iterator[Finding]:
    """The findings; a fix that cannot be made in the document is only for display."""
    magics = {
        cell.index for cell in document.cells if cell.kind == "code" and ipython_lines(cell.source)
    }
    for finding in findings:
        fix = finding.fix
        obstacle = "" if fix is None else _obstacle(fix.edits, document, magics)
        if fix is None or not obstacle:
            yield finding
            continue
        shown = replace(fix, applicability=Applicability.DISPLAY, obstacle=obstacle)
        yield replace(finding, fix=shown)


def _obstacle(edits: tuple[Edit, ...], document: Document, magics: set[int]) -> str:
    """Why edits cannot be made, or ""."""
    if reason := document.obstacle(edits):
        return reason
    touched = {edit.cell for edit in edits if not isinstance(edit, InsertCell | FileEdit)}
    if touched.isdisjoint(magics):
        return ""
    for edit in edits:
        if isinstance(edit, SplitCell) and rules_whole_cell(document.cells[edit.cell].source):
            return MAGICS
    if all(map(_stays_in_cell, edits)):
        cells = (document.cells[index] for index in touched)
        return MAGICS if any(_loses_magics(cell, edits) for cell in cells) else ""
    try:
        after = document.edited(document.replacements(edits))
    except UnsoundEdit:
        return ""  # applying it says what is wrong with the rule
    return MAGICS if _magics(after) != _magics(document) else ""


def _stays_in_cell(edit: Edit) -> bool:
    """Whether all that an edit can do to a line of IPython's is seen in the text of its cell."""
    match edit:
        case TextEdit():
            return "%%" not in edit.text
        case SplitCell():
            return "%%" not in edit.head
        case MetadataEdit() | MetadataRemoval():
            return edit.key == KEY
        case _:
            return False


def _loses_magics(cell: Cell, edits: Iterable[Edit]) -> bool:
    """Whether edits change, move or remove a line of IPython's in a cell. PERF: looked at without
    the rest of the document, because every fix asks."""
    pieces, rest = [], cell.source
    texts = (each for each in edits if isinstance(each, TextEdit | SplitCell))
    here = [each for each in texts if each.cell == cell.index]
    for edit in sorted(here, key=_start, reverse=True):
        if isinstance(edit, TextEdit):
            rest = rest[: edit.start] + edit.text + rest[edit.end :]
        else:
            pieces.append(edit.head + rest[edit.offset :])
            rest = rest[: edit.offset].rstrip()
    after = [line for piece in (rest, *reversed(pieces)) for line in ipython_lines(piece)]
    return after != list(ipython_lines(cell.source))


def _start(edit: TextEdit | SplitCell) -> tuple[int, bool]:
    if isinstance(edit, SplitCell):
        return edit.offset, False
    return edit.start, True


def _magics(document: Document) -> list[tuple[str, bool]]:
    return [
        line
        for cell in document.cells
        if cell.kind == "code"
        for line in ipython_lines(cell.source)
    ]
