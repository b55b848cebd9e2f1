"""Puts back what a command damaged, in the text that it left; everything else it did stays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from modfix.document.cell import Cell
from modfix.document.directives import read_directives
from modfix.document.document import Document
from modfix.document.edit import Edit, MetadataEdit, Replacement, TextEdit, UnsoundEdit
from modfix.document.notebook_layout import NotebookLayout
from modfix.errors import ModfixError
from modfix.guard.compare import damages, line_of
from modfix.guard.damage import FLEETING, RESTORABLE, Damage
from modfix.settings import Settings


def restored(
    before: Document, after: Document, found: Iterable[Damage], settings: Settings
) -> Document | None:
    """The file as the command left it, without the damage; None where that would be guessing."""
    found = list(found)
    if any(each.facet not in RESTORABLE for each in found):
        return None
    try:
        result = after.edited(_replacements(before, after, found))
        result.to_bytes()
    except (ModfixError, UnsoundEdit, UnicodeEncodeError):
        return None
    return None if damages(before, result, settings) else result


def _replacements(before: Document, after: Document, found: list[Damage]) -> list[Replacement]:
    cells = sorted({(each.cell, each.after) for each in found})
    wanted: list[Replacement] = []
    for cell, to in cells:
        facets = {each.facet for each in found if each.cell == cell}
        if facets & {"metadata", "marker"}:
            wanted += _metadata(before, after, cell, to)
        if "directive" in facets:
            wanted += after.replacements(_directives(before.cells[cell], after.cells[to]))
    return sorted(wanted)


def _metadata(before: Document, after: Document, cell: int, to: int) -> list[Replacement]:
    """The metadata of a cell: to the letter where nothing was added to it, else key by key."""
    old, new = before.cells[cell], after.cells[to]
    exact = _exact(before, after, cell, to)
    if exact is not None:
        return [exact]
    edits: list[Edit] = []
    for key, value in old.metadata.items():
        now = new.metadata.get(key)
        if key in FLEETING or (key in new.metadata and now == value):
            continue
        both: Any = {**now, **value} if isinstance(now, dict) and isinstance(value, dict) else value
        edits.append(MetadataEdit(to, key, both))
    if len(edits) > 1 and not after.is_notebook:
        raise UnsoundEdit("several values of one marker line")  # each edit is the whole line
    return after.replacements(edits)


def _exact(before: Document, after: Document, cell: int, to: int) -> Replacement | None:
    old, new = before.cells[cell], after.cells[to]
    kept = {k for k in old.metadata if k in new.metadata or k not in FLEETING}
    if not set(new.metadata) <= set(old.metadata) or kept != set(old.metadata):
        return None
    if old.marker is not None and new.marker is not None:
        start = new.block_start
        return Replacement(start, start + len(new.marker.text), old.marker.text)
    return _exact_json(before, after, cell, to)


def _exact_json(before: Document, after: Document, cell: int, to: int) -> Replacement | None:
    old, new = before.layout, after.layout
    if not isinstance(old, NotebookLayout) or not isinstance(new, NotebookLayout):
        return None
    mine = old.notebook.parts[cell].members.get("metadata")
    their = new.notebook.parts[to].members.get("metadata")
    if mine is None or their is None or old.indent != new.indent:
        return None
    text = before.text[mine.value.start : mine.value.end]
    return Replacement(their.value.start, their.value.end, text)


def _directives(old: Cell, new: Cell) -> list[Edit]:
    """Each directive in its own spelling again, or all of them at the top of the cell."""
    mine, their = read_directives(old.source), read_directives(new.source)
    if [d.name for d in mine] == [d.name for d in their] and all(
        a.leading == b.leading for a, b in zip(mine, their, strict=True)
    ):
        return [
            TextEdit(new.index, b.end - len(_line(new, b.start, b.end)), b.end, line_of(old, a))
            for a, b in zip(mine, their, strict=True)
            if line_of(old, a) != line_of(new, b)
        ]
    return _head_again(old, new)


def _line(cell: Cell, start: int, end: int) -> str:
    return cell.source[start:end].lstrip()


def _head_again(old: Cell, new: Cell) -> list[Edit]:
    """The directives of the old cell's first lines, put before the new cell's other lines."""
    mine = read_directives(old.source)
    lines = old.source.split("\n")[: len(mine)]
    if [line.strip() for line in lines] != [line_of(old, each) for each in mine]:
        raise UnsoundEdit("directives that are not the first lines of their cell")
    edits: list[Edit] = [TextEdit(new.index, 0, 0, "".join(f"{line}\n" for line in lines))]
    names = [each.name for each in mine]
    for each in read_directives(new.source):
        if each.name not in names:
            raise UnsoundEdit("a directive that the cell did not have")
        end = min(each.end + 1, len(new.source))
        edits.append(TextEdit(new.index, each.start, end, ""))
    if (
        new.source[:1]
        and read_directives(new.source)[:1]
        and read_directives(new.source)[0].start == 0
    ):
        first = edits.pop(1)
        assert isinstance(first, TextEdit)
        edits[0] = TextEdit(new.index, 0, first.end, "".join(f"{line}\n" for line in lines))
    return edits
