"""The text of one document as the editor has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from lsprotocol.types import (
    TextDocumentContentChangeEvent,
    TextDocumentContentChangePartial,
    TextDocumentItem,
)

from modfix.server.lines import Lines


@dataclass(frozen=True)
class Buffer:
    """One text at one version, never the file on disk. `encoding` is that of its columns."""

    uri: str
    version: int
    text: str
    language: str
    encoding: str

    @classmethod
    def of(cls, item: TextDocumentItem, encoding: str) -> Buffer:
        """The document that a client opens."""
        language = str(getattr(item.language_id, "value", item.language_id))
        return cls(item.uri, item.version, item.text, language, encoding)

    @cached_property
    def lines(self) -> Lines:
        """Its lines."""
        return Lines(self.text, self.encoding)

    def changed(self, version: int, changes: Iterable[TextDocumentContentChangeEvent]) -> Buffer:
        """The document after changes, each made in the text that the one before it left."""
        now = self
        for change in changes:
            text = change.text
            if isinstance(change, TextDocumentContentChangePartial):
                start, end = now.lines.span(change.range)
                text = now.text[:start] + text + now.text[end:]
            now = replace(now, version=version, text=text)
        return replace(now, version=version)
