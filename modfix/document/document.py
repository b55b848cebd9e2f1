"""A document: the cells of one file, and what edits make of its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from modfix.document.cell import Cell
from modfix.document.edit import (
    CellEdit,
    Edit,
    FileEdit,
    InsertCell,
    Replacement,
    SplitCell,
    TextEdit,
    UnsoundEdit,
)
from modfix.document.folder import Folder
from modfix.document.json_text import JsonFault
from modfix.document.layout import Layout
from modfix.document.notebook_layout import NotebookLayout
from modfix.document.percent_layout import PercentLayout
from modfix.document.source import Source, decode, encode
from modfix.document.text_formats import READ_AS, script_format
from modfix.errors import ModfixError

NOTEBOOK = ".ipynb"


@dataclass(frozen=True, slots=True)
class Document:
    """One module file as text and cells. Reading and `to_bytes` give the same bytes.

    `folder` is what stands beside the file: nothing for text that comes from nowhere (stdin).
    """

    path: Path
    source: Source
    layout: Layout
    folder: Folder = field(default_factory=Folder, repr=False, compare=False)

    @classmethod
    def from_bytes(cls, path: Path, data: bytes, folder: Folder | None = None) -> Document:
        """Read a script, or a notebook by its suffix: `.ipynb`, or one of jupytext's.

        Raises ModfixError for what is neither.
        """
        source = decode(data, where=str(path), declared=_declares(path))
        return cls(path, source, _layout(path, source.text), folder or Folder())

    @staticmethod
    def bytes_of(path: Path, text: str) -> bytes:
        """The bytes of a text that is to be saved as `path`; raises as `source.encode`."""
        return encode(text, where=str(path), declared=_declares(path))

    @property
    def is_notebook(self) -> bool:
        """Whether it is an `.ipynb` rather than text."""
        return self.path.suffix == NOTEBOOK

    @property
    def is_python(self) -> bool:
        """Whether the file, as it stands, is a Python program."""
        return not self.is_notebook and self.path.suffix not in READ_AS

    @property
    def is_percent(self) -> bool:
        """Whether it is a script whose cells have markers."""
        return isinstance(self.layout, PercentLayout)

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

    def obstacle(self, edits: Sequence[Edit]) -> str:
        """Why the edits of a fix cannot be made in a file of this format, or ""."""
        return self.layout.obstacle(edits)

    def replacements(self, edits: Iterable[Edit]) -> list[Replacement]:
        """What the edits come down to in the text, sorted by place.

        Raises UnsoundEdit for a place that does not exist and for edits that overlap.
        """
        every = list(edits)
        wanted = [self._in_file(edit) for edit in every if isinstance(edit, FileEdit)]
        wanted += self.layout.replacements(
            [self._placed(edit) for edit in every if not isinstance(edit, FileEdit)]
        )
        found = sorted(wanted, key=lambda each: (each.start, each.end))
        for first, second in pairwise(found):
            if second.start < first.end:
                raise UnsoundEdit("changes the same text twice")
        return found

    def _in_file(self, edit: FileEdit) -> Replacement:
        if not 0 <= edit.start <= edit.end <= len(self.text):
            raise UnsoundEdit("names text that the file does not have")
        return Replacement(edit.start, edit.end, edit.text)

    def _placed(self, edit: CellEdit) -> CellEdit:
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
        return Document(self.path, source, _layout(self.path, source.text), self.folder)


def _declares(path: Path) -> bool:
    """Whether a file of this name says its encoding itself."""
    return path.suffix not in (NOTEBOOK, *READ_AS)


def _layout(path: Path, text: str) -> Layout:
    if path.suffix == NOTEBOOK:
        return _notebook(path, text)
    if path.suffix in READ_AS:
        return _text_notebook(path, text, READ_AS[path.suffix])
    if script_format(text):
        return _text_notebook(path, text, ".py")
    return PercentLayout.read(text)


def _notebook(path: Path, text: str) -> Layout:
    try:
        return NotebookLayout.read(text)
    except JsonFault as fault:
        line = text.count("\n", 0, fault.at) + 1
        raise ModfixError(
            f"this is not a notebook that can be read: {fault.message}",
            where=f"{path}:{line}",
            todo=fault.todo,
        ) from None


def _text_notebook(path: Path, text: str, suffix: str) -> Layout:
    from modfix.document.text_layout import TextLayout
    from modfix.document.text_notebook import UnreadableText

    try:
        return TextLayout.read(text, suffix)
    except UnreadableText as error:
        raise ModfixError(
            f"this is not a text notebook that can be read: {error}", where=str(path)
        ) from None
