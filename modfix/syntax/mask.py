"""IPython lines, hidden from the parser without moving a character.

A cell that is valid Python is never touched: `%` at the start of a continued line is arithmetic.
Only when it does not parse are the lines that IPython would take replaced, each by an expression
and a comment of the same length, so that offsets in tree and text stay equal.
"""

from __future__ import annotations

import re

_LINE = re.compile(r"^(\s*)(%%?[A-Za-z_]|!|\?+[\w.]|,[A-Za-z]|;[A-Za-z]|/[A-Za-z])")
_HELP = re.compile(r"^(\s*)[%\w.\[\]'\"]+\?{1,2}\s*$")
_ASSIGNED = re.compile(r"^(\s*[\w, .\[\]*]+=\s*)(%{1,2}[A-Za-z_]|!)")
_CELL_MAGIC = re.compile(r"^\s*%%(\w+)")
_PYTHON_MAGICS = frozenset({"time", "timeit", "capture", "prun", "python", "python3", "px"})


def cell_language(source: str) -> str:
    """The magic that makes a cell something else than Python (`bash`), or ""."""
    match = _CELL_MAGIC.match(source.lstrip("\n"))
    return "" if match is None or match[1] in _PYTHON_MAGICS else match[1]


def masked(source: str) -> tuple[str, frozenset[int]]:
    """The source with IPython's lines replaced, and the numbers (from 1) of those lines."""
    lines = source.split("\n")
    hidden: set[int] = set()
    continued = False
    for number, line in enumerate(lines):
        start = 0 if continued else _magic_start(line)
        if start < 0:
            continue
        lines[number] = "#" * len(line) if continued else _placeholder(line, start)
        hidden.add(number + 1)
        continued = line.endswith("\\")
    return "\n".join(lines), frozenset(hidden)


def _magic_start(line: str) -> int:
    """The offset at which IPython's part of a line begins, or -1."""
    for pattern in (_LINE, _HELP, _ASSIGNED):
        match = pattern.match(line)
        if match:
            return match.end(1)
    return -1


def _placeholder(line: str, start: int) -> str:
    return line[:start] + "0" + "#" * (len(line) - start - 1)
