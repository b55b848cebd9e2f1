"""A pair is in step when jupytext's two files say the same, and only then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from modfix.document.document import Document
from modfix.document.folder import Folder
from modfix.document.pair_difference import differences, related
from modfix.document.pairing import (
    _as_jupytext_does,
    jupytext_options,
    partner,
    partner_path,
)

LINES = [
    "x = 1", "%matplotlib inline", "!ls -l", "y = %who", "z = !ls", "f?", "?f", "ls", "cd ..",
    "# %timeit f(x)", "# a comment", "#no blank", "%%time", "%load_ext a \\", "    more", "",
    'text = """', '"""', "'''", "# # deep", "s = 'ls'", "def f(x):", "    %pwd", "%%bash",
    "# + not a cell", "import os;", "%config A.b = 'c'", "\tindented", "é = '💥'", "cat = 3",
]  # fmt: skip
PROSE = ["# Title", "some *text*", "", "- item", "`%%` in text", "```", "# %% no cell", '"quoted"']
FLAGS: list[dict[str, Any]] = [
    {},
    {"nbgrader": {"grade": False, "grade_id": "a", "locked": True, "schema_version": 3}},
    {"tags": ["hide"]},
    {"run_control": {"frozen": True}},
    {"active": "ipynb"},
    {"tags": ["active-ipynb", "hide"]},
]
FRONT = [
    "---\ntitle: A\n---",
    "---\nNo mapping.\n---",
    "---\ntitle: A: b\nlist:\n  - é\n\nx: |\n  jupyter:\n---",
]
OPTIONS = [{}, {"cell_markers": '"""'}, {"comment_magics": False}, {"cell_metadata_filter": "-all"}]


@st.composite
def cells(draw: st.DrawFn) -> Any:
    """A cell of any kind, its lines chosen so that each rule of jupytext's has its turn."""
    kind = draw(st.sampled_from(["code", "code", "code", "markdown", "raw"]))
    pool = LINES if kind == "code" else PROSE
    source = "\n".join(draw(st.lists(st.sampled_from(pool), max_size=5)))
    make = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}[kind]
    cell = make(source)
    cell.metadata.update(draw(st.sampled_from(FLAGS)))
    return cell


def notebook_cells() -> st.SearchStrategy[Any]:
    """A few cells, some with a raw cell of front matter before them, which goes in the header."""
    front = st.sampled_from(FRONT).map(lambda text: [new_raw_cell(text)])
    made = st.lists(cells(), min_size=1, max_size=4)
    return st.tuples(st.just([]) | front, made).map(lambda both: both[0] + both[1])


def pair(notebook: Any, options: dict[str, Any]) -> tuple[Document, Document] | None:
    """The two files that jupytext makes of a notebook, or None where it cannot read its own."""
    notebook.metadata.update({"jupytext": {"formats": "ipynb,py:percent", **options}})
    try:
        script = jupytext.writes(notebook, fmt={"extension": ".py", "format_name": "percent"})
    except IndexError:  # jupytext 1.19 fails on a cell that is `%%bash` alone
        return None
    back = jupytext.reads(script, fmt={"extension": ".py", "format_name": "percent"})
    if [(c.cell_type, c.source) for c in back.cells] != [
        (c.cell_type, c.source) for c in notebook.cells
    ]:
        return None
    return halves(script, nbformat.writes(notebook))


def halves(script: str, notebook: str) -> tuple[Document, Document]:
    data = {"m.py": script.encode(), "m.ipynb": notebook.encode()}
    read = [Document.from_bytes(Path(name), data[name], Folder.holding(data)) for name in data]
    return read[0], read[1]


def disagreements(document: Document) -> list[str]:
    other = partner(document)
    assert other is not None and other.document is not None
    return [each.message for each in differences(document, other)]


FROZEN = {"run_control": {"frozen": True}}


@given(notebook_cells(), st.sampled_from(OPTIONS))
@example([new_code_cell("%%bash -x\nx = 1\n# y", metadata=FROZEN)], {"cell_markers": '"""'})
def test_what_jupytext_keeps_in_step_does_not_disagree(made: Any, options: dict[str, Any]) -> None:
    if found := pair(new_notebook(cells=made), options):
        for each in found:
            assert disagreements(each) == []


