"""Whatever of metadata and directives a command took is put back, and nothing else is touched."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.guard.advice import advice, tool_of
from modfix.guard.compare import damages
from modfix.guard.damage import FLEETING
from modfix.guard.restore import restored

SETTINGS = settings_from({}, where="tests")
KEYS = ["nbgrader", "tags", "deletable", "scrolled", "collapsed", "mine é"]
SOURCES = ["#| export\nx = 1", "#| hide\n#|eval: false\ny = 2\n", "# text | more", "z = 3", ""]


def values(key: str) -> st.SearchStrategy[Any]:
    if key == "nbgrader":
        return st.fixed_dictionaries(
            {"grade_id": st.sampled_from("abc"), "grade": st.booleans()},
            optional={"points": st.integers(0, 3)},
        )
    return st.sampled_from([True, None, ["a"], "é", {"b": 1}])


@st.composite
def cells(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    metadata = {key: draw(values(key)) for key in keys}
    return {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": metadata,
        "outputs": [],
        "source": draw(st.sampled_from(SOURCES)).splitlines(keepends=True),
    }


@st.composite
def damaged(draw: st.DrawFn, cell: dict[str, Any]) -> dict[str, Any]:
    """A cell after a cleaner and a formatter: keys gone, keys changed, directives respaced."""
    metadata = dict(cell["metadata"])
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True)):
        metadata.pop(key, None)
    if "nbgrader" in metadata and draw(st.booleans()):
        metadata["nbgrader"] = {**metadata["nbgrader"], "grade_id": "changed", "checksum": "c"}
    if draw(st.booleans()):
        metadata["added"] = 1
    source = list(cell["source"])
    if draw(st.booleans()):
        source = [re.sub(r"^#\|\s*", "# | ", line) for line in source]
    return {**cell, "execution_count": None, "metadata": metadata, "source": source}


def read(cells: list[dict[str, Any]], indent: int | None) -> Document:
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    text = json.dumps(whole, indent=indent, ensure_ascii=False) + "\n"
    return Document.from_bytes(Path("m.ipynb"), text.encode())


def expected(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The new cell with what the old one had: members that were added stay."""
    metadata = dict(new["metadata"])
    for key, value in old["metadata"].items():
        if key in FLEETING:
            continue
        now = metadata.get(key)
        both = isinstance(now, dict) and isinstance(value, dict)
        metadata[key] = {**now, **value} if both else value
    return {**new, "metadata": metadata, "source": old["source"]}


@given(st.lists(cells(), min_size=1, max_size=4), st.data(), st.sampled_from([1, 2, None]))
def test_a_damaged_notebook_gets_all_of_it_back(
    made: list[dict[str, Any]], data: st.DataObject, indent: int | None
) -> None:
    changed = [data.draw(damaged(cell)) for cell in made]
    before, after = read(made, indent), read(changed, indent)
    found = damages(before, after, SETTINGS)
    result = restored(before, after, found, SETTINGS)
    assert result is not None
    pairs = zip(made, changed, strict=True)
    assert json.loads(result.text)["cells"] == [expected(old, new) for old, new in pairs]
    assert found or result.text == after.text


def script_of(cells: list[dict[str, Any]]) -> Document:
    """The same cells as a percent script; a key that a marker cannot hold is left out."""
    parts = []
    for cell in cells:
        options = [f"{k}={json.dumps(v)}" for k, v in cell["metadata"].items() if " " not in k]
        parts.append(" ".join(["# %%", *options]) + "\n" + "".join(cell["source"]) + "\n")
    return Document.from_bytes(Path("m.py"), "\n".join(parts).encode())


@given(st.lists(cells(), min_size=1, max_size=4), st.data())
def test_a_damaged_script_gets_all_of_it_back(
    made: list[dict[str, Any]], data: st.DataObject
) -> None:
    changed = [data.draw(damaged(cell)) for cell in made]
    before, after = script_of(made), script_of(changed)
    result = restored(before, after, damages(before, after, SETTINGS), SETTINGS)
    assert result is not None
    for old, new, cell in zip(before.cells, after.cells, result.cells, strict=True):
        wanted = expected(
            {"metadata": old.metadata, "source": old.source}, {"metadata": new.metadata}
        )
        assert (cell.metadata, cell.source) == (wanted["metadata"], wanted["source"])


COMMANDS = [
    (["black", "."], "black"),
    (["/usr/bin/black", "."], "black"),
    (["python", "-m", "black", "."], "black"),
    (["python3", "-X", "dev", "-m", "isort"], "dev"),
    (["uv", "run", "nbdev_clean"], "nbdev_clean"),
    (["env", "A=1", "ruff", "format"], "ruff"),
    (["sh", "-c", "black ."], "black"),
    (["-"], "-"),
]


def test_the_tool_of_a_command_line_is_its_first_name() -> None:
    assert [tool_of(command) for command, _ in COMMANDS] == [tool for _, tool in COMMANDS]
    assert advice(["python", "-m", "black"], "directive").startswith("black has no setting")
    assert advice(["make", "format"], "region") == "keep `make` from this file"
