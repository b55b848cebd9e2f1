"""What a cell is: kind, source, metadata and its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

CellKind = Literal["code", "markdown", "raw"]


class Option(Struct, frozen=True):
    """One `key=value` of a marker line; `start` and `end` are offsets of the value in the line.

    `python` says that it stands in a Python dictionary, where JSON's `true` would be a name.
    """

    key: str
    value: object
    start: int
    end: int
    python: bool = False

    @property
    def bare(self) -> bool:
        """Whether it is a key without a value; its place is then the key's end."""
        return self.start == self.end


class Marker(Struct, frozen=True):
    """A `# %%` line, read.

    `text` is the line without its line end; `json_style` marks the older form that carries one
    JSON object (`# %% {"nbgrader": {...}}`), whose members are the options. `depth` is that of a
    sub-cell (`# %%%` is 1).
    """

    text: str
    kind: CellKind
    title: str
    options: tuple[Option, ...]
    json_style: bool = False
    depth: int = 0


class Cell(Struct, frozen=True):
    """One cell of a document.

    `source` holds the lines as they stand in the file, joined by newlines, without the blank
    lines that only separate it from the next cell. `start` and `end` are the offsets of `source`
    in the text of the document, `block_start` and `block_end` those of the whole cell with its
    marker and the separating blank lines. `line` is the file's line (from 1) of the first line of
    `source`; `marker` is None for code before the first marker and in notebooks, where
    `notebook_id` is the cell's own id.
    """

    index: int
    kind: CellKind
    source: str
    metadata: Mapping[str, object]
    line: int
    start: int
    end: int
    block_start: int
    block_end: int
    marker: Marker | None
    notebook_id: str | None = None

    @property
    def nbgrader(self) -> Mapping[str, object] | None:
        """The cell's nbgrader metadata, or None where it has none that is a mapping."""
        value = self.metadata.get("nbgrader")
        return value if isinstance(value, dict) else None

    @property
    def id(self) -> str | None:
        """The name that nbgrader knows the cell by (`grade_id`), else the notebook's, or None."""
        grade_id = (self.nbgrader or {}).get("grade_id")
        return grade_id if isinstance(grade_id, str) and grade_id else self.notebook_id
