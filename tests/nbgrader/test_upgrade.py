"""Old metadata ends as nbgrader's own update would leave it, without what that loses."""

from __future__ import annotations

import copy
import json
import logging
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.nbgraderformat import MetadataValidator

from modfix.nbgrader.kinds import is_grade, is_locked, is_solution, is_task
from modfix.nbgrader.upgrade import misspelt, plain
from tests.rules.forms import entries_of, mended, script

logging.disable(logging.WARNING)
VALIDATOR = MetadataValidator()
OLD = st.fixed_dictionaries(
    {"grade_id": st.just("a")},
    optional={
        "schema_version": st.sampled_from([0, 1, 2]),
        "grade": st.booleans(),
        "solution": st.booleans(),
        "locked": st.booleans(),
        "points": st.sampled_from([0, 1, 2.5, "3", "", -1]),
        "checksum": st.just("0" * 32),
        "other": st.just(1),
    },
)


def updated(kind: str, metadata: dict[str, Any]) -> dict[str, Any] | None:
    """What `nbgrader update` makes of a cell's metadata; None where it takes it away, or where
    nbgrader then refuses what it made."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}[kind]
    cell = make("x = 1", metadata={"nbgrader": copy.deepcopy(metadata)})
    VALIDATOR.upgrade_cell_metadata(cell)
    try:
        VALIDATOR.validate_cell(cell)
    except Exception:  # whatever: it is nbgrader's own verdict on its own update
        return None
    return cell.metadata.get("nbgrader")


@given(st.sampled_from(["code", "markdown"]), OLD)
def test_what_nbgrader_updates_we_update_alike(kind: Any, metadata: dict[str, Any]) -> None:
    theirs = updated(kind, metadata)
    text = script([(kind, {"nbgrader": metadata}, "x = 1")])
    ours = entries_of(mended(text).after.text)[0]
    if theirs is None or json.dumps(ours) == json.dumps(metadata):
        return
    for flag in (is_grade, is_solution, is_locked, is_task):
        assert flag(ours) == flag(theirs), flag.__name__
    assert ours["grade_id"] == theirs["grade_id"]
    if is_grade(ours) and metadata.get("points", "") != "":
        assert ours["points"] == theirs["points"]


# What nbgrader's update loses, and what becomes of it here (None: the cell is left alone).
LOSSES = [
    ({"grade": True, "locked": True, "solution": False}, {"points": 5}),  # the standard's, not 0
    ({"grade": True, "locked": True, "solution": False, "points": ""}, {"points": 5}),
    ({"grade": True, "locked": True, "solution": False, "points": -1}, None),
    ({"grade": False, "locked": False, "solution": False}, {"solution": False}),  # not deleted
    ({"solution": False, "schema_version": 1}, {"solution": False}),  # not refused
    ({"solution": True, "locked": False, "schema_version": "2"}, {"grade": False}),  # no TypeError
]


@pytest.mark.parametrize(("old", "kept"), LOSSES)
def test_what_nbgrader_loses_is_kept(old: dict[str, Any], kept: dict[str, Any] | None) -> None:
    metadata = {"grade_id": "a", **old}
    text = script([("code", {"nbgrader": metadata}, "x = 1")])
    result = mended(text)
    ours = entries_of(result.after.text)[0]
    if kept is None:
        assert not result.changed and result.left
        return
    assert ours.items() >= kept.items()
    assert updated("code", ours) == ours


PLAIN = [
    ({"grade": "true", "task": "False"}, {"grade": True, "task": False}),
    ({"grade": 1, "locked": 0}, {"grade": True, "locked": False}),
    ({"points": " 2.50", "schema_version": "3"}, {"points": 2.5, "schema_version": 3}),
    ({"points": "2", "schema_version": 3.0}, {"points": 2, "schema_version": 3}),
    ({"points": "two", "grade": "yes"}, {"points": "two", "grade": "yes"}),
    ({"points": True, "locked": 2}, {"points": True, "locked": 2}),
    ({"points": "-1", "schema_version": 2.5}, {"points": "-1", "schema_version": 2.5}),
    ({"points": "２"}, {"points": "２"}),
    ({"points": "", "grade": None, "grade_id": None, "owner": "me"}, {}),
    ({"grade_id": 7, "schema_version": True}, {"grade_id": "7", "schema_version": True}),
    ({"gradeId": "a", "point": "2", "Task": 0}, {"grade_id": "a", "points": 2, "task": False}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "expected"), PLAIN)
def test_values_are_only_written_in_the_type_that_they_mean(
    old: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert json.dumps(plain(old), sort_keys=True) == json.dumps(expected, sort_keys=True)


def test_an_unknown_key_is_a_misspelt_one_only_where_that_is_missing() -> None:
    assert misspelt({"point": 1}) == {"point": "points"}
    assert misspelt({"point": 1, "points": 2}) == {}
    assert misspelt({"id": "a", "owner": "me", "type": "code"}) == {}
