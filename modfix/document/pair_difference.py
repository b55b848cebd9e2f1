"""Where the two halves of a pair disagree: sources, kinds and nbgrader metadata of their cells.

What jupytext keeps apart is no difference: outputs, ids, blank lines at the end of a cell, magics
that the script has commented out, and metadata that `cell_metadata_filter` leaves out of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.document.notebook_text import NotebookText, notebook_text, own_text
from modfix.document.pairing import Partner, jupytext_options

_SHOWN = 60


class Difference(Struct, frozen=True):
    """A disagreement at a cell of the document (and an offset in its source, where one is told)."""

    cell: int
    offset: int | None
    message: str


class _Half(Struct, frozen=True):
    """A cell, its text in the notebook, and its lines as they stand."""

    cell: Cell
    text: NotebookText

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        return self.cell.kind, self.text.lines


def differences(document: Document, partner: Partner) -> list[Difference]:
    """Where a document disagrees with its other half, in order; empty for a pair in step."""
    other = partner.document
    if other is None or not document.cells:
        return []
    ours, theirs = _halves(document), _halves(other)
    filtered = _filtered(document, other)
    found: list[Difference] = []
    for mine, their in _aligned(ours, theirs):
        found += _between(ours, theirs, mine, their, partner.name, filtered)
    return sorted(found, key=lambda each: (each.cell, each.offset or -1))


def related(document: Document, partner: Partner) -> bool:
    """Whether two files are halves of one module: metadata say so, or they share a cell of code.

    Of files of which one has no code, any cell.
    """
    if partner.declared or partner.document is None:
        return True
    both = [
        {half.key for half in _halves(each) if half.text.lines}
        for each in (document, partner.document)
    ]
    code = [{key for key in keys if key[0] == "code"} for keys in both]
    mine, their = code if all(code) else both
    return not mine.isdisjoint(their)


def _halves(document: Document) -> list[_Half]:
    read = own_text if document.is_notebook else notebook_text
    return [_Half(cell, read(cell)) for cell in document.cells]


def _filtered(document: Document, other: Document) -> bool:
    """Whether jupytext leaves nbgrader's metadata out of the script."""
    for each in (document, other):
        keys = [
            key.strip() for key in jupytext_options(each).get("cell_metadata_filter", "").split(",")
        ]
        if "-nbgrader" in keys or ("-all" in keys and not {"nbgrader", "+nbgrader"} & set(keys)):
            return True
    return False


def _aligned(ours: list[_Half], theirs: list[_Half]) -> Iterator[tuple[int, int]]:
    """Pairs of cells by index, -1 for one that has no partner."""
    mine, their = [half.key for half in ours], [half.key for half in theirs]
    if len(mine) == len(their) and _mostly_equal(mine, their):
        yield from ((index, index) for index in range(len(mine)))
        return
    from modfix.document.alignment import Aligned  # PERF: only halves that disagree need it

    for tag, a, b, c, d in Aligned(mine, their, autojunk=False).get_opcodes():
        if tag == "equal" or b - a == d - c:
            yield from zip(range(a, b), range(c, d), strict=True)
        else:
            yield from _nearest(ours, theirs, (a, b), (c, d))


def _mostly_equal(
    mine: list[tuple[str, tuple[str, ...]]], their: list[tuple[str, tuple[str, ...]]]
) -> bool:
    equal = sum(a == b for a, b in zip(mine, their, strict=True))
    return 2 * equal >= len(mine)


def _nearest(
    ours: list[_Half], theirs: list[_Half], mine: tuple[int, int], their: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """Pair cells of two blocks by id or first line, in order; the others stand alone."""
    at = their[0]
    for index in range(*mine):
        fitting = (k for k in range(at, their[1]) if _alike(ours[index], theirs[k]))
        match = next(fitting, -1)
        if match >= 0:
            yield from ((-1, skipped) for skipped in range(at, match))
            at = match + 1
        yield index, match
    yield from ((-1, skipped) for skipped in range(at, their[1]))


def _alike(ours: _Half, theirs: _Half) -> bool:
    mine, their = (half.cell.nbgrader or {} for half in (ours, theirs))
    if mine.get("grade_id") and mine.get("grade_id") == their.get("grade_id"):
        return True
    return bool(ours.text.lines) and ours.text.lines[:1] == theirs.text.lines[:1]


def _between(
    ours: list[_Half], theirs: list[_Half], mine: int, their: int, name: str, filtered: bool
) -> Iterator[Difference]:
    if mine < 0:
        yield _missing_here(ours, theirs, their, name)
    elif their < 0:
        yield Difference(mine, None, f"`{name}` has no such cell")
    else:
        yield from _compared(ours[mine], theirs[their], name, filtered)


def _missing_here(ours: list[_Half], theirs: list[_Half], their: int, name: str) -> Difference:
    """Told at the cell that stands where the missing one would follow."""
    at = min(max(their - 1, 0), len(ours) - 1)
    first = next((line for line in theirs[their].text.lines if line.strip()), "")
    return Difference(
        at, None, f"`{name}` has a cell {their} that is missing here: `{_cut(first)}`"
    )


def _compared(ours: _Half, theirs: _Half, name: str, filtered: bool) -> Iterator[Difference]:
    cell, place = ours.cell, f"cell {theirs.cell.index} of `{name}`"
    if cell.kind != theirs.cell.kind:
        text = f"this cell is {cell.kind}, and {place} is {theirs.cell.kind}"
        yield Difference(cell.index, None, text)
        return
    if ours.text.lines != theirs.text.lines:
        line = _first_difference(ours, theirs)
        if line is not None:
            yield _at_line(ours, theirs, line, place)
    mine, their = (half.cell.metadata.get("nbgrader") for half in (ours, theirs))
    if mine != their and not filtered:
        yield Difference(
            cell.index,
            None,
            f"its nbgrader metadata and that of {place} differ: {_keys(mine, their)}",
        )


def _first_difference(ours: _Half, theirs: _Half) -> int | None:
    """The first line (from 0, in the notebook's text) that differs, or None.

    A line that stands alike in both files is the same, also where jupytext would have to comment.
    """
    mine, their = ours.text.lines, theirs.text.lines
    raw = [half.cell.source.split("\n") for half in (ours, theirs)]
    for line in range(max(len(mine), len(their))):
        if line >= len(mine) or line >= len(their):
            return line
        if mine[line] != their[line] and raw[0][line : line + 1] != raw[1][line : line + 1]:
            return line
    return None


def _at_line(ours: _Half, theirs: _Half, line: int, place: str) -> Difference:
    source = ours.cell.source.split("\n")
    row = min(max(line + ours.text.lead, 0), len(source) - 1)
    offset = sum(len(each) + 1 for each in source[:row])
    if line < len(theirs.text.lines):
        text = f"{place} says `{_cut(theirs.text.lines[line])}` here"
    else:
        text = f"{place} ends before this line"
    return Difference(ours.cell.index, min(offset, len(ours.cell.source)), text)


def _keys(mine: object, their: object) -> str:
    if not isinstance(mine, dict) or not isinstance(their, dict):
        return "only one of the two has any" if None in (mine, their) else "one is no mapping"
    for key in sorted({*mine, *their}, key=str):
        if key not in their:
            return f"only this one has `{key}`"
        if key not in mine:
            return f"only that one has `{key}`"
        if mine[key] != their[key]:
            return f"`{key}` is {mine[key]!r} here and {their[key]!r} there"
    return "their types differ"


def _cut(line: str) -> str:
    text = line.strip()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
