"""Whatever stands in a module, its release keeps the cells and every line that is not cleared."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.errors import ModfixError
from modfix.release.release import release_of

SETTINGS = settings_from({}, where="tests")
FLAGS = '"grade": false, "locked": false, "schema_version": 3, "solution": true, "task": false'
LINES = (
    "# %%",
    "# %% [markdown]",
    "# %% [raw]",
    "# %% a title [markdown] key=1",
    f'# %% nbgrader={{"grade_id": "a", {FLAGS}}}',
    f'# %% [markdown] nbgrader={{"grade_id": "b", {FLAGS.replace("false", "true", 1)}}}',
    '# %% {"nbgrader": {"grade": true}}',
    '"""',
    'r"""',
    "'''",
    '"""text"""',
    "# text",
    "#",
    "",
    "# BEGIN SOLUTION",
    "    ### END SOLUTION",
    "x = 1",
    "def f():",
    "    return f",
    "%matplotlib inline",
    "# %time x",
    "!ls",
    "# ---",
    "# jupyter:",
    "#   kernelspec: {}",
    "\ttext\x0c",
    "```",
    "ünï 🚀",
    "\u2028",
)
TEXT = st.lists(st.sampled_from(LINES), max_size=14).map("\n".join)


def check(text: str) -> None:
    """Release a text, and read the release again."""
    document = Document.from_bytes(Path("any.py"), text.encode())
    try:
        release = release_of(document, SETTINGS)
    except ModfixError as error:
        assert "jupytext" in str(error)  # it cannot read it, or reads other cells
        return
    assert release.data(".ipynb")
    if any(p.grade == "refused" or "other cells" in p.message for p in release.problems):
        return
    again = release.document.cells
    assert [(c.kind, c.id) for c in again] == [(c.kind, c.id) for c in document.cells]
    for cell, before, after in zip(release.version.cells, document.cells, again, strict=True):
        if not cell.changed:
            assert before.source == after.source


@given(TEXT)
@settings(max_examples=150)
def test_any_text_has_a_release_of_the_same_cells(text: str) -> None:
    check(text)


@pytest.mark.long
@given(TEXT)
@settings(max_examples=5_000)
def test_any_text_has_a_release_of_the_same_cells_at_length(text: str) -> None:
    check(text)


CELL = '"cell_type": "code", "outputs": [], "execution_count": null'
MALFORMED = {
    f'[{{{CELL}, "metadata": [1], "source": ""}}]': ["`metadata` is not an object"],
    f'[{{{CELL}, "metadata": null, "source": ""}}]': ["`metadata` is not an object"],
    '[{"cell_type": "code", "metadata": {}, "source": ["a"]}, {"cell_type": "a"}]': [
        *("`execution_count` is missing", "`outputs` is missing"),
        "`cell_type` is not code, markdown or raw",
    ],
}


@pytest.mark.parametrize(("cells", "said"), MALFORMED.items())
def test_a_notebook_that_nbconvert_refuses_is_refused_with_every_reason(
    cells: str, said: list[str]
) -> None:
    text = f'{{"cells": {cells}, "metadata": {{}}, "nbformat": 4, "nbformat_minor": 4}}'
    document = Document.from_bytes(Path("a.ipynb"), text.encode())
    problems = [each for each in release_of(document, SETTINGS).problems if each.grade == "refused"]
    assert [each.message for each in problems] == [f"this notebook is invalid: {t}" for t in said]
    assert all("FMT109" in each.todo for each in problems)


@pytest.mark.parametrize(
    "cells",
    [
        "[]",
        '[{"cell_type": "code"}]',
        f'[{{{CELL}, "source": ["a", 1, null]}}]',
        f'[{{{CELL}, "source": null}}]',
        '[{"cell_type": "heading", "source": "x", "metadata": {"nbgrader": 1}}]',
        f'[{{{CELL}, "metadata": {{"nbgrader": {{"grade": true, "points": "x"}}}}}}]',
        f'[{{{CELL}, "source": "\\ud800", "metadata": {{}}}}]',
    ],
)
def test_an_odd_notebook_does_not_break_the_release(cells: str) -> None:
    text = f'{{"cells": {cells}, "nbformat": 4, "nbformat_minor": 4}}'
    release = release_of(Document.from_bytes(Path("a.ipynb"), text.encode()), SETTINGS)
    assert Document.from_bytes(Path("b.ipynb"), release.data(".ipynb")).cells is not None
