"""Places in a text as the protocol counts them: lines from 0, columns in the client's units.

A line ends with `\\n`, `\\r\\n` or `\\r` and with nothing else (LSP 3.17, "Text Documents"); a
column counts the bytes (UTF-8), code units (UTF-16) or characters (UTF-32) before it.
"""

from __future__ import annotations

import bisect
import re
from functools import cached_property

from lsprotocol.types import Position, Range

_LINE_END = re.compile(r"\r\n|\n|\r")
_MARK = "\ufeff"  # an editor may leave it in the text; modfix's lines begin behind it


class Lines:
    """The lines of a text. `encoding` is one of `utf-8`, `utf-16` and `utf-32`."""

    def __init__(self, text: str, encoding: str) -> None:
        self.text = text
        self.encoding = encoding
        found = [match.span() for match in _LINE_END.finditer(text)]
        self._starts = [0, *(end for _, end in found)]
        self._ends = [*(start for start, _ in found), len(text)]

    @cached_property
    def mark(self) -> str:
        """The byte order mark at the beginning, or ""."""
        return _MARK if self.text.startswith(_MARK) else ""

    def position(self, line: int, column: int) -> Position:
        """The place of a line and a column in characters, both from 1; the nearest that exists."""
        number = min(max(line, 1), len(self._starts)) - 1
        start, end = self._starts[number], self._ends[number]
        before = start + column - 1 + (len(self.mark) if number == 0 else 0)
        return Position(number, self._units(self.text[start : min(before, end)]))

    def at(self, offset: int) -> Position:
        """The place of an offset in the text; one within a line end is the end of its line."""
        number = bisect.bisect_right(self._starts, offset) - 1
        start = self._starts[number]
        return Position(number, self._units(self.text[start : min(offset, self._ends[number])]))

    def end_of(self, line: int) -> Position:
        """The end of what a line (from 1) says, without blanks and line end."""
        number = min(max(line, 1), len(self._starts)) - 1
        return Position(number, self._units(self._line(number).rstrip()))

    def offset(self, position: Position) -> int:
        """The offset in the text of a place; the nearest for one that does not exist."""
        if position.line >= len(self._starts):
            return len(self.text)
        return self._starts[position.line] + self._characters(position)

    def span(self, where: Range) -> tuple[int, int]:
        """The offsets of a range, the smaller first."""
        start, end = self.offset(where.start), self.offset(where.end)
        return min(start, end), max(start, end)

    def _line(self, number: int) -> str:
        return self.text[self._starts[number] : self._ends[number]]

    def _units(self, text: str) -> int:
        if self.encoding == "utf-32" or text.isascii():
            return len(text)
        return sum(map(self._width, text))

    def _width(self, char: str) -> int:
        if self.encoding == "utf-16":
            return 2 if char > "\uffff" else 1
        return len(char.encode("utf-8", "surrogatepass"))

    def _characters(self, position: Position) -> int:
        line = self._line(position.line)
        if self.encoding == "utf-32" or line.isascii():
            return min(position.character, len(line))
        used = 0
        for number, char in enumerate(line):
            used += self._width(char)
            if used > position.character:
                return number
        return len(line)
