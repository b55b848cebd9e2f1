"""Comments in the release that were meant as markers and match none: what they enclose leaks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modfix.nbgrader.regions import delimiters
from modfix.release.problem import Problem
from modfix.release.student import StudentVersion

_NEAR = re.compile(
    r"^\W*(begin|start|end|stop)[\s_-]*(of[\s_-]*)?"
    r"(sol[uo]?t?[uio]+ns?|solutions?|hidden[\s_-]*tests?|mark(ing)?[\s_-]*schemes?)\W*$",
    re.IGNORECASE,
)


def near_misses(version: StudentVersion) -> Iterator[Problem]:
    """Lines that say nothing but nearly a delimiter."""
    names = [each for kind in delimiters(version.settings) for each in (kind.begin, kind.end)]
    for cell in version.cells:
        for line in cell.cleared.lines:
            if line.origin and _NEAR.match(line.text):
                offset = cell.offset(line.origin)
                yield Problem("error", _told(line.text.strip(), names), cell.cell.index, offset)


def _told(line: str, names: list[str]) -> str:
    known = ", ".join(f"`{name}`" for name in names)
    return f"`{line}` is no marker of nbgrader's, so what it should enclose is released ({known})"
