"""Reads a percent script as cells, as jupytext's `DoublePercentScriptCellReader` does."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from modfix.document.cell import Cell, CellKind, Marker
from modfix.document.fences import Fences
from modfix.document.header import Header, read_header
from modfix.document.marker import is_marker, read_marker
from modfix.document.marker_metadata import CellMetadata, cell_metadata
from modfix.document.quoting import QuoteTracker


@dataclass(frozen=True)
class Lines:
    """The lines of a text, as jupytext's `splitlines` ends them: at form feeds, too.

    `starts` are their offsets and, at last, the length of the text.
    """

    text: str
    lines: list[str]
    starts: list[int]

    @classmethod
    def of(cls, text: str) -> Lines:
        """The lines of a text whose line ends are all one character."""
        lines, starts, at = text.splitlines(), [], 0
        for line in lines:
            starts.append(at)
            at += len(line) + 1
        return cls(text, lines, [*starts, len(text)])

    @cached_property
    def commented_fences(self) -> Fences:
        """The fenced blocks of prose in comments."""
        return Fences(
            [line[2:] if line[:2] == "# " else line[line[:1] == "#" :] for line in self.lines]
        )

    @cached_property
    def plain_fences(self) -> Fences:
        """The fenced blocks of prose that stands as it is."""
        return Fences(self.lines)

    @cached_property
    def _plain(self) -> bool:
        """Whether no other line ends than newlines are in the text."""
        return len(self.lines) == self.text.count("\n") + (not self._ended)

    @cached_property
    def _newlines(self) -> list[int]:
        """The offsets of the newlines."""
        return [match.start() for match in re.finditer("\n", self.text)]

    @cached_property
    def _ended(self) -> bool:
        """Whether the last line has a line end, of whatever kind."""
        return not self.lines or self.starts[-2] + len(self.lines[-1]) < len(self.text)

    def number(self, line: int) -> int:
        """The file's line (from 1) that a line begins on."""
        if self._plain:
            return line + 1
        unended = line == len(self.lines) and not self._ended
        return bisect_left(self._newlines, self.starts[line]) + 1 + unended

    def source(self, first: int, stop: int) -> str:
        """The text of the lines from `first` to before `stop`, without the last line end."""
        if first >= stop:
            return ""
        return self.text[self.starts[first] : self.starts[stop - 1] + len(self.lines[stop - 1])]


def read_cells(text: str) -> tuple[Cell, ...]:
    """The cells of a percent script whose line ends are all `\\n`."""
    lines = Lines.of(text)
    header = read_header(lines.lines)
    first = header.length
    cells = [_header_cell(lines, header)] if header.more else []
    while first < len(lines.lines):
        cell, first = _read_cell(lines, first, len(cells), header.language)
        cells.append(cell)
    return tuple(cells)


def _header_cell(lines: Lines, header: Header) -> Cell:
    """The raw cell that jupytext makes of a header with more than Jupyter's metadata."""
    stop = header.length
    if not lines.lines[stop - 1].lstrip("#").strip():
        stop -= 1
    return _cell(lines, 0, "raw", (header.start, header.start, stop, header.length))


def _read_cell(lines: Lines, first: int, index: int, language: str | None) -> tuple[Cell, int]:
    line = lines.lines[first]
    marker = read_marker(line) if is_marker(line) else None
    read = cell_metadata(marker, language)
    next_cell = _next_cell(lines, first, read)
    body = first if marker is None else first + 1
    stop = max(body, next_cell - _blank_lines(lines.lines[max(first, next_cell - 3) : next_cell]))
    cell = _cell(lines, index, read.kind, (first, body, stop, next_cell), marker, read.metadata)
    return cell, next_cell


def _cell(
    lines: Lines,
    index: int,
    kind: CellKind,
    places: tuple[int, int, int, int],
    marker: Marker | None = None,
    metadata: dict[str, object] | None = None,
) -> Cell:
    """A cell from its lines: where its block, its source, the blank lines and the next begin."""
    first, body, stop, following = places
    source = lines.source(body, stop)
    start = lines.starts[body]
    return Cell(
        index=index,
        kind=kind,
        source=source,
        metadata=metadata or {},
        line=lines.number(body),
        start=start,
        end=start + len(source),
        block_start=lines.starts[first],
        block_end=lines.starts[following],
        marker=marker,
    )


def _next_cell(lines: Lines, first: int, read: CellMetadata) -> int:
    """The line that begins the next cell. Markers in strings and in fenced blocks do not."""
    quotes = QuoteTracker(read.language)
    fences = lines.commented_fences if read.commented else lines.plain_fences
    fence = None
    for number in range(first, len(lines.lines)):
        line = lines.lines[number]
        quoted = quotes.quote
        quotes.read(line)
        if quoted:
            continue
        if read.kind != "code":
            if fence is not None:
                fence = None if fences.closes(number, fence) else fence
                continue
            fence = fences.opened(number)
            if fence is not None:
                continue
        if number > first and is_marker(line):
            return number
    return len(lines.lines)


def _blank_lines(last: list[str]) -> int:
    """How many lines at the end of a cell only separate it from the next: two (PEP 8), one or 0.

    NOTE: one line of blanks is the cell's; two blank lines may hold blanks.
    """
    if len(last) == 3 and last[0].strip() and not last[1].strip() and not last[2].strip():
        return 2
    return 1 if last and last[-1] == "" else 0
