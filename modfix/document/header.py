"""The head of a percent script: an interpreter line, an encoding line and jupytext's YAML header.

The rules are those of jupytext's `header.header_to_metadata_and_cell`, without reading the YAML.
"""

from __future__ import annotations

import re

_RULE = re.compile(r"^---\s*$")
_ENCODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")


def header_length(lines: list[str]) -> int:
    """How many lines at the start of a script belong to its head and to no cell."""
    start, opened = 0, False
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
            if opened:
                return _with_blank_line(lines, number + 1)
            opened = True
        elif not opened and text.strip():
            break
    return start


def _with_blank_line(lines: list[str], following: int) -> int:
    if following < len(lines) and not lines[following].lstrip("#").strip():
        return following + 1
    return following
