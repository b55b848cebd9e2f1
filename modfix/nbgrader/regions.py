"""nbgrader's regions in a cell: BEGIN … END of solutions, hidden tests and mark schemes.

nbgrader looks for its delimiters as substrings, line by line, in the cells of every kind
(`preprocessors/clearsolutions.py`, `clearhiddentests.py`, `clearmarkingscheme.py`), so nothing
here asks whether a line is a comment, or a string: a line that holds the begin delimiter begins a
region, whatever else it holds, also the end delimiter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from modfix.settings import Nbgrader

RegionKind = Literal["solution", "hidden tests", "mark scheme"]
Fault = Literal["nested begin", "begin without end", "end without begin"]


class Delimiters(Struct, frozen=True):
    """The two texts that enclose regions of a kind."""

    kind: RegionKind
    begin: str
    end: str

    def in_source(self, source: str) -> bool:
        """Whether a cell has one of them somewhere: a cheap test before its lines are read."""
        return self.begin in source or self.end in source


class RegionMarker(Struct, frozen=True):
    """A line with a delimiter: its kind, its number in the cell (from 1), and its offsets.

    `at` is the offset of the delimiter itself. `alone` says that the line holds nothing else but
    a comment mark, blanks and punctuation: what stands beside the delimiter is lost.
    """

    kind: RegionKind
    begins: bool
    line: int
    start: int
    end: int
    at: int
    alone: bool


class RegionFault(Struct, frozen=True):
    """A marker that has no partner, or stands in a region of its own kind.

    nbgrader refuses the first two faults and silently drops the third.
    """

    fault: Fault
    marker: RegionMarker


class Region(Struct, frozen=True):
    """A region: offsets of the first line's start and the last line's end, in a cell's source.

    `closed` is False where the end marker is missing: the region then goes on to the cell's end.
    `inner_start` and `inner_end` enclose the lines between the markers (equal where there are
    none); `line` is the number of the line that begins it (from 1).
    """

    start: int
    end: int
    closed: bool
    kind: RegionKind = "solution"
    line: int = 1
    inner_start: int = 0
    inner_end: int = 0

    def touches(self, start: int, end: int) -> bool:
        """Whether some of `source[start:end]` lies in the region."""
        return self.start < end and start < self.end


class Regions(Struct, frozen=True):
    """What a cell has of regions of one kind: its markers, its regions, its faults, in order."""

    kind: RegionKind
    markers: tuple[RegionMarker, ...] = ()
    regions: tuple[Region, ...] = ()
    faults: tuple[RegionFault, ...] = ()


def delimiters(settings: Nbgrader) -> tuple[Delimiters, Delimiters, Delimiters]:
    """The delimiters of the three kinds, in the order in which nbgrader clears them."""
    return (
        Delimiters("solution", settings.begin_solution, settings.end_solution),
        Delimiters("hidden tests", settings.begin_hidden_tests, settings.end_hidden_tests),
        Delimiters("mark scheme", settings.begin_mark_scheme, settings.end_mark_scheme),
    )


def cell_regions(source: str, settings: Nbgrader) -> tuple[Regions, ...]:
    """The regions of each kind that has a marker in the cell, solutions first.

    Each kind is read as it stands in the source: a marker of hidden tests inside a solution is
    still one. (nbgrader clears solutions first and never sees it; see `clearing`.)
    """
    return tuple(
        read_regions(source, each) for each in delimiters(settings) if each.in_source(source)
    )


def solution_regions(source: str, settings: Nbgrader) -> tuple[Region, ...]:
    """The solution regions of a cell, in order."""
    return read_regions(source, delimiters(settings)[0]).regions


def all_regions(source: str, settings: Nbgrader) -> tuple[Region, ...]:
    """The regions of every kind, solutions first."""
    return tuple(region for kind in cell_regions(source, settings) for region in kind.regions)


def read_regions(source: str, names: Delimiters) -> Regions:
    """The markers, regions and faults of one kind.

    A begin inside a region of its kind is a fault and leaves that region open; an end outside of
    one is a fault and nothing else.
    """
    if not names.in_source(source):
        return Regions(names.kind)
    return paired(names.kind, tuple(_markers(source, names)), len(source))


def paired(kind: RegionKind, markers: tuple[RegionMarker, ...], length: int) -> Regions:
    """The regions and faults that the markers of one kind make in a source of a length."""
    regions: list[Region] = []
    faults: list[RegionFault] = []
    opened: RegionMarker | None = None
    for marker in markers:
        if marker.begins:
            if opened is not None:
                faults.append(RegionFault("nested begin", marker))
            opened = opened or marker
        elif opened is None:
            faults.append(RegionFault("end without begin", marker))
        else:
            regions.append(_region(opened, marker))
            opened = None
    if opened is not None:
        faults.append(RegionFault("begin without end", opened))
        regions.append(_open_region(opened, length))
    return Regions(kind, markers, tuple(regions), tuple(sorted(faults, key=_line)))


def _markers(source: str, names: Delimiters) -> Iterator[RegionMarker]:
    at = 0
    for number, line in enumerate(source.split("\n"), start=1):
        begins = names.begin in line
        if begins or names.end in line:
            text = names.begin if begins else names.end
            place = line.index(text)
            beside = line[:place] + line[place + len(text) :]
            alone = not any(char.isalnum() for char in beside)
            yield RegionMarker(names.kind, begins, number, at, at + len(line), at + place, alone)
        at += len(line) + 1


def _region(begin: RegionMarker, end: RegionMarker) -> Region:
    inner_start = begin.end + 1
    return Region(
        start=begin.start,
        end=end.end,
        closed=True,
        kind=begin.kind,
        line=begin.line,
        inner_start=inner_start,
        inner_end=max(inner_start, end.start - 1),
    )


def _open_region(begin: RegionMarker, length: int) -> Region:
    inner = min(begin.end + 1, length)
    return Region(begin.start, length, False, begin.kind, begin.line, inner, length)


def _line(fault: RegionFault) -> int:
    return fault.marker.line
