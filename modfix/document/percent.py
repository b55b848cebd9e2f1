"""Reads a percent script as cells, as jupytext's `DoublePercentScriptCellReader` does."""

from __future__ import annotations

import re
from collections.abc import Mapping

from modfix.document.cell import Cell, CellKind, Marker
from modfix.document.header import Header, read_header
from modfix.document.marker import is_marker, read_marker
from modfix.document.quoting import QuoteTracker

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")


def read_cells(text: str) -> tuple[Cell, ...]:
    """The cells of a percent script whose line ends are all `\\n`."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    offsets = _offsets(lines, len(text))
    header = read_header(lines)
    first = header.length
    cells = [_header_cell(lines, offsets, header)] if header.more else []
    while first < len(lines):
        cell, first = _read_cell(lines, offsets, first, len(cells))
        cells.append(cell)
    return tuple(cells)


def _header_cell(lines: list[str], offsets: list[int], header: Header) -> Cell:
    """The raw cell that jupytext makes of a header with more than Jupyter's metadata."""
    block = lines[header.start : header.length]
    source = "\n".join(block[:-1] if not block[-1].lstrip("#").strip() else block)
    start = offsets[header.start]
    return Cell(
        index=0,
        kind="raw",
        source=source,
        metadata={},
        line=header.start + 1,
        start=start,
        end=start + len(source),
        block_start=start,
        block_end=offsets[header.length],
        marker=None,
    )


def _offsets(lines: list[str], length: int) -> list[int]:
    """Where each line begins, and at last where the text ends."""
    offsets, at = [], 0
    for line in lines:
        offsets.append(at)
        at += len(line) + 1
    return [*offsets, length]


def _read_cell(lines: list[str], offsets: list[int], first: int, index: int) -> tuple[Cell, int]:
    marker = read_marker(lines[first]) if is_marker(lines[first]) else None
    metadata = _metadata(marker)
    kind = _kind(marker, metadata)
    next_cell = _next_cell(lines, first, kind)
    body = first if marker is None else first + 1
    stop = max(body, next_cell - _blank_lines(lines[first:next_cell]))
    source = "\n".join(lines[body:stop])
    start = offsets[body]
    cell = Cell(
        index=index,
        kind=kind,
        source=source,
        metadata=metadata,
        line=body + 1,
        start=start,
        end=start + len(source),
        block_start=offsets[first],
        block_end=offsets[next_cell],
        marker=marker,
    )
    return cell, next_cell


def _metadata(marker: Marker | None) -> Mapping[str, object]:
    return {option.key: option.value for option in marker.options} if marker else {}


def _kind(marker: Marker | None, metadata: Mapping[str, object]) -> CellKind:
    if marker is None:
        return "code"
    if marker.kind == "code" and not _active_in_notebook(metadata):
        return "raw"
    return marker.kind


def _active_in_notebook(metadata: Mapping[str, object]) -> bool:
    """jupytext's `is_active(".ipynb", …)`: an `active` list or tag without `ipynb` says no."""
    tags = metadata.get("tags")
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, str) and tag.startswith("active-"):
            return "ipynb" in tag.split("-")
    active = metadata.get("active")
    return "ipynb" in re.split(r"[.,]", active) if isinstance(active, str) else True


def _next_cell(lines: list[str], first: int, kind: CellKind) -> int:
    """The line that begins the next cell. Markers in strings and in fenced blocks do not."""
    quotes = QuoteTracker()
    fence_end = -1
    for number in range(first, len(lines)):
        line = lines[number]
        if quotes.quote:
            quotes.read(line)
            continue
        quotes.read(line)
        if kind != "code":
            if number <= fence_end:
                continue
            fence_end = _fence_end(lines, number)
            if fence_end >= 0:
                continue
        if number > first and is_marker(line):
            return number
    return len(lines)


def _fence_end(lines: list[str], number: int) -> int:
    """The last line of the fenced block that begins on this line, or -1."""
    opening = _FENCE.match(_uncommented(lines[number]))
    if opening is None:
        return -1
    fence = opening.group(1)
    for later in range(number + 1, len(lines)):
        text = _uncommented(lines[later]).strip()
        if len(text) >= len(fence) and set(text) == {fence[0]}:
            return later
    return -1


def _uncommented(line: str) -> str:
    if line.startswith("# "):
        return line[2:]
    return line[1:] if line.startswith("#") else line


def _blank_lines(block: list[str]) -> int:
    """How many lines at the end of a cell only separate it from the next: two (PEP 8), one or 0."""
    if len(block) >= 3 and block[-3].strip() and not block[-2].strip() and not block[-1].strip():
        return 2
    return 1 if block and block[-1] == "" else 0