@given(notebook_cells(), st.data())
def test_whatever_is_changed_in_one_half_is_found_in_both(made: Any, data: st.DataObject) -> None:
    notebook = new_notebook(cells=made)
    found = pair(notebook, {})
    if found is None:
        return
    at = data.draw(st.integers(0, len(made) - 1))
    cell = notebook.cells[at]
    change = data.draw(st.sampled_from(["line", "kind", "metadata", "gone", "new"]))
    if change == "line":
        cell.source += "\nchanged = 7"
    elif change == "kind":
        cell.cell_type = "markdown" if cell.cell_type != "markdown" else "raw"
    elif change == "metadata":
        cell.metadata["nbgrader"] = {"grade_id": "another", "points": 9}
    elif change == "gone":
        del notebook.cells[at]
    else:
        notebook.cells.insert(at, new_code_cell("new = 1"))
    text = json.dumps({**notebook, "nbformat_minor": 4})
    for each in halves(found[0].text, text):
        if each.cells:
            assert disagreements(each)


SCRIPT = """\
# %%
import math

# %% [markdown]
# Some text

# %% nbgrader={"grade_id": "f", "points": 2}
x = math.pi
y = 2
"""
META = {"nbgrader": {"grade_id": "f", "points": 2}}
SAME = [
    new_code_cell("import math"),
    new_markdown_cell("Some text"),
    new_code_cell("x = math.pi\ny = 2", metadata=META),
]
PLACES = [
    (1, {"source": "Other text"}, 5, 1, "cell 1 of `m.ipynb` says `Other text` here"),
    (2, {"source": "x = math.pi\ny = 3"}, 9, 1, "cell 2 of `m.ipynb` says `y = 3` here"),
    (2, {"source": "x = math.pi"}, 9, 1, "cell 2 of `m.ipynb` ends before this line"),
    (1, {"cell_type": "raw"}, 4, 1, "this cell is markdown, and cell 1 of `m.ipynb` is raw"),
    (
        2,
        {"metadata": {"nbgrader": {"grade_id": "f", "points": 3}}},
        7,
        1,
        "its nbgrader metadata and that of cell 2 of `m.ipynb` differ: `points` is 2 here and 3 "
        "there",
    ),
]


@pytest.mark.parametrize(("index", "change", "line", "column", "message"), PLACES)
def test_a_disagreement_has_its_cell_and_line(
    index: int, change: dict[str, Any], line: int, column: int, message: str
) -> None:
    cells = [dict(cell) for cell in SAME]
    cells[index] |= change
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    script, _ = halves(SCRIPT, text)
    other = partner(script)
    assert other is not None
    (found,) = differences(script, other)
    assert (found.cell, found.message) == (index, message)
    assert script.place(found.cell, found.offset)[:2] == (line, column)


