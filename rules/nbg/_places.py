"""Where a marker stands in a cell: on a line of its own, among words, or in a string.

nbgrader does not ask; a person who reads the finding does.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import Literal

from modfix.nbgrader.kinds import is_grade, is_solution, is_task
from modfix.nbgrader.regions import RegionKind, RegionMarker
from modfix.rule import Cell

Place = Literal["marker", "words", "string"]

# A string, open to the end of its line or of the text where its end is missing, or a comment.
_TOKEN = re.compile(
    r"(\"\"\"|''')(?:\\.|[^\\])*?(?:\1|\Z)|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?|#[^\n]*",
    re.DOTALL,
)
_FENCE = re.compile(r"^\s*(?:#\s?)?(?:```|~~~)", re.MULTILINE)
_QUOTES = "`\"'“‘«"
_OF_ITS_KIND = {"solution": is_solution, "hidden tests": is_grade, "mark scheme": is_task}


class Places:
    """The strings and comments of one Python source, from one search that counts as no parse."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.spans = [match.span() for match in _TOKEN.finditer(source)]
        self._starts = [start for start, _ in self.spans]

    def token(self, offset: int) -> tuple[int, int] | None:
        """The string or comment that an offset lies in."""
        number = bisect_right(self._starts, offset) - 1
        if number < 0 or offset >= self.spans[number][1]:
            return None
        return self.spans[number]

    def in_string(self, offset: int) -> bool:
        """Whether an offset lies in a string."""
        token = self.token(offset)
        return token is not None and self.source[token[0]] != "#"


def of_its_kind(cell: Cell, kind: RegionKind) -> bool:
    """Whether nbgrader takes regions of a kind in the cell."""
    return _OF_ITS_KIND[kind](cell.nbgrader)


def place_in_python(marker: RegionMarker, places: Places) -> Place:
    """Where a marker of a Python cell stands."""
    if places.in_string(marker.at):
        return "string"
    token = places.token(marker.at)
    start = marker.start if token is None else max(token[0], marker.start)
    return "words" if _says_something(places.source[start : marker.at]) else "marker"


def place_in_text(marker: RegionMarker, cell: Cell) -> Place:
    """Where a marker of prose, or of a cell in another language, stands."""
    before = cell.source[marker.start : marker.at]
    if _says_something(before) or before.rstrip("#-*= ").endswith(tuple(_QUOTES)):
        return "words"
    if cell.kind == "code" or of_its_kind(cell, marker.kind):
        return "marker"
    if not marker.alone:
        return "words"
    fences = bisect_left(_fences(cell.source), marker.start)
    return "marker" if fences % 2 == 0 else "words"


@lru_cache(maxsize=1)
def _fences(source: str) -> list[int]:
    """Where the fences of a text are. PERF: every marker in it asks."""
    return [match.end() - 1 for match in _FENCE.finditer(source)]


def _says_something(text: str) -> bool:
    return any(char.isalnum() for char in text)
