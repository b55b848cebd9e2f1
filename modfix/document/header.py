"""The head of a percent script: an interpreter line, an encoding line and jupytext's YAML header.

The rules are those of jupytext's `header.header_to_metadata_and_cell`, without reading the YAML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_JUPYTER = re.compile(r"^jupyter\s*:\s*$")
_AT_MARGIN = re.compile(r"^[^\s]")
_RULE = re.compile(r"^---\s*$")
_ENCODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a script: where its YAML begins (-1: none), where the cells begin, and whether
    the YAML holds more than Jupyter's metadata, which jupytext makes a raw cell of."""

    start: int
    length: int
    more: bool


def read_header(lines: list[str]) -> Header:
    """Read the lines at the start of a script that belong to its head."""
    start, opened, more, jupyter = 0, -1, False, False
    for number, line in enumerate(lines):
        if number == 0 and line.startswith("#!"):
            start = 1
            continue
        if number == start and number < 2 and _ENCODING.match(line):
            start = number + 1
            continue
        if not line.startswith("#"):
            break
        text = line[2:] if line.startswith("# ") else line[1:]
        if _RULE.match(text):
            if opened >= 0:
                return Header(opened, _with_blank_line(lines, number + 1), more)
            opened = number
        elif opened < 0:
            if text.strip():
                break
        else:
            jupyter = bool(_JUPYTER.match(text)) or (jupyter and not _AT_MARGIN.match(text))
            more = more or not jupyter
    return Header(-1, start, False)


def _with_blank_line(lines: list[str], following: int) -> int:
    if following < len(lines) and not lines[following].lstrip("#").strip():
        return following + 1
    return following
