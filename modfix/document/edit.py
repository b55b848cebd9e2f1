"""Edits: what a fix may do to a document, in the words of cells rather than of files.

An edit names a cell by its index and a place by its offset in that cell's source, so that the same
edit serves a percent script and a notebook. `Replacement` is what the edits of one document come
down to: a range of the document's text and what stands there afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from modfix.document.cell import CellKind


class UnsoundEdit(ValueError):
    """An edit whose place does not exist, or edits of one fix that touch each other."""


class TextEdit(Struct, frozen=True):
    """Replace `source[start:end]` of a cell by `text` (an insertion where start equals end)."""

    cell: int
    start: int
    end: int
    text: str


class MetadataEdit(Struct, frozen=True):
    """Set one metadata key of a cell; every other key, the title and their order stay."""

    cell: int
    key: str
    value: Mapping[str, object] | list[object] | str | float | bool | None


class MetadataRemoval(Struct, frozen=True):
    """Take one metadata key of a cell away; everything else stays."""

    cell: int
    key: str


class SplitCell(Struct, frozen=True):
    """Begin a new code cell at `offset`, the start of a line of the cell's source.

    What stands before keeps the old marker and metadata; what follows gets `metadata` and the
    lines of `head` (directives, say) before it.
    """

    cell: int
    offset: int
    metadata: Mapping[str, object] = field(default_factory=dict)
    head: str = ""


class InsertCell(Struct, frozen=True):
    """Insert a cell after the cell with index `after` (-1: before the first)."""

    after: int
    source: str
    metadata: Mapping[str, object] = field(default_factory=dict)
    kind: CellKind = "code"


class RemoveCell(Struct, frozen=True):
    """Remove a cell with its marker."""

    cell: int


class FileEdit(Struct, frozen=True):
    """Replace `text[start:end]` of the file by `text`, outside of the cells' sources.

    For what no cell holds: a script's header and marker lines, a notebook's own metadata.
    """

    start: int
    end: int
    text: str


CellEdit = TextEdit | MetadataEdit | MetadataRemoval | SplitCell | InsertCell | RemoveCell
Edit = CellEdit | FileEdit


class Replacement(Struct, frozen=True, order=True):
    """Replace `text[start:end]` of a document by `text`."""

    start: int
    end: int
    text: str

    def overlaps(self, other: Replacement) -> bool:
        """Whether both touch the same text; two insertions at one point count as touching."""
        if self.start == other.start:
            return True
        first, second = (self, other) if self.start < other.start else (other, self)
        return second.start < first.end
