"""A document: the cells of one file, and what edits make of its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from modfix.document.cell import Cell
from modfix.document.edit import Edit, InsertCell, Replacement, SplitCell, TextEdit, UnsoundEdit
from modfix.document.json_text import JsonFault
from modfix.document.layout import Layout
from modfix.document.notebook_layout import NotebookLayout
from modfix.document.percent_layout import PercentLayout
from modfix.document.source import Source, decode
from modfix.errors import ModfixError

NOTEBOOK = ".ipynb"


@dataclass(frozen=True, slots=True)
class Document:
    """One module file as text and cells. Reading and `to_bytes` give the same bytes."""

    path: Path
    source: Source
    layout: Layout

    @classmethod
    def from_bytes(cls, path: Path, data: bytes) -> Document:
        """Read a percent script, or a notebook by its suffix `.ipynb`.

        Raises ModfixError for what is neither.
        """
        notebook = path.suffix == NOTEBOOK
        source = decode(data, where=str(path), declared=not notebook)
        return cls(path, source, _layout(path, source.text))

    @property
    def is_notebook(self) -> bool:
        """Whether it is an `.ipynb` rather than a script."""
        return self.path.suffix == NOTEBOOK

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, in order."""
        return self.layout.cells

    @property
    def text(self) -> str:
        """The whole text of the file, every line end as `\\n`."""
        return self.source.text

    def to_bytes(self) -> bytes:
        """The bytes of the file."""
        return self.source.to_bytes()

    def place(self, cell: int, offset: int | None) -> tuple[int, int, int]:
        """Where an offset in a cell stands: line of the file, column, line of the cell; from 1.

        None means the cell's marker, whose line in the cell is 0 (for code before the first
        marker, the cell's first line).
        """
        return self.layout.place(cell, offset)

    def cell_at(self, line: int) -> tuple[Cell, int] | None:
        """The cell that holds a line of the file (from 1) and the line within it (from 1)."""
        return self.layout.cell_at(line)

    def obstacle(self, edit: Edit) -> str:
        """Why an edit cannot be made in a file of this format, or ""."""
        return self.layout.obstacle(edit)

    def replacements(self, edits: Iterable[Edit]) -> list[Replacement]:
        """What the edits come down to in the text, sorted by place.

        Raises UnsoundEdit for a place that does not exist and for edits that overlap.
        """
        wanted = [self.layout.replacement(self._placed(edit)) for edit in edits]
        found = sorted(wanted, key=lambda each: (each.start, each.end))
        for first, second in pairwise(found):
            if second.start < first.end:
                raise UnsoundEdit("changes the same text twice")
        return found

    def _placed(self, edit: Edit) -> Edit:
        """The edit, if the place that it names exists."""
        if isinstance(edit, InsertCell):
            exists = -1 <= edit.after < len(self.cells)
        else:
            exists = 0 <= edit.cell < len(self.cells)
        if not exists:
            raise UnsoundEdit("names a cell that the module does not have")
        length = 0 if isinstance(edit, InsertCell) else len(self.cells[edit.cell].source)
        if isinstance(edit, TextEdit) and not 0 <= edit.start <= edit.end <= length:
            raise UnsoundEdit(f"names text that cell {edit.cell} does not have")
        if isinstance(edit, SplitCell) and not 0 <= edit.offset <= length:
            raise UnsoundEdit(f"splits cell {edit.cell} beyond its end")
        return edit

    def edited(self, replacements: Sequence[Replacement]) -> Document:
        """The document after replacements that are sorted and do not overlap."""
        source = self.source.splice(replacements)
        return Document(self.path, source, _layout(self.path, source.text))


def _layout(path: Path, text: str) -> Layout:
    if path.suffix != NOTEBOOK:
        return PercentLayout.read(text)
    try:
        return NotebookLayout.read(text)
    except JsonFault as fault:
        line = text.count("\n", 0, fault.at) + 1
        raise ModfixError(
            f"this is not a notebook that can be read: {fault.message}", where=f"{path}:{line}"
        ) from None
