"""Which lines of a script begin inside a string.

A `# %%` inside a triple-quoted string is text, not a marker. The judgement is jupytext's own
(`stringparser.StringParser`), quirks included, because what jupytext takes for a cell is a cell.
"""

from __future__ import annotations

import re
from functools import cache

from modfix.document.languages import COMMENTS


class QuoteTracker:
    """Reads lines in order and knows whether the next one begins inside a string.

    `language` is the language of the lines; for R and for none at all, nothing is a string.
    """

    __slots__ = ("_comment", "_ignored", "quote")

    def __init__(self, language: str | None = "python") -> None:
        self.quote = ""
        self._ignored = language is None or language == "R"
        self._comment = COMMENTS.get(language or "", "")

    def read(self, line: str) -> None:
        """Take one line into account."""
        if '"' not in line and "'" not in line:
            return
        if self._ignored:
            return
        if not self.quote and self._comment and line.lstrip().startswith(self._comment):
            return
        self.quote = _after(line, self.quote, self._comment)


@cache
def _landmarks(comment: str) -> re.Pattern[str]:
    return re.compile(r"[\"']" + (f"|{re.escape(comment)}" if comment else ""))


def _after(line: str, triple: str, comment: str) -> str:
    """The kind of triple quote that is open after `line`, when `triple` was open before it."""
    single, last_triple = "", -1
    for match in _landmarks(comment).finditer(line):
        at, char = match.start(), match[0]
        if char == comment:
            if not single and not triple:
                break
            continue
        if line[at - 1 : at] == "\\":
            continue
        if single:
            single = "" if single == char else single
        elif line[at - 2 : at + 1] == 3 * char and at >= last_triple + 3:
            if triple in ("", char):
                triple, last_triple = ("" if triple else char), at
        elif not triple:
            single = char
    return triple
