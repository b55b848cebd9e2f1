"""What we call a flaw of a notebook is what nbformat refuses."""

from __future__ import annotations

import copy
import json
import logging
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from modfix_rules.fmt.invalid_notebook import InvalidNotebook

from modfix.document.document import Document
from modfix.document.notebook import read_notebook
from modfix.document.notebook_schema import cell_flaws, notebook_flaws
from modfix.fix.rounds import repair
from modfix.lint.discover import read_document
from modfix.lint.run import lint
from modfix.settings import Settings

MISSING = object()
VALUES = [
    *(None, 0, 1, -1, True, "", "a", "a,b", "a b", "é", "a" * 65, [], ["a"], ["a", "a"], ["a", 1]),
    *(
        [[]],
        [{}],
        {},
        {"a": 1},
        {"a": "b"},
        {"a": {}},
        {"a": [1]},
        {"name": "p"},
        "auto",
        "code",
        "raw",
    ),
    *({"name": "p", "display_name": "P"}, {"name": 1, "display_name": "P"}, MISSING),
]
OUTPUTS: list[dict[str, Any]] = [
    {"output_type": "stream", "name": "stdout", "text": ["a\n"]},
    {"output_type": "execute_result", "data": {}, "metadata": {}, "execution_count": 1},
    {"output_type": "display_data", "data": {"text/plain": "a"}, "metadata": {}},
    {"output_type": "error", "ename": "E", "evalue": "", "traceback": []},
]
CELL_KEYS = ["cell_type", "id", "metadata", "source", "outputs", "execution_count", "attachments"]
METADATA_KEYS = [
    *("name", "tags", "jupyter", "format", "collapsed", "scrolled", "execution", "nbgrader", "x"),
]
OUTPUT_KEYS = ["output_type", "name", "text", "data", "metadata", "execution_count", "ename"]
TOP_KEYS = ["nbformat_minor", "metadata"]
TOP_METADATA = ["kernelspec", "language_info", "title", "authors", "orig_nbformat", "x"]


def notebook(kind: str = "code", minor: int = 5, output: int = 0) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": "a1", "metadata": {}, "source": ["x = 1"]}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": [copy.deepcopy(OUTPUTS[output])]}
    if minor < 5:
        del cell["id"]
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": minor}


def changed(value: dict[str, Any], path: tuple[Any, ...], to: object) -> dict[str, Any]:
    """A notebook with another value at a path, or without."""
    at: Any = value
    for step in path[:-1]:
        at = at[step]
    if to is MISSING:
        at.pop(path[-1], None)
    else:
        at[path[-1]] = copy.deepcopy(to)
    return value


