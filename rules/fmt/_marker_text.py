"""The nbgrader metadata on a marker line as text: where it begins, where it ends, what follows."""

from __future__ import annotations

import json
import re

from msgspec import Struct

from modfix.document.marker import UNREADABLE, read_marker
from modfix.nbgrader.kinds import KEY
from modfix.nbgrader.unseen import is_nearly
from modfix.rule import Cell

from ._loose_metadata import read_loosely

_NAME = r"[\"'“”]?(?P<name>[A-Za-z][\w.-]*)[\"'“”]?"
_KEY = re.compile(rf"(?<![\w.\"'“”]){_NAME}\s*(?::=|=>|==|=|:)?\s*(?=dict\(|[{{(\[\"'])")
_IN_OBJECT = re.compile(rf"\{{\s*{_NAME}\s*(?:=>|=|:)\s*(?=dict\(|[{{(\[])")
_CLOSING = re.compile(r"\s*\}")
_AT_THE_END = re.compile(r"[\s,;})\]]*$")
_DECODER = json.JSONDecoder()


class MarkerText(Struct, frozen=True):
    """The metadata of a marker: its offsets with the key, and the value. `in_object` says that it
    stands in the older form, one object with the key in it; `name` is the key as it is written."""

    cell: Cell
    line: str
    start: int
    end: int
    value: dict[str, object]
    in_object: bool = False
    name: str = KEY

    @property
    def tail(self) -> str:
        """What stands behind it."""
        return self.line[self.end :]

    @property
    def written(self) -> str:
        """The metadata as it should be written."""
        value = json.dumps(self.value, ensure_ascii=False)
        return f'{{"{KEY}": {value}}}' if self.in_object else f"{KEY}={value}"


def reads(line: str, value: dict[str, object]) -> bool:
    """Whether a marker line has this nbgrader metadata and nothing that cannot be read."""
    options = {option.key: option.value for option in read_marker(line).options}
    return UNREADABLE not in options and options.get(KEY) == value


def marker_text(cell: Cell) -> MarkerText | None:
    """The metadata on one marker line, or None."""
    assert cell.marker is not None
    line = cell.marker.text
    for match in _IN_OBJECT.finditer(line):
        if is_nearly(match["name"]):
            return _in_object(cell, match)
    near = [match for match in _KEY.finditer(line) if is_nearly(match["name"])]
    found = _value(line, near[0].end()) if near else None
    if found is None:
        return None
    match, (value, end) = near[0], found
    return MarkerText(cell, line, match.start(), _to_the_end(line, end), value, name=match["name"])


def _in_object(cell: Cell, match: re.Match[str]) -> MarkerText | None:
    line = match.string
    found = _value(line, match.end())
    if found is None:
        return None
    value, end = found
    closing = _CLOSING.match(line, end)
    if closing is None and line[end:].strip():
        return None
    end = closing.end() if closing else len(line)
    return MarkerText(cell, line, match.start(), _to_the_end(line, end), value, True, match["name"])


def _to_the_end(line: str, end: int) -> int:
    """The end of the metadata, with what was closed or separated once too often behind it."""
    return len(line) if _AT_THE_END.match(line, end) else end


def _value(line: str, at: int) -> tuple[dict[str, object], int] | None:
    try:
        value, end = _DECODER.raw_decode(line, at)
    except (json.JSONDecodeError, RecursionError):
        return read_loosely(line, at)
    return (value, end) if isinstance(value, dict) else read_loosely(line, at)
