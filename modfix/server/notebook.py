"""A notebook that is open as cells: each is a document, and together they are the module.

VS Code's form is read: the metadata of a cell hold its `id`, its `attachments` and, as `metadata`,
what the file calls so; the metadata of the notebook likewise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lsprotocol.types import NotebookCell, NotebookCellKind, Range, TextEdit

from modfix.document.document import Document
from modfix.document.edit import Edit
from modfix.document.edit import TextEdit as CellTextEdit
from modfix.document.folder import Folder
from modfix.errors import ModfixError
from modfix.rule import Finding
from modfix.server.buffer import Buffer
from modfix.server.difference import differing
from modfix.server.lines import Lines
from modfix.server.module_uri import is_on_disk
from modfix.server.snapshot import Edits

OBSTACLE = (
    "it changes metadata or the list of cells, which an editor's edits cannot do in a notebook; "
    "save it and run `modfix fix`"
)
_MADE_WITH = {"nbformat": 4, "nbformat_minor": 5}


@dataclass(frozen=True)
class CellSnapshot:
    """One cell: its text, and what the client tells of it."""

    buffer: Buffer
    kind: str
    told: Mapping[str, Any]

    @classmethod
    def of(cls, cell: NotebookCell, buffer: Buffer) -> CellSnapshot:
        """The cell of a client's notebook."""
        kind = "code" if cell.kind == NotebookCellKind.Code else "markdown"
        told: Any = cell.metadata
        mapping = dict(told) if isinstance(told, Mapping) else {}
        return cls(buffer, "raw" if buffer.language == "raw" else kind, mapping)

    @property
    def source(self) -> str:
        """Its text with one newline, as modfix sees it."""
        return self.buffer.text.replace("\r\n", "\n").replace("\r", "\n")

    def as_json(self) -> dict[str, Any]:
        """The cell as an `.ipynb` of format 4 holds it, without outputs, which no client sends."""
        found: dict[str, Any] = {
            "cell_type": self.kind,
            "metadata": _mapping(self.told, "metadata"),
        }
        found |= {key: self.told[key] for key in ("id", "attachments") if key in self.told}
        if self.kind == "code":
            found |= {"execution_count": None, "outputs": []}
        return {**found, "source": self.source}


@dataclass(frozen=True)
class NotebookSnapshot:
    """The cells of a notebook, in order, at one version."""

    uri: str
    path: Path
    version: int
    cells: tuple[CellSnapshot, ...]
    told: Mapping[str, Any]
    fixes_all = "notebook.source.fixAll.modfix"

    @property
    def versions(self) -> Mapping[str, int | None]:
        """The document of each cell."""
        return {cell.buffer.uri: cell.buffer.version for cell in self.cells}

    @cached_property
    def _buffers(self) -> Mapping[str, Buffer]:
        return {cell.buffer.uri: cell.buffer for cell in self.cells}

    def lines(self, uri: str) -> Lines:
        """The lines of a cell."""
        return self._buffers[uri].lines

    def data(self) -> bytes:
        """The cells as an `.ipynb`."""
        whole: dict[str, Any] = {"cells": [cell.as_json() for cell in self.cells]}
        version = {key: self.told.get(key, known) for key, known in _MADE_WITH.items()}
        whole |= {"metadata": _mapping(self.told, "metadata"), **version}
        try:
            return json.dumps(whole, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            char = error.object[error.start]
            raise ModfixError(
                f"`{char}` cannot be written in UTF-8", where=str(self.path)
            ) from None

    def folder(self) -> Folder:
        """The folder of the file; nothing for a notebook that has none yet."""
        return Folder(self.path.parent) if is_on_disk(self.uri) else Folder()

    def span(self, document: Document, cell: int, start: int | None, end: int) -> tuple[str, Range]:
        """A range in the text of a cell; its first line for the metadata, which no text shows."""
        buffer, source = self.cells[cell].buffer, self.cells[cell].source
        if start is None:
            first = buffer.lines.position(1, 1)
            return buffer.uri, Range(first, buffer.lines.end_of(1))
        places = (buffer.lines.position(*_line_and_column(source, at)) for at in (start, end))
        return buffer.uri, Range(*places)

    def place(self, document: Document, finding: Finding) -> tuple[str, Range]:
        """The range of a finding in its cell; of one outside of all cells the first line."""
        start = None if finding.outside is not None else finding.start
        end = start or 0 if finding.end is None else finding.end
        return self.span(document, finding.cell, start, end)

    def obstacle(self, edits: Sequence[Edit]) -> str:
        """Why these edits cannot be made: those of a cell's text can, all others cannot."""
        return "" if all(isinstance(edit, CellTextEdit) for edit in edits) else OBSTACLE

    def edits(self, document: Document, edits: Sequence[Edit]) -> Edits:
        """The edits in the text of the cells."""
        return self.difference(document, document.edited(document.replacements(edits)))

    def difference(self, before: Document, after: Document) -> Edits:
        """The lines that differ, cell by cell: there are as many cells as before."""
        found: dict[str, list[TextEdit]] = {}
        for cell, new in zip(self.cells, after.cells, strict=True):
            if cell.source != new.source:
                lines = cell.buffer.lines
                text = new.source.replace("\n", _newline(cell.buffer.text))
                found[cell.buffer.uri] = differing(lines, lines.mark + text)
        return found


def _mapping(told: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = told.get(key)
    return value if isinstance(value, dict) else {}


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
