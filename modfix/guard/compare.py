"""Compares a module before and after a command: cells, markers, metadata, directives, regions.

Names (what cells define and others need) are in `names.py`: they need the code parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from modfix.document.cell import Cell
from modfix.document.directives import Directive, read_directives
from modfix.document.document import Document
from modfix.guard.damage import FLEETING, Damage
from modfix.guard.matching import matched
from modfix.guard.names import name_damages
from modfix.nbgrader.regions import RegionMarker, cell_regions
from modfix.settings import Settings

_WORD = re.compile(r"\w+")
_SPACED = re.compile(r"^\s*#\s*\|\s*")


def damages(before: Document, after: Document, settings: Settings) -> list[Damage]:
    """What of a module is broken, in the order of its cells before."""
    pairs = matched(before, after)
    found = [
        each for index, to in enumerate(pairs) for each in _cell(before, after, index, to, settings)
    ]
    found += name_damages(before, after, pairs, settings)
    return sorted(found, key=lambda each: (each.cell, -1 if each.offset is None else each.offset))


def _cell(
    before: Document, after: Document, index: int, to: int, settings: Settings
) -> Iterator[Damage]:
    cell = before.cells[index]
    if to < 0:
        if cell.source.strip() or cell.nbgrader is not None:
            yield Damage("cell", index, -1, None, "", "this cell is gone")
        return
    other = after.cells[to]
    if cell.kind != other.kind:
        text = f"this cell is {other.kind} now, it was {cell.kind}"
        yield Damage("kind", index, to, None, "", text)
        return
    yield from _metadata(cell, other)
    yield from _marker(cell, other)
    if cell.source != other.source:
        yield from _directives(cell, other)
        yield from _regions(cell, other, settings)


def _metadata(cell: Cell, other: Cell) -> Iterator[Damage]:
    if cell.metadata == other.metadata:
        return
    for key, value in cell.metadata.items():
        if key in FLEETING or (key in other.metadata and not _lost(value, other.metadata[key])):
            continue
        what = "changed" if key in other.metadata else "gone"
        text = f"its `{key}` metadata is {what}"
        yield Damage("metadata", cell.index, other.index, None, key, text)


def _lost(value: object, now: object) -> bool:
    """Whether a value, or a member of a mapping, is no longer what it was; additions are none."""
    if isinstance(value, dict) and isinstance(now, dict):
        return any(key not in now or now[key] != inner for key, inner in value.items())
    return now != value


def _marker(cell: Cell, other: Cell) -> Iterator[Damage]:
    if (
        cell.marker
        and cell.marker.title
        and other.marker
        and cell.marker.title != other.marker.title
    ):
        text = f"its title `{cell.marker.title}` is gone"
        yield Damage("marker", cell.index, other.index, None, cell.marker.title, text)


def _directives(cell: Cell, other: Cell) -> Iterator[Damage]:
    if cell.kind != "code" or "|" not in cell.source:
        return
    mine, their = read_directives(cell.source), list(read_directives(other.source))
    for directive in mine:
        text = line_of(cell, directive)
        same = next((each for each in their if _spaced(other, each) == _canonical(text)), None)
        what = f"`{text}` is gone"
        if same is not None:
            their.remove(same)
            now = line_of(other, same)
            if now == text and same.leading == directive.leading:
                continue
            what = f"`{text}` became `{now}`"
            if same.leading != directive.leading:
                what = f"`{text}` no longer stands at the top of its cell"
        yield Damage("directive", cell.index, other.index, directive.start, text, what)


def line_of(cell: Cell, directive: Directive) -> str:
    """The line of a directive, without blanks around it."""
    return cell.source[directive.start : directive.end].strip()


def _spaced(cell: Cell, directive: Directive) -> str:
    return _canonical(line_of(cell, directive))


def _canonical(line: str) -> str:
    """A directive in one spelling: formatters put blanks around its bar."""
    return " ".join(_SPACED.sub("#|", line).split())


def _regions(cell: Cell, other: Cell, settings: Settings) -> Iterator[Damage]:
    mine = _region_markers(cell, settings)
    their = _region_markers(other, settings)
    if not mine and not their:
        return
    for one, now in zip_longest(mine, their):
        if one is None or now is None or (one.kind, one.begins) != (now.kind, now.begins):
            yield _region_damage(cell, other, one, now)
            return
    moved = sorted(_moved_words(cell, other, settings))
    if moved:
        text = f"`{moved[0]}` was moved across the marker of a region"
        yield Damage("region", cell.index, other.index, mine[0].start, "", text)


def _region_damage(
    cell: Cell, other: Cell, one: RegionMarker | None, now: RegionMarker | None
) -> Damage:
    if one is None:
        assert now is not None
        line = other.source[now.start : now.end].strip()
        return Damage("region", cell.index, other.index, None, line, f"`{line}` is new here")
    line = cell.source[one.start : one.end].strip()
    what = f"`{line}` is gone, or no longer in its place"
    return Damage("region", cell.index, other.index, one.start, line, what)


def _region_markers(cell: Cell, settings: Settings) -> list[RegionMarker]:
    kinds = cell_regions(cell.source, settings.nbgrader)
    return sorted((m for each in kinds for m in each.markers), key=lambda m: m.start)


def _moved_words(cell: Cell, other: Cell, settings: Settings) -> set[str]:
    """Words that only stood inside regions and now stand outside, or the other way round."""
    (inside, outside), (inside_now, outside_now) = (
        _words(each, settings) for each in (cell, other)
    )
    out = (inside - outside) & (outside_now - inside_now)
    return out | (outside - inside) & (inside_now - outside_now)


def _words(cell: Cell, settings: Settings) -> tuple[set[str], set[str]]:
    """The words inside and outside of a cell's regions, without those of the markers."""
    kinds = cell_regions(cell.source, settings.nbgrader)
    spans = sorted((r.inner_start, r.inner_end) for each in kinds for r in each.regions)
    markers = sorted((m.start, m.end) for each in kinds for m in each.markers)
    outside = cell.source
    for start, end in sorted([*spans, *markers], reverse=True):
        outside = outside[:start] + " " + outside[max(start, end) :]
    inside = " ".join(cell.source[start:end] for start, end in spans)
    return set(_WORD.findall(inside)), set(_WORD.findall(outside))
