"""Where a value of a marker line can begin: what tells that a text is no literal, without a parse.

In JSON and in a Python literal `=` stands nowhere but in strings (and in a comment), strings are
closed and brackets pair. PERF: with this asked first, the work for a line grows with its length;
a parse from each of its `=` takes the square of that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

_LANDMARK = re.compile(r"[=#\\'\"()\[\]{}]")
_STEPS = {**dict.fromkeys("([{", 1), **dict.fromkeys(")]}", -1)}
_ENDS: Mapping[str, re.Pattern[str]] = {
    mark: re.compile(rf"[^\\{mark[0]}]*(?:(?:\\.{more})[^\\{mark[0]}]*)*{mark}", re.DOTALL)
    for mark, more in {"'": "", '"': "", "'''": "|'(?!'')", '"""': '|"(?!"")'}.items()
}


class _Way(Struct, frozen=True):
    """The way from an offset outside of strings to the end of the code: how many brackets it opens
    in all, the lowest count on it, and where it ends (a comment, or the end of the text)."""

    depth: int
    lowest: int
    stop: int


class LiteralEnds:
    """The ends of what may be literals in one text, which ends at an offset.

    Ways from several offsets that come to the same place outside of a string go on as one.
    """

    def __init__(self, text: str, end: int) -> None:
        self._text = text
        self._end = end
        self._known: dict[int, _Way | None] = {}

    def end_of(self, at: int) -> int | None:
        """Where a literal that begins at an offset would end; None where there can be none."""
        way = self._way(at)
        return way.stop if way is not None and way.depth == way.lowest == 0 else None

    def _way(self, at: int) -> _Way | None:
        passed: list[tuple[int, int, int]] = []
        while at not in self._known:
            depth, lowest, following = self._piece(at)
            if following is None:
                break
            passed.append((at, depth, lowest))
            at = following
        way = self._known.get(at)
        for start, depth, lowest in reversed(passed):
            if way is not None:
                way = _Way(depth + way.depth, min(lowest, depth + way.lowest), way.stop)
            self._known[start] = way
        return way

    def _piece(self, at: int) -> tuple[int, int, int | None]:
        """Brackets up to the end of the next string, and that end; None where the way ends."""
        depth = lowest = 0
        for match in _LANDMARK.finditer(self._text, at, self._end):
            mark = match[0]
            if step := _STEPS.get(mark):
                depth += step
                lowest = min(lowest, depth)
            elif mark in ("=", "\\"):
                return self._ended(at, None)
            elif mark == "#":
                return self._ended(at, _Way(depth, lowest, match.start()))
            else:
                end = self._string_end(match.start())
                return self._ended(at, None) if end is None else (depth, lowest, end)
        return self._ended(at, _Way(depth, lowest, self._end))

    def _ended(self, at: int, way: _Way | None) -> tuple[int, int, None]:
        self._known[at] = way
        return 0, 0, None

    def _string_end(self, at: int) -> int | None:
        quote = self._text[at]
        mark = quote * 3 if self._text.startswith(quote * 3, at) else quote
        match = _ENDS[mark].match(self._text, at + len(mark), self._end)
        return match.end() if match else None
