"""Code on the line of a marker: nbgrader drops the line, and the code with it."""

from __future__ import annotations

from modfix.nbgrader.regions import RegionMarker

from ._marked import Marked
from ._places import Places


def lost_code(cell: Marked) -> list[tuple[RegionMarker, str]]:
    """The markers of a Python cell that have code before their comment, with that code."""
    if cell.code is None or not cell.code.parses or not cell.regions:
        return []
    source = cell.cell.source
    markers = [marker for kind in cell.regions for marker in kind.markers if not marker.alone]
    if not markers:
        return []
    places = Places(source)
    found = []
    for marker in sorted(markers, key=lambda each: each.line):
        token = places.token(marker.at)
        code = "" if token is None else source[marker.start : token[0]].strip()
        if code:
            found.append((marker, code))
    return found
