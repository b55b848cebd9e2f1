"""On which line of a TOML file a key stands: tomllib does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator

Keys = tuple[str, ...]

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_TABLE = re.compile(rf"\s*\[({_DOTTED})\]")
_ARRAY = re.compile(rf"\s*\[\[({_DOTTED})\]\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")
_FENCE = re.compile(r'"""|' + "'''")


def key_lines(text: str) -> dict[Keys, int]:
    """The line (from 1) of each key and table of a TOML text, the first where one comes twice.

    The elements of an array of tables are named by their numbers. Keys inside an inline table
    are not listed: they stand on its line.
    """
    found: dict[Keys, int] = {}
    table: Keys = ()
    counts: dict[Keys, int] = {}
    for number, line in _outside_strings(text):
        if match := _ARRAY.match(line):
            name = _parts(match[1])
            counts[name] = counts.get(name, -1) + 1
            found.setdefault(name, number)
            table = (*name, str(counts[name]))
            found[table] = number
        elif match := _TABLE.match(line):
            table = _parts(match[1])
            found.setdefault(table, number)
        elif match := _KEY.match(line):
            found.setdefault((*table, *_parts(match[1])), number)
    return found


def line_of(text: str, keys: Keys) -> int | None:
    """The line of a key, or of the nearest table around it; None for one that is not there."""
    lines = key_lines(text)
    for length in range(len(keys), 0, -1):
        if keys[:length] in lines:
            return lines[keys[:length]]
    return None


def _outside_strings(text: str) -> Iterator[tuple[int, str]]:
    """The lines that do not begin inside a string of several lines, with their numbers."""
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not fence:
            yield number, line
        for mark in _FENCE.findall(line):
            if not fence:
                fence = mark
            elif mark == fence:
                fence = ""


def _parts(dotted: str) -> Keys:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
