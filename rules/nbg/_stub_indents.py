"""The indentation of stubs: nbgrader gives them that of the line that begins the region."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from modfix.nbgrader.clearing import cleared
from modfix.nbgrader.regions import Region
from modfix.rule import Module, TextEdit
from modfix.syntax.parse import syntax_fault

from ._marked import Marked


def misindented(cell: Marked, *, only_left: bool = False) -> list[Region]:
    """Solution regions that begin further left (or right) than their first line of code."""
    source = cell.cell.source
    found = []
    for region in cell.closed("solution"):
        wanted, given = solution_indent(source, region), line_indent(source, region.start)
        if region.line in cell.strings or wanted is None or wanted == given:
            continue
        if not only_left or len(given) < len(wanted):
            found.append(region)
    return found


def reindenting(module: Module, cell: Marked, regions: Sequence[Region]) -> tuple[TextEdit, ...]:
    """The edits that indent the begins of regions as their solutions; () where the release would
    not parse for all that."""
    source = cell.cell.source
    edits = tuple(_edits(cell, regions))
    for edit in reversed(edits):
        source = source[: edit.start] + edit.text + source[edit.end :]
    after = cleared(replace(cell.cell, source=source), module.settings.nbgrader)
    if not edits or after.refusals or syntax_fault(after.source) or syntax_fault(source):
        return ()
    return edits


def _edits(cell: Marked, regions: Sequence[Region]) -> Iterator[TextEdit]:
    source = cell.cell.source
    for region in regions:
        wanted = solution_indent(source, region)
        end = region.start + len(line_indent(source, region.start))
        if wanted is not None:
            yield TextEdit(cell.cell.index, region.start, end, wanted)


def solution_indent(source: str, region: Region) -> str | None:
    """The indentation of a region's first line of code, or None where there is none."""
    start = solution_start(source, region)
    return None if start < 0 else source[source.rfind("\n", 0, start) + 1 : start]


def solution_start(source: str, region: Region) -> int:
    """The offset of a region's first code, or -1."""
    at = region.inner_start
    for line in source[region.inner_start : region.inner_end].split("\n"):
        if line.strip() and not line.lstrip().startswith("#"):
            return at + len(line_indent(source, at))
        at += len(line) + 1
    return -1


def line_indent(source: str, start: int) -> str:
    """The blanks at the beginning of a line."""
    end = start
    while end < len(source) and source[end] in " \t":
        end += 1
    return source[start:end]