def test_a_cell_that_one_half_lacks_is_told_where_it_would_stand() -> None:
    text = json.dumps({"cells": SAME[1:], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    script, notebook = halves(SCRIPT, text)
    assert disagreements(script) == ["`m.ipynb` has no such cell"]
    assert disagreements(notebook) == ["`m.py` has a cell 0 that is missing here: `import math`"]


PARTNERS = [
    ("a/m.py", "", "a/m.ipynb"),
    ("a/m.ipynb", "", "a/m.py"),
    ("m.py", "ipynb,py:percent", "m.ipynb"),
    ("m.py", "py:percent,md", None),
    ("m.py", "ipynb,md", None),
    ("m.py", "ipynb,auto:percent", "m.ipynb"),
    ("c/scripts/m.py", "notebooks///ipynb,scripts///py:percent", "c/notebooks/m.ipynb"),
    ("c/notebooks/u/m.ipynb", "notebooks///ipynb,scripts///py:percent", "c/scripts/u/m.py"),
    ("c/scripts/m.py", "ipynb,scripts//py:percent", "c/m.ipynb"),
    ("m.pct.py", "ipynb,.pct.py:percent", "m.ipynb"),
    ("m.ipynb", "ipynb,.pct.py:percent", "m.pct.py"),
    ("m.py", "ipynb,.pct.py:percent", None),
    ("m.py", "nonsense:,,//", None),
]


@pytest.mark.parametrize(("path", "formats", "expected"), PARTNERS)
def test_where_the_other_half_stands(
    path: str, formats: str, expected: str | None, tmp_path: Path
) -> None:
    found = partner_path(tmp_path / path, formats)
    assert (found and found[0]) == (None if expected is None else tmp_path / expected)


FORMS = ["ipynb,py", "a//ipynb,b//py", "a///ipynb,b///py", "ipynb,b//py", "a/x_/ipynb,py"]
FORMS += ["ipynb,.pct.py", "x_/ipynb,.s.py", "a//b/ipynb,c//py", "a/b///ipynb,c///py"]
FORMS += ["a//b/x_/ipynb,c//d/y_/py", "ipynb,../s//py", "a/b//ipynb,c/d//py", "a///ipynb,py"]
PATHS = ["m", "a/m", "b/m", "a/x_m", "x_m", "m.pct", "c/a/u/m", "a/b/m", "c/u/m", "c/d/y_m"]
PATHS += ["a/b/x_m", "a/a/m", "m.s", "c/d/m", "a/b/u/m", "a/u/b/m"]


@pytest.mark.parametrize("formats", FORMS)
def test_places_are_those_of_jupytext(formats: str, tmp_path: Path) -> None:
    for name, suffix in ((name, suffix) for name in PATHS for suffix in (".py", ".ipynb")):
        path, other = tmp_path / f"{name}{suffix}", {".py": ".ipynb", ".ipynb": ".py"}[suffix]
        found = partner_path(path, formats)
        assert found == _as_jupytext_does(path, formats, other), path


SETTINGS = [
    ("jupytext.toml", 'formats = "notebooks///ipynb,scripts///py:percent"\n'),
    ("jupytext.toml", '[formats]\n"notebooks/" = "ipynb"\n"scripts/" = "py:percent"\n'),
    (".jupytext.toml", 'formats = "ipynb,md;notebooks///ipynb,scripts///py:percent"\n'),
    ("pyproject.toml", '[tool.jupytext.formats]\n"notebooks/" = "ipynb"\n"scripts" = "py"\n'),
]


@pytest.mark.parametrize(("name", "text"), SETTINGS)
def test_settings_of_the_course_pair_its_files(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    found = partner_path(tmp_path / "scripts" / "u" / "m.py", "")
    assert found == (tmp_path / "notebooks" / "u" / "m.ipynb", True)
    back = partner_path(tmp_path / "notebooks" / "m.ipynb", "")
    assert back == (tmp_path / "scripts" / "m.py", True)


@pytest.mark.parametrize("text", ["formats = [", "formats = 3", "", "[tool.jupytext]\nformats = 1"])
def test_settings_that_say_nothing_leave_the_name(text: str, tmp_path: Path) -> None:
    (tmp_path / "jupytext.toml").write_text(text)
    (tmp_path / "pyproject.toml").write_text(text)
    assert partner_path(tmp_path / "m.py", "") == (tmp_path / "m.ipynb", False)


def test_formats_are_read_in_the_header_and_in_the_notebook() -> None:
    notebook = new_notebook(cells=[new_code_cell("x = 1")])
    found = pair(notebook, {"cell_metadata_filter": "-all"})
    assert found is not None
    for each in found:
        options = jupytext_options(each)
        assert options["formats"] == "ipynb,py:percent"
        assert options["cell_metadata_filter"] == "-all"


def test_a_file_of_the_same_name_with_other_content_is_no_other_half() -> None:
    text = json.dumps({"cells": SAME[:1], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    stranger, _ = halves("# %%\nimport this\n", text)
    other = partner(stranger)
    assert other is not None and not related(stranger, other)
    assert related(stranger, replace(other, declared=True))


def test_files_without_code_are_halves_by_their_prose() -> None:
    other = {"cells": SAME[1:2], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    for text, same in [("Some text", True), ("Another", False)]:
        script, notebook = halves(f"# %% [markdown]\n# {text}\n", json.dumps(other))
        for each in (script, notebook):
            half = partner(each)
            assert half is not None and related(each, half) is same


@pytest.mark.parametrize(
    "text", ["x = 1\n", "# AUTOGENERATED! DO NOT EDIT! File to edit: m.ipynb.\n# %% auto 0\n"]
)
def test_a_plain_or_generated_script_is_no_other_half(text: str) -> None:
    notebook = json.dumps({"cells": SAME, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    assert partner(halves(text, notebook)[1]) is None
