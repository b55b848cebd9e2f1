"""Keeps the other half of a pair in step: the same edits, made in the text of the other file.

A script and its notebook hold the same cells in the same order (that is what in step means), so an
edit names the same cell in both. Its place within the cell is worked out line by line: a magic
that the script has commented out is two characters longer there, markdown stands in quotes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from itertools import takewhile

from msgspec import Struct
from msgspec.structs import replace

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.document.edit import (
    Edit,
    FileEdit,
    InsertCell,
    MetadataEdit,
    MetadataRemoval,
    RemoveCell,
    SplitCell,
    TextEdit,
    UnsoundEdit,
)
from modfix.document.notebook_text import is_header, notebook_text, own_text, script_lines
from modfix.document.pair_difference import differences, related
from modfix.document.pairing import Partner, partner
from modfix.errors import ModfixError
from modfix.rule import Finding


class OutOfStep(ModfixError):
    """The halves of a pair disagree, so that no edit can be made in both."""


class Half(Struct, frozen=True):
    """The other half of a document's pair, before a repair and as far as the repair has come."""

    name: str
    before: Document
    after: Document

    def following(self, document: Document, applied: Iterable[Finding]) -> Half:
        """This half after the fixes of one round, which were made in `document`.

        Raises ModfixError where one of them cannot be made here.
        """
        edits = [edit for finding in applied if finding.fix for edit in finding.fix.edits]
        return self.edited(document, edits)

    def edited(self, document: Document, edits: Sequence[Edit]) -> Half:
        """This half after edits that were made in `document`; raises as `following` does."""
        try:
            after = _edited(self.after, _mirrored(document, self.after, edits))
            after.to_bytes()
        except (UnsoundEdit, UnicodeEncodeError, ModfixError) as error:
            raise self._refusal(document, str(error)) from error
        return replace(self, after=after)

    def seen_by(self, document: Document) -> Document:
        """The document with this half, as it is now, beside it; raises where they disagree."""
        folder = document.folder.with_memo({"partner": Partner(self.name, True, self.after)})
        beside = dataclasses.replace(document, folder=folder)
        if found := differences(beside, Partner(self.name, True, self.after)):
            raise self._refusal(document, found[0].message)
        return beside

    def _refusal(self, document: Document, why: str) -> ModfixError:
        return ModfixError(
            f"the repair cannot be made in `{self.name}` too ({why}); neither was changed",
            where=str(document.path),
            todo="repair one of the two and sync with `jupytext --sync`",
        )


def other_half(document: Document) -> Half | None:
    """The other half of a document that is to be repaired, or None for one that has none.

    Raises OutOfStep where the two disagree and ModfixError where the other cannot be read.
    """
    other = partner(document)
    if other is None:
        return None
    if other.document is None:
        raise OutOfStep(
            f"its other half `{other.name}` cannot be read ({other.fault}); neither is changed",
            where=str(document.path),
        )
    if not related(document, other):
        return None
    if found := differences(document, other):
        raise _out_of_step(document, other, len(found), found[0].message)
    return Half(other.name, other.document, other.document)


def _out_of_step(document: Document, other: Partner, count: int, first: str) -> OutOfStep:
    more = f", and {count - 1} more" if count > 1 else ""
    return OutOfStep(
        f"it and its other half `{other.name}` disagree ({first}{more}; FMT108); "
        "neither is changed",
        where=str(document.path),
        todo=f"make them agree first, for example with `jupytext --sync {document.path.name}`",
    )


def _mirrored(ours: Document, theirs: Document, edits: Sequence[Edit]) -> list[Edit]:
    """The edits in the words of the other half.

    A file's own text (its header, its marker lines) is its own: where the halves then disagree,
    `seen_by` says so.
    """
    found: list[Edit] = []
    prose: dict[int, list[TextEdit]] = {}
    for edit in edits:
        if isinstance(edit, TextEdit) and ours.cells[edit.cell].kind != "code":
            prose.setdefault(edit.cell, []).append(edit)
        elif not isinstance(edit, FileEdit):
            found.append(_mirror(ours, theirs, edit))
    return [*found, *(_prose_edit(ours, theirs, cell, each) for cell, each in prose.items())]


def _mirror(ours: Document, theirs: Document, edit: Edit) -> Edit:
    match edit:
        case TextEdit():
            cells = ours.cells[edit.cell], theirs.cells[edit.cell]
            start, end = _moved(*cells, edit.start), _moved(*cells, edit.end)
            return replace(edit, start=start, end=end)
        case SplitCell():
            offset = _moved(ours.cells[edit.cell], theirs.cells[edit.cell], edit.offset)
            return replace(edit, offset=offset)
        case InsertCell() if edit.kind != "code":
            return replace(edit, source=_prose_source(ours, edit))
        case _:
            return edit


def _moved(ours: Cell, theirs: Cell, offset: int) -> int:
    """An offset in a code cell as an offset in the same cell of the other half."""
    before = ours.source[:offset]
    row, column = before.count("\n"), offset - (before.rfind("\n") + 1)
    mine, their = ours.source.split("\n"), theirs.source.split("\n")
    if row >= len(their):
        return len(theirs.source)  # blank lines at the end, which only one of them has
    longer = len(their[row]) - len(mine[row])
    indent = len(mine[row]) - len(mine[row].lstrip())
    column = column if column <= indent else max(indent, column + longer)
    return sum(len(line) + 1 for line in their[:row]) + min(column, len(their[row]))


def _prose_edit(ours: Document, theirs: Document, index: int, edits: list[TextEdit]) -> TextEdit:
    """The edits of a cell of text as one edit of the other half."""
    cell, other = ours.cells[index], theirs.cells[index]
    if not ours.is_notebook and is_header(cell):
        raise UnsoundEdit("it changes the script's header")
    if not theirs.is_notebook and is_header(other):
        raise UnsoundEdit("it is the script's header there")
    source = cell.source
    for edit in sorted(edits, key=lambda each: each.start, reverse=True):
        source = source[: edit.start] + edit.text + source[edit.end :]
    after = replace(cell, source=source)
    if theirs.is_notebook:
        text = "\n".join(notebook_text(after).lines)
    else:
        text = "\n".join(script_lines(own_text(after).lines, other))
    return _smallest(index, other.source, text)


def _smallest(cell: int, before: str, after: str) -> TextEdit:
    """The shortest edit that makes one text of the other."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    return TextEdit(cell, head, len(before) - tail, after[head : len(after) - tail])


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other)))  # noqa: B905


def _prose_source(ours: Document, edit: InsertCell) -> str:
    """The text of a new markdown cell in the other half's way."""
    cell = Cell(0, edit.kind, edit.source, edit.metadata, 1, 0, 0, 0, 0, None)
    if ours.is_notebook:
        return "\n".join(script_lines(edit.source.split("\n"), replace(cell, kind="code")))
    return "\n".join(notebook_text(cell).lines)


def _edited(document: Document, edits: list[Edit]) -> Document:
    """The document after edits, at once or, where they touch there, one by one from the end."""
    try:
        return document.edited(document.replacements(edits))
    except UnsoundEdit:
        for edit in sorted(edits, key=_place, reverse=True):
            document = document.edited(document.replacements([edit]))
        return document


def _place(edit: Edit) -> tuple[int, int]:
    match edit:
        case FileEdit():
            return -1, edit.start
        case InsertCell():
            return edit.after, 1 << 60
        case MetadataEdit() | MetadataRemoval() | RemoveCell():
            return edit.cell, -1
        case SplitCell():
            return edit.cell, edit.offset
        case TextEdit():
            return edit.cell, edit.start
