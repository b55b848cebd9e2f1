"""Puts back what a command damaged, in the text that it left; everything else it did stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
        result = _in_rounds(before, after, found)
        result.to_bytes()
    except (ModfixError, UnsoundEdit, UnicodeEncodeError):
        return None
    return None if damages(before, result, settings) else result


def _in_rounds(before: Document, after: Document, found: list[Damage]) -> Document:
    """The restored file. Of several keys of a cell each has a round: they share a line, or braces.

    Cells keep their indexes; nothing is added or removed.
    """
    cells = sorted({(each.cell, each.after) for each in found})
    exact: list[Replacement] = []
    rounds: dict[int, list[Edit]] = {0: []}
    for cell, to in cells:
        facets = {each.facet for each in found if each.cell == cell}
        if "directive" in facets:
            rounds[0] += _directives(before.cells[cell], after.cells[to])
        if not facets & {"metadata", "marker"}:
            continue
        if (whole := _exact(before, after, cell, to)) is not None:
            exact.append(whole)
            continue
        for number, edit in enumerate(_key_by_key(before.cells[cell], after.cells[to])):
            rounds.setdefault(number, []).append(edit)
    result = after.edited(sorted([*exact, *after.replacements(rounds.pop(0))]))
    for edits in rounds.values():
        result = result.edited(result.replacements(edits))
    return result


def _key_by_key(old: Cell, new: Cell) -> list[Edit]:
    """The metadata that a cell lost; what the command added stays."""
    edits: list[Edit] = []
    for key, value in old.metadata.items():
        now = new.metadata.get(key)
        if key in FLEETING or (key in new.metadata and now == value):
            continue
        both: Any = {**now, **value} if isinstance(now, dict) and isinstance(value, dict) else value
        edits.append(MetadataEdit(new.index, key, both))
    return edits


def _exact(before: Document, after: Document, cell: int, to: int) -> Replacement | None:
    """A cell's metadata to the letter, where the command added none and took nothing fleeting."""
    old, new = before.cells[cell], after.cells[to]
    kept = {k for k in old.metadata if k in new.metadata or k not in FLEETING}
    if kept != set(old.metadata) or _adds(new.metadata, old.metadata):
        return None
    if old.marker is not None and new.marker is not None:
        start = new.block_start
        return Replacement(start, start + len(new.marker.text), old.marker.text)
    return _exact_json(before, after, cell, to)


def _adds(new: Mapping[str, object], old: Mapping[str, object]) -> bool:
    """Whether metadata have a key, or a mapping in them a member, that they did not have."""
    for key, value in new.items():
        had = old.get(key)
        more = isinstance(value, dict) and isinstance(had, dict) and not set(value) <= set(had)
        if key not in old or more:
            return True
    return False


def _exact_json(before: Document, after: Document, cell: int, to: int) -> Replacement | None:
    old, new = before.layout, after.layout
    if not isinstance(old, NotebookLayout) or not isinstance(new, NotebookLayout):
        return None
    mine = old.notebook.parts[cell].members.get("metadata")
    their = new.notebook.parts[to].members.get("metadata")
    if mine is None or their is None or old.style.indent != new.style.indent:
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
