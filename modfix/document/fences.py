"""Fenced blocks in the prose of a script, in which `%%` begins no cell (a mermaid diagram).

The rules are those of jupytext's `_opening_fence` and `_closes_fence`: a block counts as one when
any later line of the file closes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")

Fence = tuple[str, int]  # its character and how many of it


class Fences:
    """The fences among the lines of a script, their comment signs taken off."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def opened(self, number: int) -> Fence | None:
        """The fence that opens a block on a line, if a later line closes that."""
        match = self._match(number)
        if match is None or (match[1][0] == "`" and "`" in match[2]):
            return None
        char, length = match[1][0], len(match[1])
        return (char, length) if self._longest_closing[char][number + 1] >= length else None

    def closes(self, number: int, fence: Fence) -> bool:
        """Whether a line closes the block that a fence opened."""
        match = self._match(number)
        if match is None or match[1][0] != fence[0] or match[2].strip():
            return False
        return len(match[1]) >= fence[1]

    def _match(self, number: int) -> re.Match[str] | None:
        line = self._lines[number]
        if "```" not in line and "~~~" not in line:
            return None
        return _FENCE.match(line)

    @cached_property
    def _longest_closing(self) -> dict[str, list[int]]:
        """For each fence character the longest closing fence from each line on."""
        longest = {char: [0] * (len(self._lines) + 1) for char in "`~"}
        for number in range(len(self._lines) - 1, -1, -1):
            for each in longest.values():
                each[number] = each[number + 1]
            match = self._match(number)
            if match is not None and not match[2].strip():
                from_here = longest[match[1][0]]
                from_here[number] = max(from_here[number], len(match[1]))
        return longest
