"""The edits that make one text of another: whole lines, and within a single line what differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from lsprotocol.types import Range, TextEdit

from modfix.server.lines import Lines

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_MOST = 4000  # lines that are compared one by one; comparing more takes longer than people wait


def differing(lines: Lines, after: str) -> list[TextEdit]:
    """The edits of the text of `lines`, in order; none where the two are the same."""
    found = []
    for start, end, text in _replacements(lines.text, after):
        start, end, text = _trimmed(lines.text, start, end, text)
        found.append(TextEdit(Range(lines.at(start), lines.at(end)), text))
    return found


def _replacements(before: str, after: str) -> Iterator[tuple[int, int, str]]:
    """What is replaced, line by line: offsets in `before`, and the text that goes there."""
    old, new = _LINES.findall(before), _LINES.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    old_rest, new_rest = old[head : len(old) - tail], new[head : len(new) - tail]
    at = sum(map(len, old[:head]))
    if len(old_rest) + len(new_rest) > _MOST:
        yield at, at + sum(map(len, old_rest)), "".join(new_rest)
        return
    for kind, first, last, begin, end in SequenceMatcher(
        None, old_rest, new_rest, autojunk=False
    ).get_opcodes():
        length = sum(map(len, old_rest[first:last]))
        if kind != "equal":
            yield at, at + length, "".join(new_rest[begin:end])
        at += length


def _trimmed(before: str, start: int, end: int, text: str) -> tuple[int, int, str]:
    """The replacement without what stays the same at its two ends, where it is of one line.

    A cursor in the rest of the line then stays where it is.
    """
    old = before[start:end]
    if old.count("\n") > 1 or text.count("\n") > 1 or "\r" in old + text:
        return start, end, text
    head = _alike(old, text)
    tail = _alike(old[head:][::-1], text[head:][::-1])
    return start + head, end - tail, text[head : len(text) - tail]


def _alike(first: Sequence[str], second: Sequence[str]) -> int:
    """How many items at the beginning are the same."""
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