def refused_by_nbformat(text: str) -> bool:
    """As nbgrader reads a notebook and nbconvert then looks at it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            nbformat.validate(nbformat.reads(text, as_version=4), relax_add_props=True)
        except Exception:  # whatever it fails with, it does not take the notebook
            return True
    return False


def flaws(text: str) -> list[str]:
    read = read_notebook(text)
    found = list(notebook_flaws(read))
    for cell in read.cells:
        found += cell_flaws(read, cell.index)
    return [flaw.text for flaw in found]


PLACES = st.one_of(
    st.sampled_from(CELL_KEYS).map(lambda key: ("cells", 0, key)),
    st.sampled_from(METADATA_KEYS).map(lambda key: ("cells", 0, "metadata", key)),
    st.sampled_from(OUTPUT_KEYS).map(lambda key: ("cells", 0, "outputs", 0, key)),
    st.sampled_from(TOP_KEYS).map(lambda key: (key,)),
    st.sampled_from(TOP_METADATA).map(lambda key: ("metadata", key)),
)


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@given(
    kind=st.sampled_from(["code", "markdown", "raw"]),
    minor=st.sampled_from([0, 1, 2, 3, 4, 5, 9]),
    output=st.sampled_from(range(4)),
    path=PLACES,
    to=st.sampled_from(VALUES),
)
@example("code", 5, 0, ("cells", 0, "outputs"), MISSING)
@example("code", 5, 0, ("cells", 0, "metadata"), [])
def test_a_flaw_is_what_nbformat_refuses(
    kind: str, minor: int, output: int, path: tuple[Any, ...], to: object
) -> None:
    value = notebook(kind, minor, output)
    if "outputs" in path[:-1] and kind != "code":
        return
    text = json.dumps(changed(value, path, to))
    assert bool(flaws(text)) == refused_by_nbformat(text), (text, flaws(text))


@pytest.mark.parametrize("key", ["input", "source"])
@pytest.mark.parametrize("kind", ["code", "markdown", "heading", "raw", "html", "other", MISSING])
def test_a_flaw_of_format_3_is_what_cannot_be_converted(kind: object, key: str) -> None:
    for to in VALUES:
        cell = {"cell_type": kind, key: to, "metadata": {}, "level": 1, "outputs": []}
        cell |= {"language": "python", "prompt_number": 1, "collapsed": False}
        sheet = {"cells": [{k: v for k, v in cell.items() if v is not MISSING}], "metadata": {}}
        whole = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [sheet]}
        for each in (whole, {k: v for k, v in whole.items() if k != "metadata"}):
            text = json.dumps(each)
            assert bool(flaws(text)) == refused_by_nbformat(text), (text, flaws(text))


# What stands in the file before and after the fix: the style of the object stays.
FIXES = {
    '{"cell_type":"code","metadata":{},"source":""}': (
        '{"execution_count":null,"outputs":[],"cell_type":"code","metadata":{},"source":""}'
    ),
    '{"cell_type": "code", "outputs": [], "source": []}': (
        '{"metadata": {}, "execution_count": null, '
        '"cell_type": "code", "outputs": [], "source": []}'
    ),
    '{\n\t"cell_type": "markdown"\n}': (
        '{\n\t"metadata": {},\n\t"source": [],\n\t"cell_type": "markdown"\n}'
    ),
    '{ "cell_type": "raw", "metadata": {}}': (
        '{ "source": [], "cell_type": "raw", "metadata": {}}'
    ),
}


@pytest.mark.parametrize(("before", "after"), FIXES.items())
def test_what_is_missing_is_added_in_the_style_of_the_file(before: str, after: str) -> None:
    others = '{"metadata": {}, "nbformat": 4, "nbformat_minor": 4, "cells": ['
    if ": " not in before:
        others = others.replace(" ", "")
    document = Document.from_bytes(Path("m.ipynb"), f"{others}{before}]}}".encode())
    done = repair(document, [InvalidNotebook()], Settings(), lambda each: True)
    assert done.after.text == f"{others}{after}]}}"
    assert not refused_by_nbformat(done.after.text)


def test_a_notebook_without_metadata_gets_them() -> None:
    cell = '{"cell_type":"raw","metadata":{},"source":"a"}'
    text = f'{{"cells":[{cell}],"nbformat":4,"nbformat_minor":4}}'
    document = Document.from_bytes(Path("m.ipynb"), text.encode())
    done = repair(document, [InvalidNotebook()], Settings(), lambda each: True)
    assert done.after.text == text.replace('{"cells"', '{"metadata":{},"cells"')


def test_the_notebook_of_a_pair_is_looked_at_when_its_script_is_the_module(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("# %%\nx = 1\n")
    value = changed(notebook("code", 4), ("cells", 0, "outputs"), MISSING)
    (tmp_path / "m.ipynb").write_text(json.dumps(value))
    found = lint(read_document(tmp_path / "m.py"), [InvalidNotebook()], Settings())
    (message,) = [each.message for each in found]
    assert message.startswith("`m.ipynb`, cell 0: `outputs` is missing: Jupyter")
    assert message.endswith("; `modfix fix --write` of that file adds it")
