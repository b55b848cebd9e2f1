"""Reads an `.ipynb` as cells with the place of each of their parts in the JSON text.

Format: nbformat 3 (worksheets, `input` for code) and 4 (`cells`, `source`); its
`v3/` and `v4/nbformat.*.schema.json`. A minor version newer than we know only adds members.
"""

from __future__ import annotations

import json

from msgspec import Struct

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


class Parts(Struct, frozen=True):
    """Where the parts of one cell stand: the object, its members, its source.

    `strings` are the JSON strings that make up the source; `quoted` says that it is one string
    rather than a list of lines, `unended` that the lines of the list lack their line ends (in old
    notebooks). `sheet` is the worksheet, of which only format 3 can have several.
    """

    start: int
    end: int
    members: dict[str, Member]
    source: Value | None
    strings: tuple[Value, ...]
    quoted: bool
    unended: bool
    sheet: int

    @property
    def text(self) -> str:
        """The source."""
        return ("\n" if self.unended else "").join(str(each.value) for each in self.strings)


class Notebook(Struct, frozen=True):
    """A notebook as cells, the parts of each, and its version.

    `members` are its own, without the cells.
    """

    cells: tuple[Cell, ...]
    parts: tuple[Parts, ...]
    major: int
    minor: int
    list_start: int
    members: dict[str, Member]


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
        raise _wrong_version(members, whole)
    sheets = _worksheets(members, whole) if major == 3 else [members]
    lists = [_cells(sheet, whole) for sheet in sheets]
    own = {key: member for key, member in members.items() if key not in _READERS}
    return _notebook(text, lists, major, minor, own)


def _wrong_version(members: dict[str, Member], whole: Value) -> JsonFault:
    if "nbformat" not in members:
        return JsonFault("it has no `nbformat`", whole.start)
    version = members["nbformat"].value.value
    number = version if isinstance(version, (int, float)) else "unknown"
    old = isinstance(version, (int, float)) and version < NEWEST
    todo = "convert it first (jupyter nbconvert --to notebook)" if old else "save it as format 4"
    what = f"notebook format {number} (3 and 4 are read)"
    return JsonFault(what, members["nbformat"].start, todo)


def _cells(members: dict[str, Member], whole: Value) -> Value:
    cells = members.get("cells")
    if cells is None:
        raise JsonFault("no list of cells", whole.start)
    return cells.value


def _notebook(
    text: str, lists: list[Value], major: int, minor: int, members: dict[str, Member]
) -> Notebook:
    found: list[Cell] = []
    places: list[Parts] = []
    line, counted = 1, 0
    for sheet, cells in enumerate(lists):
        assert isinstance(cells.value, tuple)
        for value in cells.value:
            parts = _parts(value, major, sheet)
            first = parts.strings[0].start if parts.strings else value.start
            line, counted = line + text.count("\n", counted, first), first
            found.append(_cell(len(found), parts, line))
            places.append(parts)
    start = lists[0].start if lists else -1
    return Notebook(tuple(found), tuple(places), major, minor, start, members)


def _number(members: dict[str, Member], key: str) -> int:
    value = members[key].value.value if key in members else 0
    return value if isinstance(value, int) else 0


def _worksheets(members: dict[str, Member], whole: Value) -> list[dict[str, Member]]:
    sheets = members["worksheets"].value.value if "worksheets" in members else ()
    if not isinstance(sheets, tuple) or not sheets:
        raise JsonFault("a notebook of format 3 without a worksheet", whole.start)
    return [_by_key(sheet) for sheet in sheets]


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


def _parts(value: Value, major: int, sheet: int) -> Parts:
    members = _by_key(value)
    code = _plain(members.get("cell_type")) == "code"
    member = members.get("input" if code and major == 3 else "source")
    source = None if member is None else member.value
    strings, quoted = _strings(source)
    unended = major == 3 and not quoted and len(strings) > 1 and not _ended(strings[0])
    return Parts(value.start, value.end, members, source, strings, quoted, unended, sheet)


def _strings(source: Value | None) -> tuple[tuple[Value, ...], bool]:
    """The strings of a source, and whether it is one string (or nothing that can be read)."""
    if source is None:
        return (), True
    if isinstance(source.value, tuple):
        return tuple(each for each in source.value if isinstance(each.value, str)), False
    return ((source,), True) if isinstance(source.value, str) else ((), True)


def _ended(line: Value) -> bool:
    """nbformat's `_join_lines`: the first line of a list tells whether they have line ends."""
    return str(line.value).endswith(("\n", "\r"))


def _cell(index: int, parts: Parts, line: int) -> Cell:
    return Cell(
        index=index,
        kind=_KINDS.get(_text(_plain(parts.members.get("cell_type"))), "markdown"),
        source=parts.text,
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
    """The offset in the text of each character of a cell's source, and of its end.

    A line end that the source has and the text lacks stands at the end of its line.
    """
    if not parts.strings:
        return [parts.source.end - 1 if parts.source is not None else parts.start]
    offsets: list[int] = []
    for string in parts.strings:
        offsets += _characters(text, string)
        if parts.unended:
            offsets.append(string.end - 1)
    return offsets if parts.unended else [*offsets, parts.strings[-1].end - 1]


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
