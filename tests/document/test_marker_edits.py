"""Metadata set on any marker of any dialect: that key has the value, nothing else has changed."""

from __future__ import annotations

import contextlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from modfix.document.document import Document
from modfix.document.edit import MetadataEdit, UnsoundEdit
from tests.document.dialects import marker_lines, scripts
from tests.document.jupytext_cells import assert_as_jupytext

VALUES = [{}, {"grade": True, "grade_id": "é\u2028", "points": 1.5, "x": None}, {"a": {"b": []}}]


def read(text: str) -> Document:
    return Document.from_bytes(Path("m.py"), text.encode())


def assert_only_metadata_changes(document: Document, edit: MetadataEdit) -> None:
    try:
        after = document.edited(document.replacements([edit]))
    except UnsoundEdit:  # a marker that cannot hold it: said, and nothing changed
        return
    assert len(after.cells) == len(document.cells)
    for old, new in zip(document.cells, after.cells, strict=True):
        wanted = dict(old.metadata)
        if old.index == edit.cell:
            wanted[edit.key] = edit.value
        assert (new.kind, new.source, new.metadata) == (old.kind, old.source, wanted)
    assert_as_jupytext(after.to_bytes())


@given(st.data(), scripts())
def test_metadata_of_any_cell(data: st.DataObject, text: str) -> None:
    document = read(text)
    if document.cells:
        index = data.draw(st.integers(0, len(document.cells) - 1))
        value = data.draw(st.sampled_from(VALUES))
        assert_only_metadata_changes(document, MetadataEdit(index, "nbgrader", value))


@given(marker_lines(), st.sampled_from(VALUES))
def test_metadata_of_any_marker(marker: str, value: dict[str, object]) -> None:
    document = read(f"{marker}\nx = 1\n")
    for cell in document.cells:
        with contextlib.suppress(UnsoundEdit):
            assert_only_metadata_changes(document, MetadataEdit(cell.index, "nbgrader", value))
