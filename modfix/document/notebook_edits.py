"""Edits of one fix that share text in a notebook: those of a cell that is split or whose source is
written as one, and the removal of cells at the end of a list. In a script they stand beside each
other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from modfix.document.edit import (
    CellEdit,
    MetadataEdit,
    MetadataRemoval,
    RemoveCell,
    Replacement,
    SplitCell,
    TextEdit,
    UnsoundEdit,
)
from modfix.document.notebook import Parts

TWICE = "changes the same text twice"


class Writer(Protocol):
    """What writes the parts of a notebook: its layout."""

    @property
    def text(self) -> str:
        """The JSON text."""

    @property
    def every(self) -> Sequence[Parts]:
        """The parts of each cell."""

    def replacement(self, edit: CellEdit) -> Replacement:
        """What an edit that stands alone comes down to."""

    def rewrites(self, edit: TextEdit) -> bool:
        """Whether an edit of a source writes all of it."""

    def whole_text(self, parts: Parts, text: str) -> Replacement:
        """The source of a cell, written as one."""

    def source_value(self, parts: Parts, text: str) -> str:
        """A source as the cell writes it."""

    def piece(self, split: SplitCell, number: int, source: str) -> str:
        """A new cell, and the text that parts it from the one before."""


def notebook_replacements(layout: Writer, edits: Sequence[CellEdit]) -> list[Replacement]:
    """What edits that belong together come down to. Raises UnsoundEdit where they overlap."""
    split = {edit.cell for edit in edits if isinstance(edit, SplitCell)}
    whole = {e.cell for e in edits if isinstance(e, TextEdit) and layout.rewrites(e)} - split
    last = set(_trailing(layout, {edit.cell for edit in edits if isinstance(edit, RemoveCell)}))
    found = [_division(layout, edits, cell) for cell in sorted(split)]
    found += [_rewriting(layout, edits, cell) for cell in sorted(whole)]
    found += _removals(layout, sorted(last))
    for edit in edits:
        match edit:
            case RemoveCell():
                alone = edit.cell not in last
            case SplitCell():
                alone = False
            case TextEdit():
                alone = edit.cell not in split | whole
            case MetadataEdit() | MetadataRemoval():
                alone = edit.cell not in split or _is_above(layout, edit)
            case _:
                alone = True
        if alone:
            found.append(layout.replacement(edit))
    return found


def _rewriting(layout: Writer, edits: Sequence[CellEdit], cell: int) -> Replacement:
    """All changes of a source that is written as one."""
    parts = layout.every[cell]
    mine = [edit for edit in edits if isinstance(edit, TextEdit) and edit.cell == cell]
    (text,) = _pieces(parts.text, mine)
    return layout.whole_text(parts, text)


def _is_above(layout: Writer, edit: MetadataEdit | MetadataRemoval) -> bool:
    """Whether the metadata of a cell stand before its source."""
    source = layout.every[edit.cell].source
    return source is None or layout.replacement(edit).start < source.start


def _division(layout: Writer, edits: Sequence[CellEdit], cell: int) -> Replacement:
    """All that becomes of a cell that is split, from its source on."""
    parts = layout.every[cell]
    if parts.source is None:
        raise UnsoundEdit(f"splits cell {cell}, which has no source")
    inside = [
        edit
        for edit in edits
        if isinstance(edit, TextEdit | SplitCell | MetadataEdit | MetadataRemoval)
        and edit.cell == cell
    ]
    kept, *moved = _pieces(parts.text, [e for e in inside if isinstance(e, TextEdit | SplitCell)])
    below = [
        layout.replacement(edit)
        for edit in inside
        if isinstance(edit, MetadataEdit | MetadataRemoval) and not _is_above(layout, edit)
    ]
    text = layout.source_value(parts, kept) + _spliced(
        layout.text, parts.source.end, parts.end, below
    )
    splits = sorted((e for e in inside if isinstance(e, SplitCell)), key=lambda each: each.offset)
    for number, (split, source) in enumerate(zip(splits, moved, strict=True)):
        text += layout.piece(split, number, source)
    return Replacement(parts.source.start, parts.end, text)


def _pieces(source: str, edits: Sequence[TextEdit | SplitCell]) -> list[str]:
    """The source after edits, cut where it is split; blank lines before a cut are left out."""
    pieces, done = [""], 0
    for start, end, edit in sorted((_place(source, each) for each in edits), key=lambda e: e[:2]):
        if start < done:
            raise UnsoundEdit(TWICE)
        pieces[-1] += source[done:start]
        if isinstance(edit, SplitCell):
            pieces.append(edit.head)
        else:
            pieces[-1] += edit.text
        done = end
    pieces[-1] += source[done:]
    return pieces


def _place(source: str, edit: TextEdit | SplitCell) -> tuple[int, int, TextEdit | SplitCell]:
    if isinstance(edit, TextEdit):
        return edit.start, edit.end, edit
    return len(source[: edit.offset].rstrip()), edit.offset, edit


def _spliced(text: str, start: int, end: int, replacements: list[Replacement]) -> str:
    """A part of the text after replacements in it."""
    parts, done = [], start
    for each in sorted(replacements):
        if each.start < done:
            raise UnsoundEdit(TWICE)
        parts += [text[done : each.start], each.text]
        done = each.end
    return "".join([*parts, text[done:end]])


def _trailing(layout: Writer, removed: set[int]) -> Iterator[int]:
    """Of the cells that go, those behind which no other is left in their list."""
    sheets = [parts.sheet for parts in layout.every]
    for cell in sorted(removed):
        behind = [n for n in range(cell, len(sheets)) if sheets[n] == sheets[cell]]
        if removed.issuperset(behind):
            yield cell


def _removals(layout: Writer, cells: list[int]) -> Iterator[Replacement]:
    """One for the end of each list, with the comma in front."""
    every = layout.every
    if not cells:
        return
    first = [n for n in cells if n - 1 not in cells or every[n - 1].sheet != every[n].sheet]
    for start, stop in pairwise([*first, cells[-1] + 1]):
        last = max(n for n in cells if start <= n < stop)
        alone = start == 0 or every[start - 1].sheet != every[start].sheet
        begin = every[start].start if alone else every[start - 1].end
        yield Replacement(begin, every[last].end, "")
