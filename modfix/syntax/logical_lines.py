"""Which lines of Python begin a logical line, without parsing them.

Text that is not Python yet (a cell with magics) cannot be tokenized as a whole; brackets, strings
and backslashes tell all that is asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINE_END = re.compile(r"\r\n|\r|\n")
_LANDMARK = re.compile(r"\\.|'''|\"\"\"|['\"#()\[\]{}]|[!<>=:+\-*/%&|^@]*=+")
_ENDS = {
    quote: re.compile(rf"(?:\\.|(?!{quote}).)*?{quote}", re.DOTALL)
    for quote in ("'''", '"""', "'", '"')
}


def line_starts(text: str) -> list[int]:
    """The offsets of the lines of a text, as Python counts them: a lone `\r` ends one, too."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


class LogicalLines:
    """Reads physical lines in order; `fresh` says that the next one begins a logical line."""

    __slots__ = ("_continued", "_depth", "_quote")

    def __init__(self) -> None:
        self._depth = 0
        self._quote = ""
        self._continued = False

    @property
    def fresh(self) -> bool:
        """Whether the next line begins a logical line."""
        return not (self._depth or self._quote or self._continued)

    def read(self, line: str) -> None:
        """Take one line into account."""
        comment = False
        for at, mark in self._marks(line, 0):
            comment = mark == "#"
            if mark in ("(", "[", "{"):
                self._depth += 1
            elif mark in (")", "]", "}"):
                self._depth = max(0, self._depth - 1)
            elif at < 0:
                self._quote = mark
        ends = line.endswith("\\") and not comment
        if len(self._quote) == 1 and not ends:
            self._quote = ""  # a string that its line does not close is a mistake
        self._continued = ends and not self._quote

    def comment_start(self, line: str) -> int:
        """Where the comment of a fresh line begins, or its length."""
        return next((at for at, mark in self._marks(line, 0) if mark == "#"), len(line))

    def assigned_value(self, line: str) -> int:
        """Where a fresh line goes on behind its first `=` outside of brackets, or -1."""
        depth = 0
        for at, mark in self._marks(line, 0):
            depth += (mark in ("(", "[", "{")) - (mark in (")", "]", "}"))
            if mark == "=" and depth == 0:
                return at + 1
        return -1

    def _marks(self, line: str, at: int) -> Iterator[tuple[int, str]]:
        """Brackets, `=`, and a comment's start, with their places; strings are passed over.

        One that is still open at the end of the line comes last, with the place -1.
        """
        quote = self._quote
        while True:
            if quote:
                end = _ENDS[quote].match(line, at)
                if end is None:
                    yield -1, quote
                    return
                at, quote = end.end(), ""
                if self._quote:
                    self._quote = ""
            match = _LANDMARK.search(line, at)
            if match is None:
                return
            at = match.end()
            if match[0] in _ENDS:
                quote = match[0]
                continue
            yield match.start(), match[0]
            if match[0] == "#":
                return
