"""Suppressions: `# modfix: ignore[CODE] reason` in the text of a module, and as tags of cells.

Where the comment stands says what it covers: at the end of a line that line, on a line of its own
the next statement, above a cell's first statement the whole cell; `ignore-file` covers the file.
In prose (`<!-- modfix: ignore[CODE] -->`) and as a cell's tag it covers the cell.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct, field

from modfix.document.cell import Cell
from modfix.document.document import Document

KEYWORD = "modfix:"
TAGS = "tags"
_TEXT = re.compile(
    r"modfix:\s*ignore(?P<file>-file)?\b\s*(?:\[(?P<codes>[^\]\n]*)\])?(?P<reason>[^\n]*)"
)
_LEADS = ("#", "<!--")

Scope = Literal["line", "cell", "file"]


class Suppression(Struct, frozen=True):
    """One suppression and what it covers.

    `start` and `end` are offsets of the comment in the cell's source; a tag has the number `tag`
    instead. `line` is the line of the cell (from 1) that a suppression of a line covers. `codes`
    are codes or prefixes with the offset of each in the source (in a tag: in its text).
    """

    cell: int
    scope: Scope
    codes: tuple[tuple[str, int], ...]
    reason: str
    start: int
    end: int
    line: int = 0
    tag: int | None = None


class Ledger(Struct, frozen=True):
    """The suppressions of a module and what came of them.

    `used` holds, for each suppression by its number, the codes in it that covered a finding;
    `ran` the codes of the rules that ran, `known` those of all rules that there are, `names` that
    of each rule by its name.
    """

    suppressions: tuple[Suppression, ...]
    used: tuple[frozenset[str], ...]
    ran: frozenset[str] = field(default_factory=frozenset)
    known: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def read_suppressions(document: Document) -> tuple[Suppression, ...]:
    """Every suppression of a document, in order."""
    if KEYWORD not in document.text:
        return ()
    return tuple(found for cell in document.cells for found in _in_cell(cell))


def _in_cell(cell: Cell) -> Iterator[Suppression]:
    yield from _tags(cell)
    if KEYWORD not in cell.source:
        return
    if cell.kind == "code":
        yield from _comments(cell)
        return
    for match in _TEXT.finditer(cell.source):
        lead = _lead(cell.source, match.start())
        if lead >= 0:
            end = cell.source.find("-->", match.end() - len(match["reason"]), match.end())
            yield _read(cell, match, lead, match.end() if end < 0 else end + 3, "cell", 0)


def _lead(source: str, end: int) -> int:
    """Where the comment begins whose first word stands at `end`, or -1 for what is none."""
    while end and source[end - 1].isspace():
        end -= 1
    return next((end - len(mark) for mark in _LEADS if source.endswith(mark, 0, end)), -1)


def _tags(cell: Cell) -> Iterator[Suppression]:
    tags = cell.metadata.get(TAGS)
    for number, tag in enumerate(tags if isinstance(tags, list) else ()):
        match = _TEXT.match(tag) if isinstance(tag, str) else None
        if match is not None:
            yield _read(cell, match, 0, 0, "cell", 0, number)


def _comments(cell: Cell) -> Iterator[Suppression]:
    lines = cell.source.split("\n")
    offset = 0
    by_line = _comment_columns(cell.source, lines)
    head = next((n for n, line in enumerate(lines) if not _is_head(line)), len(lines))
    following = _following(lines)
    for number, line in enumerate(lines, 1):
        column = by_line.get(number, -1)
        match = _TEXT.search(line, column) if column >= 0 else None
        if match is not None:
            start = line.rfind("#", 0, match.start())
            own = not line[:column].strip()
            scope: Scope = "cell" if own and number <= head + 1 else "line"
            covered = 0 if scope == "cell" else following[number] if own else number
            shifted = _TEXT.search(cell.source, offset + match.start())
            assert shifted is not None
            end = offset + len(line.rstrip())
            yield _read(cell, shifted, offset + start, end, scope, covered)
        offset += len(line) + 1


def _comment_columns(source: str, lines: list[str]) -> dict[int, int]:
    """The column of the comment on each line that has one; where the cell is no plain Python, of
    what looks like one."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return {n: line.index("#") for n, line in enumerate(lines, 1) if "#" in line}
    return {t.start[0]: t.start[1] for t in tokens if t.type == tokenize.COMMENT}


def _following(lines: list[str]) -> list[int]:
    """For each line by its number, the number of the next one below that holds code: what a
    comment on a line of its own covers (itself, where there is none)."""
    found, after = list(range(len(lines) + 1)), 0
    for number in range(len(lines), 0, -1):
        found[number] = after or number
        line = lines[number - 1].lstrip()
        if line and not line.startswith("#"):
            after = number
    return found


def _is_head(line: str) -> bool:
    """Whether a line can stand above a cell's first statement."""
    return not line.strip() or line.lstrip().startswith(("#", "%%"))


def _read(
    cell: Cell,
    match: re.Match[str],
    start: int,
    end: int,
    scope: Scope,
    line: int,
    tag: int | None = None,
) -> Suppression:
    first = match.start("codes")
    found = re.finditer(r"[^\s,]+", match["codes"] or "")
    return Suppression(
        cell=cell.index,
        scope="file" if match["file"] else scope,
        codes=tuple((each[0], first + each.start()) for each in found),
        reason=match["reason"].replace("-->", "").strip().lstrip(":-– ").strip(),
        start=start,
        end=end,
        line=line,
        tag=tag,
    )
