"""Cells of a percent script: their places, and edits as changes of its text."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from modfix.document.cell import Cell
from modfix.document.edit import (
    CellEdit,
    Edit,
    InsertCell,
    MetadataEdit,
    MetadataRemoval,
    RemoveCell,
    Replacement,
    SplitCell,
    TextEdit,
    UnsoundEdit,
)
from modfix.document.marker import (
    as_mapping,
    new_marker,
    read_marker,
    with_option,
    without_option,
)
from modfix.document.percent import read_cells

_OTHER_LINE_ENDS = frozenset("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")  # jupytext's, no editor's


class PercentLayout(Struct, frozen=True):
    """A percent script as text and cells."""

    text: str
    cells: tuple[Cell, ...]

    @classmethod
    def read(cls, text: str) -> PercentLayout:
        """Read a script whose line ends are all `\\n`."""
        return cls(text, read_cells(text))

    def place(self, cell: int, offset: int | None) -> tuple[int, int, int]:
        """Where an offset in a cell stands (see `Layout.place`)."""
        at = self.cells[cell]
        if offset is None:
            return (at.line, 1, 1) if at.marker is None else (at.line - self._above(at), 1, 0)
        line = at.source.count("\n", 0, offset)
        place = at.start + offset
        first = at.line - self._is_unended(at)
        return first + line, place - self.text.rfind("\n", 0, place), line + 1

    def _is_unended(self, cell: Cell) -> bool:
        """Whether a cell is empty because its marker ends the file, without a line end."""
        return cell.marker is not None and cell.start == cell.block_start + len(cell.marker.text)

    def _above(self, cell: Cell) -> int:
        """How many lines a cell's marker stands above its source: 1, as far as editors count."""
        return int(self.text[cell.start - 1] not in _OTHER_LINE_ENDS)

    def cell_at(self, line: int) -> tuple[Cell, int] | None:
        """The cell that holds a line of the file and the line within it."""
        for cell in reversed(self.cells):
            if line >= cell.line:
                return cell, line - cell.line + 1
        return None

    def obstacle(self, edits: Sequence[Edit]) -> str:
        """Why edits cannot be made: every edit can."""
        return ""

    def replacements(self, edits: Sequence[CellEdit]) -> list[Replacement]:
        """The changes of the text that edits of one fix ask for."""
        return [self.replacement(edit) for edit in edits]

    def replacement(self, edit: CellEdit) -> Replacement:
        """The change of the text that an edit asks for."""
        match edit:
            case TextEdit():
                start = self.cells[edit.cell].start
                return Replacement(start + edit.start, start + edit.end, edit.text)
            case MetadataEdit():
                return self._metadata(edit)
            case MetadataRemoval():
                return self._without(edit)
            case SplitCell():
                return self._split(edit)
            case InsertCell():
                return self._insertion(edit)
            case RemoveCell():
                return self._removal(edit)

    def _metadata(self, edit: MetadataEdit) -> Replacement:
        cell = self.cells[edit.cell]
        if _is_header(cell):
            raise UnsoundEdit("adds metadata to the header of the script, which is no marked cell")
        if cell.marker is None:
            marker = new_marker("code", {**cell.metadata, edit.key: edit.value})
            return Replacement(cell.block_start, cell.block_start, marker + "\n")
        text = with_option(cell.marker, edit.key, edit.value)
        if as_mapping(read_marker(text).options).get(edit.key) != edit.value:
            raise UnsoundEdit(f"adds metadata that the marker `{cell.marker.text}` cannot hold")
        return Replacement(cell.block_start, cell.block_start + len(cell.marker.text), text)

    def _without(self, edit: MetadataRemoval) -> Replacement:
        cell, key = self.cells[edit.cell], edit.key
        if cell.marker is None:
            raise UnsoundEdit("takes metadata from a cell that has no marker")
        text = without_option(cell.marker, key)
        if key in as_mapping(read_marker(text).options):
            raise UnsoundEdit(f"takes metadata out of the marker `{cell.marker.text}` in vain")
        return Replacement(cell.block_start, cell.block_start + len(cell.marker.text), text)

    def _split(self, edit: SplitCell) -> Replacement:
        cell = self.cells[edit.cell]
        before = cell.source[: edit.offset].rstrip()
        head = f"\n\n{new_marker('code', edit.metadata)}\n{edit.head}"
        return Replacement(cell.start + len(before), cell.start + edit.offset, head)

    def _insertion(self, edit: InsertCell) -> Replacement:
        block = f"{new_marker(edit.kind, edit.metadata)}\n{edit.source}\n"
        at = self.cells[edit.after].block_end if edit.after >= 0 else self._first_block()
        if at < len(self.text):
            return Replacement(at, at, block + "\n")
        tail = len(self.text) - len(self.text.rstrip("\n"))
        return Replacement(at, at, "\n" * max(0, 2 - tail) + block)

    def _removal(self, edit: RemoveCell) -> Replacement:
        """The cell's lines; for the last cell also the blank lines that part it from the others."""
        cell = self.cells[edit.cell]
        start = cell.block_start
        if cell.block_end == len(self.text) and edit.cell:
            start = min(start, self.cells[edit.cell - 1].end + 1)
        return Replacement(start, cell.block_end, "")

    def _first_block(self) -> int:
        """Where a cell goes that is to be the first: behind the header."""
        if not self.cells:
            return len(self.text)
        first = self.cells[0]
        return first.block_end if _is_header(first) else first.block_start


def _is_header(cell: Cell) -> bool:
    return cell.kind == "raw" and cell.marker is None
