"""Fixes that cannot be made in this file without losing something: shown with the reason, not made.

Two things stand in the way of any rule's fix: a file format that we read through jupytext and do
not write, and lines that only IPython understands, which stay as and where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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

MOST_TRIES = 500
TOO_MANY = "too many fixes cannot be made in this file to try all of them; make the others first"
MAGICS = "it would change or move a line that only IPython understands"


def made_possible(findings: Iterable[Finding], document: Document) -> Iterator[Finding]:
    """The findings; a fix that cannot be made in the document is only for display."""
    magics = {
        cell.index for cell in document.cells if cell.kind == "code" and ipython_lines(cell.source)
    }
    found = list(findings)
    fixes = [finding.fix.edits for finding in found if finding.fix is not None]
    of_format = iter(_Formats(document).obstacles(fixes))
    for finding in found:
        fix = finding.fix
        obstacle = "" if fix is None else next(of_format) or _of_magics(fix.edits, document, magics)
        if fix is None or not obstacle:
            yield finding
            continue
        shown = replace(fix, applicability=Applicability.DISPLAY, obstacle=obstacle)
        yield replace(finding, fix=shown)


class _Formats:
    """What the format of a file has against fixes. PERF: to know, some formats are read again, so
    many fixes are tried together, and halves of them only where not all can be made."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._tries = MOST_TRIES

    def obstacles(self, fixes: Sequence[tuple[Edit, ...]]) -> list[str]:
        """Why each of some fixes cannot be made, or "". Those of texts are tried together: of
        what else a format has against an edit, it knows without reading."""
        texts = iter(self._of_texts(list(filter(_is_text, fixes))))
        return [next(texts) if _is_text(each) else self._document.obstacle(each) for each in fixes]

    def _of_texts(self, fixes: Sequence[tuple[Edit, ...]]) -> list[str]:
        if not fixes:
            return []
        if not self._tries:
            return [TOO_MANY] * len(fixes)
        self._tries -= 1
        reason = self._document.obstacle([edit for edits in fixes for edit in edits])
        if not reason or len(fixes) == 1:
            return [reason] * len(fixes)
        half = len(fixes) // 2
        return self._of_texts(fixes[:half]) + self._of_texts(fixes[half:])


def _is_text(edits: tuple[Edit, ...]) -> bool:
    return all(isinstance(edit, TextEdit) for edit in edits)


def _of_magics(edits: tuple[Edit, ...], document: Document, magics: set[int]) -> str:
    """Why edits cannot be made next to IPython's lines, or ""."""
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
