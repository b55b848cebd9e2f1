"""Code on the line of a marker: nbgrader drops the line, and the code with it."""

from __future__ import annotations

from modfix.nbgrader.regions import RegionMarker
from modfix.rule import Module

from ._foreign import code_before, is_foreign
from ._marked import Marked
from ._places import Places


def lost_code(module: Module, cell: Marked) -> list[tuple[RegionMarker, str]]:
    """The markers of a code cell that have code before their comment, with that code."""
    if cell.code is None or cell.code.fault is not None or not cell.regions:
        return []
    source = cell.cell.source
    markers = [marker for kind in cell.regions for marker in kind.markers if not marker.alone]
    if not markers:
        return []
    markers.sort(key=lambda each: each.line)
    if is_foreign(cell.code):
        told = [(marker, code_before(module, marker, source)) for marker in markers]
        return [(marker, code) for marker, code in told if code]
    places = Places(source)
    found = []
    for marker in markers:
        token = places.token(marker.at)
        code = "" if token is None else source[marker.start : token[0]].strip()
        if code:
            found.append((marker, code))
    return found
