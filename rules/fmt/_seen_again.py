"""Fixes that put nbgrader metadata where nbgrader sees it."""

from __future__ import annotations

from modfix.document.document import Document
from modfix.document.marker import as_mapping, read_marker, with_option, without_option
from modfix.document.notebook_layout import NotebookLayout
from modfix.nbgrader.kinds import KEY
from modfix.nbgrader.unseen import Unseen, letters_of
from modfix.rule import Applicability, Cell, FileEdit, Fix

from ._marker_text import MarkerText, marker_text, reads


def fix_of(document: Document, cell: Cell, found: Unseen) -> Fix | None:
    """The fix for metadata that nbgrader does not see; None where it cannot be read."""
    if cell.marker is None:
        return _in_notebook(document, cell, found)
    text = marker_text(cell)
    fix = None if text is None else _on_marker(cell, text)
    if fix is not None or found.how == "unreadable" or found.meant is None:
        return fix
    return _anew(cell, found)


def _in_notebook(document: Document, cell: Cell, found: Unseen) -> Fix | None:
    """The cell's metadata with the key in the place of those that it is for."""
    layout = document.layout
    if found.meant is None or not isinstance(layout, NotebookLayout):
        return None
    member = layout.notebook.parts[cell.index].members["metadata"]
    new = {
        KEY if key in found.keys else key: found.meant if key in found.keys else value
        for key, value in cell.metadata.items()
    }
    text = layout.style.dumped(new, layout.style.depth(member.start))
    edit = FileEdit(member.value.start, member.value.end, text)
    return Fix(f"move it to `{KEY}`", (edit,), _sure(found.sure))


def _on_marker(cell: Cell, text: MarkerText) -> Fix | None:
    """The metadata written anew in its place; what stands before and behind stays."""
    line = text.line[: text.start] + text.written + text.line[text.end :]
    head, before, after = read_marker(text.line[: text.start]), cell.marker, read_marker(line)
    assert before is not None
    same = (head.title, before.kind) == (after.title, after.kind)
    if not text.value or not reads(line, text.value) or not same:
        return None
    edit = FileEdit(cell.block_start + text.start, cell.block_start + text.end, text.written)
    return Fix("write the metadata as JSON", (edit,), _sure(letters_of(text.name) == KEY))


def _anew(cell: Cell, found: Unseen) -> Fix | None:
    """The marker with the keys taken out and nbgrader's own put in; all else on it stays."""
    assert cell.marker is not None and found.meant is not None
    wanted = {key: value for key, value in cell.metadata.items() if key not in found.keys}
    line = cell.marker.text
    for key in found.keys:
        line = without_option(read_marker(line), key)
    line = with_option(read_marker(line), KEY, found.meant)
    after = as_mapping(read_marker(line).options)
    if after != {**wanted, KEY: found.meant} or read_marker(line).title != cell.marker.title:
        return None
    edit = FileEdit(cell.block_start, cell.block_start + len(cell.marker.text), line)
    return Fix(f"write it under `{KEY}`", (edit,), Applicability.UNSAFE)


def _sure(sure: bool) -> Applicability:
    return Applicability.SAFE if sure else Applicability.UNSAFE
