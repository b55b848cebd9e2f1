"""The head of a percent script: an interpreter line, an encoding line and jupytext's YAML header.

The rules are those of jupytext's `header.header_to_metadata_and_cell`. The YAML is read only where
it says something that changes what the cells are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

_JUPYTER = re.compile(r"^jupyter\s*:\s*$")
_AT_MARGIN = re.compile(r"^[^\s]")
_RULE = re.compile(r"^---\s*$")
_ENCODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
_OTHER_LANGUAGE = re.compile(r"^\s+(?:main_)?language\s*:(?!\s*python\s*$)")


class Header(Struct, frozen=True):
    """The head of a script: where its YAML begins (-1: none), where the cells begin, whether the
    YAML holds more than Jupyter's metadata, which jupytext makes a raw cell of, and the language
    of its cells."""

    start: int
    length: int
    more: bool
    language: str | None = "python"


def read_header(lines: Sequence[str]) -> Header:
    """Read the lines at the start of a script that belong to its head."""
    first, opened, more, jupyter = 0, -1, False, False
    metadata: list[str] = []
    for number, line in enumerate(lines):
        if number == 0 and line.startswith("#!"):
            first = 1
            continue
        if _declares_encoding(lines, number):
            first = number + 1
            continue
        if not line.startswith("#"):
            break
        text = _uncommented(line)
        if _RULE.match(text):
            if opened >= 0:
                length = _with_blank_line(lines, number + 1)
                return Header(opened, length, more, _language(metadata))
            opened = number
            continue
        if opened < 0 and text.strip():
            break
        jupyter = bool(_JUPYTER.match(text)) or (jupyter and not _AT_MARGIN.match(text))
        more = more or not jupyter
        if jupyter:
            metadata.append(text)
    return Header(-1, first, False)


def without_jupyter(lines: Sequence[str]) -> list[str]:
    """The lines of a header, comment signs and jupytext's own part left out: what its raw cell
    holds in a notebook."""
    found, jupyter = [], False
    for text in map(_uncommented, lines):
        jupyter = bool(_JUPYTER.match(text)) or (jupyter and not _AT_MARGIN.match(text))
        if not jupyter:
            found.append(text)
    return found


def _declares_encoding(lines: Sequence[str], number: int) -> bool:
    if number > 1 or (number == 1 and _ENCODING.match(lines[0])):
        return False
    return bool(_ENCODING.match(lines[number]))


def _uncommented(line: str) -> str:
    return line[2:] if line.startswith("# ") else line[1:]


def _with_blank_line(lines: Sequence[str], following: int) -> int:
    if following < len(lines):
        line = lines[following]
        if not (_uncommented(line) if line.startswith("#") else line).strip():
            return following + 1
    return following


def _language(metadata: Sequence[str]) -> str | None:
    """The language of the cells: `main_language`, else the kernel's, else Python."""
    if not any(_OTHER_LANGUAGE.match(line) for line in metadata):
        return "python"
    import yaml  # PERF: only a header that names another language needs it

    try:
        whole = yaml.safe_load("\n".join(metadata))
    except yaml.YAMLError:
        return "python"
    jupyter = _mapping(whole, "jupyter")
    named = _mapping(jupyter, "jupytext").get("main_language") or _mapping(
        jupyter, "kernelspec"
    ).get("language")
    return _lowered(named) if isinstance(named, str) else "python"


def _mapping(value: object, key: str) -> dict[str, object]:
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def _lowered(language: str) -> str:
    if language in ("R", "sas"):
        return language
    return "c++" if language.startswith("C++") else language.lower().replace("#", "sharp")
