"""Metadata that is taken away, and text that stands in no cell: every other byte stays."""

from __future__ import annotations

import json
from pathlib import Path

import jupytext
import pytest

from modfix.document.document import Document
from modfix.document.edit import FileEdit, MetadataRemoval, UnsoundEdit

MARKERS = [
    ('# %% nbgrader={"grade": true}', "# %%"),
    ('# %% A title nbgrader={"grade": true}', "# %% A title"),
    ('# %% nbgrader={"grade": true} tags=["a"]', '# %% tags=["a"]'),
    ('# %% tags=["a"]   nbgrader = {"grade": true}', '# %% tags=["a"]'),
    ('# %% tags=["nbgrader"] nbgrader={"grade": true} .x', '# %% tags=["nbgrader"] .x'),
    ('# %% [markdown] nbgrader={"nbgrader": 1}', "# %% [markdown]"),
    ('# %% {"nbgrader": {"grade": true}}', "# %% {}"),
    ('# %% T {"nbgrader": {"grade": true}, "tags": ["a"]}', '# %% T {"tags": ["a"]}'),
    ('# %% {"tags": ["a"], "nbgrader": {"grade": true}}', '# %% {"tags": ["a"]}'),
]


@pytest.mark.parametrize(("marker", "expected"), MARKERS)
def test_an_option_leaves_its_marker_line(marker: str, expected: str) -> None:
    document = Document.from_bytes(Path("a.py"), f"{marker}\n# x\n".encode())
    after = document.edited(document.replacements([MetadataRemoval(0, "nbgrader")]))
    assert after.text == f"{expected}\n# x\n"
    (cell,) = jupytext.reads(after.text, fmt="py:percent").cells
    before = dict(document.cells[0].metadata)
    del before["nbgrader"]
    assert {**cell.metadata, "title": None} == {**before, "title": None}


METADATA = [
    '{"nbgrader": {"grade": true}}',
    '{"nbgrader": {}, "tags": ["a"]}',
    '{"tags": ["a"],\n "nbgrader": {"b": 1}}',
    '{"a": 1, "nbgrader": 2,\n "c": 3}',
]


@pytest.mark.parametrize("metadata", METADATA)
def test_a_member_leaves_a_notebooks_cell(metadata: str) -> None:
    head = '{"cells": [{"cell_type": "raw", "metadata": '
    tail = ', "source": "nbgrader"}], "metadata": {},  "nbformat": 4, "nbformat_minor": 4}\n'
    document = Document.from_bytes(Path("a.ipynb"), f"{head}{metadata}{tail}".encode())
    after = document.edited(document.replacements([MetadataRemoval(0, "nbgrader")])).text
    assert after.startswith(head) and after.endswith(tail)
    expected = {key: value for key, value in json.loads(metadata).items() if key != "nbgrader"}
    assert json.loads(after)["cells"][0]["metadata"] == expected


UNSOUND = [
    ("a.py", "x = 1\n", MetadataRemoval(0, "nbgrader")),
    ("a.py", "# %%\nx = 1\n", FileEdit(0, 99, "")),
    ("a.py", "# %%\nx = 1\n", FileEdit(3, 2, "")),
    ("a.ipynb", '{"cells": [{"cell_type": "raw", "metadata": {}, "source": ""}], "nbformat": 4}',
     MetadataRemoval(0, "nbgrader")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "edit"), UNSOUND)
def test_an_edit_of_what_is_not_there_is_refused(
    name: str, text: str, edit: MetadataRemoval | FileEdit
) -> None:
    document = Document.from_bytes(Path(name), text.encode())
    with pytest.raises(UnsoundEdit):
        document.replacements([edit])


def test_a_files_own_text_is_replaced_and_nothing_else() -> None:
    data = b"# ---\r\n# jupyter: {}\r\n# ---\r\n\r\n# %%\r\nx = 1\r\n"
    document = Document.from_bytes(Path("a.py"), data)
    at = document.text.index("{}")
    after = document.edited(document.replacements([FileEdit(at, at + 2, "{a: 1}")]))
    assert after.to_bytes() == data.replace(b"{}", b"{a: 1}")
