"""Which lines of a script begin inside a string.

A `# %%` inside a triple-quoted string is text, not a marker. The judgement is jupytext's own
(`stringparser.StringParser`), quirks included, because what jupytext takes for a cell is a cell.
"""

from __future__ import annotations


class QuoteTracker:
    """Reads lines in order and knows whether the next one begins inside a string."""

    __slots__ = ("quote",)

    def __init__(self) -> None:
        self.quote = ""

    def read(self, line: str) -> None:
        """Take one line into account."""
        if '"' not in line and "'" not in line:
            return
        if not self.quote and line.lstrip().startswith("#"):
            return
        self.quote = _after(line, self.quote)


def _after(line: str, triple: str) -> str:
    """The kind of triple quote that is open after `line`, when `triple` was open before it."""
    single, last_triple = "", -1
    for at, char in enumerate(line):
        if char == "#" and not single and not triple:
            break
        if char not in "\"'" or line[at - 1 : at] == "\\":
            continue
        if single:
            single = "" if single == char else single
        elif line[at - 2 : at + 1] == 3 * char and at >= last_triple + 3:
            if triple in ("", char):
                triple, last_triple = ("" if triple else char), at
        elif not triple:
            single = char
    return triple
