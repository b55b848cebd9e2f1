"""Percent scripts: lossless, and cell for cell what jupytext reads."""

from pathlib import Path

import jupytext
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modfix.document.document import Document

# What jupytext records to write a cell again, or derives from the marker's title.
JUPYTEXT_ONLY = {"lines_to_next_cell", "title", "cell_marker", "region_name", "cell_depth"}

MARKERS = [
    "# %%",
    "#%%",
    "# %% a title",
    "# %% [markdown]",
    "# %% [md]",
    "# %% [raw]",
    '# %% about things [markdown] tags=["x"]',
    '# %% nbgrader={"grade": false, "grade_id": "a-b", "solution": true}',
    '# %% deletable=false editable=false nbgrader={"grade": true}',
    "# %% nbgrader={'grade': True}",
    '# %% {"nbgrader": {"grade": true}, "tags": ["a"]}',
    '# %% a title {"x": 1}',
    "# %% tags=[1, 2",
    "# %%%% deeper",
    "# In[3]:",
    '# %% active="py"',
]
BODIES = [
    "x = 1",
    "",
    "def f():\n    return 1",
    'def f():\n    """text\n# %% not a marker\n    """',
    "s = '''\n# %%\n'''",
    'print("%% no")  # it\'s',
    "#| export\nimport numpy as np",
    "x = (1\n\n\n     + 2)",
    '"""\nprose with # %% inside\n"""',
    "# prose\n#\n# ```\n# # %% fenced\n# ```",
    "\n\ny = 2",
    "  \n",
    "x = 1\t# tab",
]
HEADERS = [
    "",
    "# ---\n# jupyter:\n#   jupytext:\n#     cell_metadata_filter: -all\n# ---\n\n",
    "#!/usr/bin/env python\n",
    "# -*- coding: utf-8 -*-\n",
    "# ---\n# never closed\n",
    "# ---\n# title: A course\n# jupyter:\n#   jupytext:\n#     main_language: python\n# ---\n\n",
    "#!/usr/bin/env python\n# ---\n# jupyter:\n#   nbgrader: {}\n# author:\n#   - me\n# ---\n",
]
GAPS = ["\n", "\n\n", "\n\n\n", "\n\n\n\n", "\n  \n"]


def read(text: str) -> Document:
    return Document.from_bytes(Path("m_dev.py"), text.encode())


@st.composite
def scripts(draw: st.DrawFn) -> str:
    parts = [draw(st.sampled_from(HEADERS)), draw(st.sampled_from(["", "z = 0\n\n"]))]
    for _ in range(draw(st.integers(0, 5))):
        parts += [
            draw(st.sampled_from(MARKERS)) + "\n",
            draw(st.sampled_from(BODIES)),
            draw(st.sampled_from(GAPS)),
        ]
    return "".join(parts)


def assert_as_jupytext(text: str) -> None:
    ours = read(text).cells
    theirs = jupytext.reads(text, fmt="py:percent").cells
    assert [c.kind for c in ours] == [c.cell_type for c in theirs]
    for our, their in zip(ours, theirs, strict=True):
        kept = {k: v for k, v in their.metadata.items() if k not in JUPYTEXT_ONLY}
        assert dict(our.metadata) == kept
        if our.kind == "code":
            assert our.source == their.source


@given(scripts())
def test_cells_are_those_that_jupytext_reads(text: str) -> None:
    assert_as_jupytext(text)


@given(scripts(), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.booleans())
def test_reading_and_writing_gives_the_same_bytes(
    text: str, newline: str, mark: bool, final: bool
) -> None:
    text = text if final else text.rstrip("\n")
    data = (b"\xef\xbb\xbf" if mark else b"") + text.replace("\n", newline).encode()
    document = Document.from_bytes(Path("m.py"), data)
    assert document.to_bytes() == data
    assert document.edited([]).to_bytes() == data


@given(scripts())
def test_every_cell_knows_its_place(text: str) -> None:
    document = read(text)
    lines = document.text.split("\n")
    for cell in document.cells:
        assert document.text[cell.start : cell.end] == cell.source
        if cell.marker is not None:
            assert lines[cell.line - 2] == cell.marker.text
            assert document.text.startswith(cell.marker.text, cell.block_start)
        if cell.source:
            assert lines[cell.line - 1] == cell.source.split("\n")[0]
    blocks = [document.text[c.block_start : c.block_end] for c in document.cells]
    head = document.cells[0].block_start if document.cells else 0
    assert "".join(blocks) == (document.text[head:] if document.cells else "")


@pytest.mark.parametrize("path", sorted(Path("modules").rglob("*_dev.py")), ids=str)
def test_the_shipped_course_is_read_as_jupytext_reads_it(path: Path) -> None:
    assert_as_jupytext(path.read_text(encoding="utf-8"))
