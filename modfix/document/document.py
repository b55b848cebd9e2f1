"""A document: the cells of one file, and what edits make of its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from modfix.document.cell import Cell
from modfix.document.edit import (
    Edit,
    InsertCell,
    MetadataEdit,
    RemoveCell,
    Replacement,
    SplitCell,
    TextEdit,
)
from modfix.document.marker import new_marker, with_option
from modfix.document.percent import read_cells
from modfix.document.source import Source, decode


@dataclass(frozen=True, slots=True)
class Document:
    """One module file as text and cells. Reading and `to_bytes` give the same bytes."""

    path: Path
    source: Source
    cells: tuple[Cell, ...]

    @classmethod
    def from_bytes(cls, path: Path, data: bytes) -> Document:
        """Read a percent script. Raises ModfixError for what is not text."""
        source = decode(data, where=str(path))
        return cls(path, source, read_cells(source.text))

    @property
    def text(self) -> str:
        """The whole text, every line end as `\\n`."""
        return self.source.text

    def to_bytes(self) -> bytes:
        """The bytes of the file."""
        return self.source.to_bytes()

    def place(self, cell: int, offset: int | None) -> tuple[int, int, int]:
        """Where an offset in a cell stands: line of the file, column, line of the cell; from 1.

        None means the cell's marker, whose line in the cell is 0 (for code before the first
        marker, the cell's first line).
        """
        at = self.cells[cell]
        if offset is None:
            return (at.line, 1, 1) if at.marker is None else (at.line - 1, 1, 0)
        before = at.source[:offset]
        line = before.count("\n")
        return at.line + line, offset - (before.rfind("\n") + 1) + 1, line + 1

    def cell_at(self, line: int) -> tuple[Cell, int] | None:
        """The cell that holds a line of the file (from 1) and the line within it (from 1)."""
        for cell in reversed(self.cells):
            if line >= cell.line:
                return cell, line - cell.line + 1
        return None

    def replacements(self, edits: Iterable[Edit]) -> list[Replacement]:
        """What the edits come down to in the text, sorted by place."""
        return sorted(self._replacement(edit) for edit in edits)

    def edited(self, replacements: Sequence[Replacement]) -> Document:
        """The document after replacements that are sorted and do not overlap."""
        source = self.source.splice(replacements)
        return Document(self.path, source, read_cells(source.text))

    def _replacement(self, edit: Edit) -> Replacement:
        match edit:
            case TextEdit():
                start = self.cells[edit.cell].start
                return Replacement(start + edit.start, start + edit.end, edit.text)
            case MetadataEdit():
                return self._metadata(edit)
            case SplitCell():
                return self._split(edit)
            case InsertCell():
                return self._insertion(edit)
            case RemoveCell():
                cell = self.cells[edit.cell]
                return Replacement(cell.block_start, cell.block_end, "")

    def _metadata(self, edit: MetadataEdit) -> Replacement:
        cell = self.cells[edit.cell]
        if cell.marker is None:
            marker = new_marker("code", {**cell.metadata, edit.key: edit.value})
            return Replacement(cell.block_start, cell.block_start, marker + "\n")
        text = with_option(cell.marker, edit.key, edit.value)
        return Replacement(cell.block_start, cell.block_start + len(cell.marker.text), text)

    def _split(self, edit: SplitCell) -> Replacement:
        cell = self.cells[edit.cell]
        before = cell.source[: edit.offset].rstrip()
        marker = new_marker("code", edit.metadata)
        head = f"\n\n{marker}\n{edit.head}"
        return Replacement(cell.start + len(before), cell.start + edit.offset, head)

    def _insertion(self, edit: InsertCell) -> Replacement:
        block = f"{new_marker(edit.kind, edit.metadata)}\n{edit.source}\n"
        at = self.cells[edit.after].block_end if edit.after >= 0 else self._first_block()
        if at < len(self.text):
            return Replacement(at, at, block + "\n")
        tail = len(self.text) - len(self.text.rstrip("\n"))
        return Replacement(at, at, "\n" * max(0, 2 - tail) + block)

    def _first_block(self) -> int:
        return self.cells[0].block_start if self.cells else len(self.text)
