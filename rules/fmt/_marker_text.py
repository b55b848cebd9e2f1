"""The nbgrader metadata on a marker line as text: where it begins, where it ends, what follows."""

from __future__ import annotations

import json
import re

from msgspec import Struct

from modfix.document.marker import UNREADABLE, read_marker
from modfix.nbgrader.kinds import KEY
from modfix.rule import Cell

from ._loose_metadata import read_loosely

_KEY = re.compile(r"(?<![\w.])nbgrader\s*=\s*(?=\{)")
_IN_OBJECT = re.compile(r"\{\s*[\"']nbgrader[\"']\s*:\s*(?=\{)")
_CLOSING = re.compile(r"\s*\}")
_DECODER = json.JSONDecoder()


class MarkerText(Struct, frozen=True):
    """The metadata of a marker: its offsets with the key, those of its value, and the value."""

    cell: Cell
    line: str
    start: int
    end: int
    value_start: int
    value_end: int
    value: dict[str, object]

    @property
    def tail(self) -> str:
        """What stands behind it."""
        return self.line[self.end :]


def reads(line: str, value: dict[str, object]) -> bool:
    """Whether a marker line has this nbgrader metadata and nothing that cannot be read."""
    options = {option.key: option.value for option in read_marker(line).options}
    return UNREADABLE not in options and options.get(KEY) == value


def marker_text(cell: Cell) -> MarkerText | None:
    """The metadata on one marker line, or None."""
    assert cell.marker is not None
    line = cell.marker.text
    if match := _IN_OBJECT.search(line):
        found = _value(line, match.end())
        closing = None if found is None else _CLOSING.match(line, found[1])
        if found is None or closing is None:
            return None
        value, end = found
        return MarkerText(cell, line, match.start(), closing.end(), match.end(), end, value)
    match = _KEY.search(line)
    found = _value(line, match.end()) if match else None
    if match is None or found is None:
        return None
    value, end = found
    return MarkerText(cell, line, match.start(), end, match.end(), end, value)


def _value(line: str, at: int) -> tuple[dict[str, object], int] | None:
    try:
        value, end = _DECODER.raw_decode(line, at)
    except (json.JSONDecodeError, RecursionError):
        return read_loosely(line, at)
    return value, end
