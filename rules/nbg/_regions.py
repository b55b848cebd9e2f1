"""nbgrader's regions in a cell: BEGIN … END of solutions, hidden tests and mark schemes.

nbgrader looks for the markers as substrings, line by line, in code and comments alike (its
`preprocessors/clearsolutions.py`), so nothing here asks whether a line is a comment.
"""

from __future__ import annotations

from dataclasses import dataclass

from modfix.rule import Module

_OTHERS = (
    ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"),
    ("BEGIN MARK SCHEME", "END MARK SCHEME"),
)


@dataclass(frozen=True, slots=True)
class Region:
    """A region: offsets of the first line's start and the last line's end, in a cell's source.

    `closed` is False where the end marker is missing: the region then goes on to the cell's end.
    """

    start: int
    end: int
    closed: bool

    def touches(self, start: int, end: int) -> bool:
        """Whether some of `source[start:end]` lies in the region."""
        return self.start < end and start < self.end


def solution_regions(module: Module, source: str) -> tuple[Region, ...]:
    """The solution regions of a cell, in order."""
    names = module.settings.nbgrader
    return _regions(source, names.begin_solution, names.end_solution)


def all_regions(module: Module, source: str) -> tuple[Region, ...]:
    """The regions of every kind, solutions first."""
    others = (region for begin, end in _OTHERS for region in _regions(source, begin, end))
    return (*solution_regions(module, source), *others)


def _regions(source: str, begin: str, end: str) -> tuple[Region, ...]:
    if begin not in source:
        return ()
    found: list[Region] = []
    opened, at = -1, 0
    for line in source.split("\n"):
        if opened < 0 and begin in line:
            opened = at
        elif opened >= 0 and end in line:
            found.append(Region(opened, at + len(line), closed=True))
            opened = -1
        at += len(line) + 1
    if opened >= 0:
        found.append(Region(opened, len(source), closed=False))
    return tuple(found)
