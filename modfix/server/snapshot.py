"""A module as an editor shows it, at one moment: its text, and where things stand in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lsprotocol.types import Range, TextEdit

from modfix.document.document import Document
from modfix.document.edit import Edit
from modfix.document.folder import Folder
from modfix.rule import Finding
from modfix.server.buffer import Buffer
from modfix.server.difference import differing
from modfix.server.lines import Lines
from modfix.server.module_uri import is_on_disk

Edits = Mapping[str, Sequence[TextEdit]]  # by the URI of a document


class Snapshot(Protocol):
    """What a review of a module asks of it, and what its answers are made with."""

    @property
    def uri(self) -> str:
        """The URI of the module."""

    @property
    def path(self) -> Path:
        """The path that it is checked as."""

    @property
    def version(self) -> int:
        """The version of the module."""

    @property
    def versions(self) -> Mapping[str, int | None]:
        """The version of each of its documents, by URI: what diagnostics and edits are of."""

    @property
    def fixes_all(self) -> str:
        """The kind of the action that makes every safe fix."""

    def lines(self, uri: str) -> Lines:
        """The lines of one of its documents."""

    def data(self) -> bytes:
        """The bytes that would be saved. Raises ModfixError where the text has none."""

    def folder(self) -> Folder:
        """What stands beside it."""

    def span(self, document: Document, cell: int, start: int | None, end: int) -> tuple[str, Range]:
        """The document and the range of a place in a cell, None being its marker or metadata."""

    def place(self, document: Document, finding: Finding) -> tuple[str, Range]:
        """The document and the range of a finding."""

    def obstacle(self, edits: Sequence[Edit]) -> str:
        """Why an editor cannot make these edits in what is open, or ""."""

    def edits(self, document: Document, edits: Sequence[Edit]) -> Edits:
        """Edits in the words of the protocol. Raises UnsoundEdit for a place that is not there."""

    def difference(self, before: Document, after: Document) -> Edits:
        """The edits that make one document of the other."""


@dataclass(frozen=True)
class TextSnapshot:
    """A module that is open as text: a script, a text notebook, or the JSON of an `.ipynb`."""

    buffer: Buffer
    path: Path
    fixes_all = "source.fixAll.modfix"

    @property
    def uri(self) -> str:
        """The URI of the module, which is that of its only document."""
        return self.buffer.uri

    @property
    def version(self) -> int:
        """The version of the document."""
        return self.buffer.version

    @property
    def versions(self) -> Mapping[str, int | None]:
        """Its only document."""
        return {self.uri: self.version}

    def lines(self, uri: str) -> Lines:
        """The lines of the document."""
        return self.buffer.lines

    def data(self) -> bytes:
        """The bytes that would be saved."""
        return Document.bytes_of(self.path, self.buffer.text)

    def folder(self) -> Folder:
        """The folder of the file; nothing for a document that has none yet."""
        return Folder(self.path.parent) if is_on_disk(self.uri) else Folder()

    def span(self, document: Document, cell: int, start: int | None, end: int) -> tuple[str, Range]:
        """A range in the text."""
        lines = self.buffer.lines
        line, column, _ = document.place(cell, start)
        if start is None:
            return self.uri, Range(lines.position(line, column), lines.end_of(line))
        last, behind, _ = document.place(cell, end)
        return self.uri, Range(lines.position(line, column), lines.position(last, behind))

    def place(self, document: Document, finding: Finding) -> tuple[str, Range]:
        """The range of a finding."""
        if finding.outside is None:
            end = finding.start or 0 if finding.end is None else finding.end
            return self.span(document, finding.cell, finding.start, end)
        line = document.text.count("\n", 0, finding.outside) + 1
        column = finding.outside - document.text.rfind("\n", 0, finding.outside)
        start = self.buffer.lines.position(line, column)
        return self.uri, Range(start, start)

    def obstacle(self, edits: Sequence[Edit]) -> str:
        """Nothing: all of a file is text."""
        return ""

    def edits(self, document: Document, edits: Sequence[Edit]) -> Edits:
        """The replacements in the text, with the line ends of the document."""
        return self.difference(document, document.edited(document.replacements(edits)))

    def difference(self, before: Document, after: Document) -> Edits:
        """The lines that differ."""
        lines = self.buffer.lines
        return {self.uri: differing(lines, lines.mark + after.source.raw)}
