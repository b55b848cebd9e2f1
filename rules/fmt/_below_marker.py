"""nbgrader metadata that stands in a cell as a comment, where nobody reads it."""

from __future__ import annotations

import re

from msgspec import Struct

from modfix.document.marker_options import literal
from modfix.nbgrader.schema import KNOWN
from modfix.rule import Cell

from ._loose_metadata import read_loosely

_LINE = re.compile(r"#+[ \t]*(?:%%[ \t]*)?nbgrader[ \t]*[=:][ \t]*(\{.*)$")


class BelowMarker(Struct, frozen=True):
    """The line's offsets in the source and the metadata in it, None where it cannot be read."""

    start: int
    end: int
    value: dict[str, object] | None


def metadata_below(cell: Cell) -> BelowMarker | None:
    """The first comment `# nbgrader={…}` at the top of a cell, or None."""
    if "nbgrader" not in cell.source:
        return None
    at = 0
    for line in cell.source.split("\n"):
        match = _LINE.match(line)
        if match and any(key in match[1] for key in KNOWN):
            return BelowMarker(at, at + len(line), _value(match[1]))
        if line.strip() and not line.startswith("#"):
            return None
        at += len(line) + 1
    return None


def _value(text: str) -> dict[str, object] | None:
    try:
        value = literal(text)
    except ValueError:
        loose = read_loosely(text, 0)
        return loose[0] if loose is not None and not text[loose[1] :].strip() else None
    return value if isinstance(value, dict) else None
