"""Our schema check accepts exactly what the validator of the installed nbgrader accepts."""

from __future__ import annotations

import logging
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.nbgraderformat import MetadataValidator

from modfix.nbgrader.schema import notebook_refusals

logging.disable(logging.WARNING)  # nbgrader's word on a changed type of cell breaks its own format
VALIDATOR = MetadataValidator()

# What we refuse or accept on purpose where nbgrader does not: none in the schema. Rules go beyond
# it (a newline behind an id, points that are NaN, tasks without points), and say so as theirs.
DIFFERENCES: dict[str, str] = {}

FLAG = st.sampled_from([True, False, True, False, True, False, 0, 1, None, "true"])
ID = st.sampled_from(["a", "b", "a-1", "", "a b", "a\n", "\n", "é", 3, None])
POINTS = st.sampled_from([0, 1, 2.5, -1, -0.5, "2", "", True, None, [1], float("nan"), 1e999])
VERSION = st.sampled_from([3, 3, 3, 3, 3, 3, 0, 1, 2, 4, 3.0, 2.5, "3", None, True, [3]])
CHECKSUM = st.sampled_from(["0" * 32, "0" * 31, "", 3, "é" * 32])
CELL_TYPE = st.sampled_from(["code", "markdown", "raw", "heading", None])
LEGAL = st.fixed_dictionaries(
    {
        "grade": st.booleans(),
        "locked": st.booleans(),
        "solution": st.booleans(),
        "schema_version": st.just(3),
    },
    optional={"task": st.booleans(), "grade_id": st.sampled_from("abc"), "points": st.just(2)},
)
ODD = st.fixed_dictionaries(
    {},
    optional={
        "grade": FLAG,
        "locked": FLAG,
        "solution": FLAG,
        "task": FLAG,
        "grade_id": ID,
        "points": POINTS,
        "schema_version": VERSION,
        "checksum": CHECKSUM,
        "cell_type": CELL_TYPE,
        "extra": st.just(1),
    },
)
ONE_ODD = st.builds(
    lambda legal, odd, keys: {**legal, **{k: odd[k] for k in sorted(odd)[:keys]}},
    LEGAL,
    ODD,
    st.integers(0, 2),
)
METADATA = st.one_of(LEGAL, ONE_ODD, ONE_ODD, ODD, st.sampled_from([{}, None, True, "x", [1]]))
CELL = st.tuples(
    st.sampled_from(["code", "markdown", "raw"]),
    st.one_of(st.just({}), METADATA.map(lambda each: {"nbgrader": each})),
)
MAKE = {
    "code": nbformat.v4.new_code_cell,
    "markdown": nbformat.v4.new_markdown_cell,
    "raw": nbformat.v4.new_raw_cell,
}


def notebook(cells: list[tuple[Any, dict[str, Any]]]) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(
        cells=[MAKE[kind]("x", metadata=metadata) for kind, metadata in cells]
    )


def refused_by_nbgrader(cells: list[tuple[Any, dict[str, Any]]]) -> str:
    """What nbgrader raises, or "". Odd values make it fail with whatever Python raises."""
    try:
        VALIDATOR.validate_nb(notebook(cells))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


@given(st.lists(CELL, min_size=1, max_size=4))
def test_what_we_accept_nbgrader_accepts_and_the_other_way_round(
    cells: list[tuple[Any, dict[str, Any]]],
) -> None:
    ours, theirs = notebook_refusals(cells), refused_by_nbgrader(cells)
    assert bool(ours) == bool(theirs), (ours, theirs)


WHOLE = {"grade": False, "grade_id": "a", "locked": True, "schema_version": 3, "solution": False}
TELLS = [
    ({"schema_version": 2}, "old version", "Outdated schema version: 2"),
    ({"schema_version": None}, "no version", "TypeError"),
    ({"schema_version": "3"}, "no version", "TypeError"),
    ({"schema_version": 3.0}, "no version", "3.0 is not of type 'integer'"),
    ({"schema_version": 4}, "new version", "too new: 4"),
    ({"grade": 1}, "wrong type", "1 is not of type 'boolean'"),
    ({"grade": True}, "no points", "nbgrader cell 'a' does not have points"),
    ({"points": -1}, "wrong value", "-1 is less than the minimum of 0"),
    ({"points": "2"}, "wrong type", "'2' is not of type 'number'"),
    ({"grade_id": "a b"}, "id pattern", "does not match"),
    ({"grade_id": ""}, "empty id", "grade_id is empty"),
    ({"extra": 1}, "unknown key", "Additional properties"),
    ({"checksum": "0"}, "wrong value", "is too short"),
    ({"cell_type": "heading"}, "wrong value", "is not one of"),
    ({"task": True}, "task is not markdown", "Task cells have to be markdown"),
]


@pytest.mark.parametrize(("change", "reason", "theirs"), TELLS)
def test_each_reason_is_nbgraders_own(change: dict[str, Any], reason: str, theirs: str) -> None:
    cells = [("code", {"nbgrader": {**WHOLE, **change}})]
    assert reason in [refusal.reason for _, refusal in notebook_refusals(cells)]  # type: ignore[arg-type]
    assert theirs in refused_by_nbgrader(cells)


def test_the_reasons_of_every_cell_are_told_at_once_where_nbgrader_tells_one() -> None:
    cells: list[tuple[Any, dict[str, Any]]] = [
        ("code", {"nbgrader": {}}),
        ("markdown", {"nbgrader": {**WHOLE, "grade": True, "points": "2"}}),
        ("code", {}),
        ("code", {"nbgrader": WHOLE}),
    ]
    told = [(number, refusal.reason, refusal.key) for number, refusal in notebook_refusals(cells)]
    assert told == [
        (0, "old version", "schema_version"),
        (0, "missing key", "grade"),
        (0, "missing key", "locked"),
        (0, "missing key", "solution"),
        (1, "wrong type", "points"),
        (1, "half graded", "solution"),
        (3, "duplicate id", "grade_id"),
    ]
