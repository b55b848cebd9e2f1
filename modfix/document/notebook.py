"""Reads an `.ipynb` as cells with the place of each of their parts in the JSON text.

Format: nbformat 3 (one worksheet, `input` for code) and 4 (`cells`, `source`); its
`v3/` and `v4/nbformat.*.schema.json`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from modfix.document.cell import Cell, CellKind
from modfix.document.json_text import (
    JsonFault,
    Member,
    Value,
    read_elements,
    read_members,
    read_value,
    skip_blank,
)

NEWEST = 4
_KINDS: dict[object, CellKind] = {"code": "code", "raw": "raw"}


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the parts of one cell stand: the object, its members, its source.

    `strings` are the JSON strings that make up the source; `quoted` says that it is one string
    rather than a list of lines.
    """

    start: int
    end: int
    members: dict[str, Member]
    source: Value | None
    strings: tuple[Value, ...]
    quoted: bool


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook as cells, the parts of each, and its version."""

    cells: tuple[Cell, ...]
    parts: tuple[Parts, ...]
    major: int
    minor: int
    list_start: int


def read_notebook(text: str) -> Notebook:
    """Read the JSON text of a notebook. Raises JsonFault where it is none."""
    if not text.strip():
        raise JsonFault("the file is empty", 0)
    whole = read_members(text, skip_blank(text), _READERS)
    if text[whole.end :].strip():
        raise JsonFault("Extra data", whole.end)
    members = _by_key(whole)
    major, minor = _number(members, "nbformat"), _number(members, "nbformat_minor")
    if not 3 <= major <= NEWEST:
        raise JsonFault(f"notebook format {major} (3 and 4 are read)", whole.start)
    if major == 3:
        members = _worksheet(members, whole)
    cells = members.get("cells")
    if cells is None or not isinstance(cells.value.value, tuple):
        raise JsonFault("no list of cells", whole.start)
    return _notebook(text, cells.value, major, minor)


def _notebook(text: str, cells: Value, major: int, minor: int) -> Notebook:
    assert isinstance(cells.value, tuple)
    found: list[Cell] = []
    places: list[Parts] = []
    line, counted = 1, 0
    for index, value in enumerate(cells.value):
        parts = _parts(value)
        first = parts.strings[0].start if parts.strings else value.start
        line, counted = line + text.count("\n", counted, first), first
        found.append(_cell(index, parts, line))
        places.append(parts)
    return Notebook(tuple(found), tuple(places), major, minor, cells.start)


def _number(members: dict[str, Member], key: str) -> int:
    value = members[key].value.value if key in members else 0
    return value if isinstance(value, int) else 0


def _worksheet(members: dict[str, Member], whole: Value) -> dict[str, Member]:
    sheets = members["worksheets"].value.value if "worksheets" in members else ()
    if not isinstance(sheets, tuple) or len(sheets) != 1:
        raise JsonFault("a notebook of format 3 with other than one worksheet", whole.start)
    return _by_key(sheets[0])


def _by_key(value: Value) -> dict[str, Member]:
    """Members by key: the last of several wins, as in every JSON reader."""
    members = value.value if isinstance(value.value, tuple) else ()
    return {member.key: member for member in members}


def _read_object(text: str, at: int) -> Value:
    return read_members(text, at, {"metadata": _read_shallow} | _SOURCES)


def _read_shallow(text: str, at: int) -> Value:
    return read_members(text, at, {}) if text[at : at + 1] == "{" else read_value(text, at)


def _read_lines(text: str, at: int) -> Value:
    return read_elements(text, at, read_value) if text[at : at + 1] == "[" else read_value(text, at)


def _read_cells(text: str, at: int) -> Value:
    return read_elements(text, at, _read_object)


def _read_worksheet(text: str, at: int) -> Value:
    return read_members(text, at, {"cells": _read_cells})


def _read_worksheets(text: str, at: int) -> Value:
    return read_elements(text, at, _read_worksheet)


_SOURCES = {"source": _read_lines, "input": _read_lines}
_READERS = {"cells": _read_cells, "worksheets": _read_worksheets}


def _parts(value: Value) -> Parts:
    members = _by_key(value)
    code = _plain(members.get("cell_type")) == "code"
    member = members.get("input" if code and "input" in members else "source")
    source = None if member is None else member.value
    pieces = source.value if source is not None else ()
    if isinstance(pieces, tuple):
        strings = tuple(each for each in pieces if isinstance(each.value, str))
        return Parts(value.start, value.end, members, source, strings, False)
    strings = (source,) if source is not None and isinstance(pieces, str) else ()
    return Parts(value.start, value.end, members, source, strings, True)


def _cell(index: int, parts: Parts, line: int) -> Cell:
    return Cell(
        index=index,
        kind=_KINDS.get(_plain(parts.members.get("cell_type")), "markdown"),
        source="".join(str(each.value) for each in parts.strings),
        metadata=_metadata(parts.members.get("metadata")),
        line=line,
        start=parts.strings[0].start if parts.strings else parts.start,
        end=parts.strings[-1].end if parts.strings else parts.start,
        block_start=parts.start,
        block_end=parts.end,
        marker=None,
        notebook_id=_text(_plain(parts.members.get("id"))),
    )


def _plain(member: Member | None) -> object:
    return None if member is None else member.value.value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _metadata(member: Member | None) -> dict[str, object]:
    if member is None or not isinstance(member.value.value, tuple):
        return {}
    return {each.key: each.value.value for each in member.value.value}


def source_offsets(text: str, parts: Parts) -> list[int]:
    """The offset in the text of each character of a cell's source, and of its end."""
    offsets = [at for string in parts.strings for at in _characters(text, string)]
    if parts.strings:
        return [*offsets, parts.strings[-1].end - 1]
    return [parts.source.end - 1 if parts.source is not None else parts.start]


def _characters(text: str, string: Value) -> list[int]:
    """The offset in the text of each character of a JSON string's value."""
    start, end = string.start + 1, string.end - 1
    raw = text[start:end]
    if "\\" not in raw:
        return list(range(start, end))
    offsets, at = [], start
    while at < end:
        offsets.append(at)
        at += _width(text, at)
    return offsets


def _width(text: str, at: int) -> int:
    """How many characters of the text write one character of the value."""
    if text[at] != "\\":
        return 1
    if text[at + 1] != "u":
        return 2
    pair = text[at : at + 12]
    if pair[6:8] == "\\u" and len(json.loads(f'"{pair}"')) == 1:
        return 12
    return 6
