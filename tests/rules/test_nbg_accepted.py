"""The rules on metadata and the validator of the installed nbgrader agree, in scripts and in
notebooks: what it refuses is an error, what is repaired it accepts, and no score changes."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import nbgrader
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.nbgraderformat import MetadataValidator, SchemaTooNewError, ValidationError
from nbgrader.nbgraderformat.common import SchemaTooOldError

from modfix.nbgrader.kinds import kind_of
from modfix.nbgrader.upgrade import plain
from modfix.rule import Severity
from tests.document.test_notebook_schema import refused_by_nbformat
from tests.nbgrader.test_schema import METADATA
from tests.rules.forms import AnyCell, entries_of, found, mended, notebook, script

pytestmark = pytest.mark.filterwarnings("ignore::nbformat.warnings.MissingIDFieldWarning")
logging.disable(logging.WARNING)
VALIDATOR = MetadataValidator()
REFUSED = (ValidationError, SchemaTooNewError, SchemaTooOldError, TypeError, AttributeError)
CASES = 2_000 if settings.default.max_examples > 1_000 else 200  # type: ignore[union-attr]

# Where a rule says error although nbgrader's validator accepts the cell, and why.
STRICTER = {
    "NBG106": "a task without points: generate_assignment ends with KeyError: 'points'",
    "NBG107": "points that are NaN or infinite: so is every sum of them",
    "NBG201": "an unlocked task without an id: generate_assignment ends with KeyError: 'grade_id'",
    "NBG203": "the id of an unlocked task or an inert cell stands twice: autograding mixes them up",
    "NBG211": "a task that is graded or a solution too: two entries in the database",
    "NBG213": "a graded raw cell: generate_assignment ends with a LookupError",
    "FMT103": "a key that stands twice: only the last value is validated",
}
SOURCES = [
    "x = 1",
    "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION",
    "assert f() == 1",
    "def test_unit_f():\n    assert f() == 1\n\ntest_unit_f()",
]
CELL = st.tuples(
    st.sampled_from(["code", "code", "markdown", "raw"]),
    st.one_of(st.just({}), METADATA.map(lambda each: {"nbgrader": each})),
    st.sampled_from(SOURCES),
)
CELLS = st.lists(CELL, min_size=1, max_size=4)


def accepted(cells: list[Any]) -> bool:
    try:
        VALIDATOR.validate_nb(nbformat.NotebookNode(cells=cells, metadata={}))
    except REFUSED:
        return False
    return True


def parsed(text: str) -> list[Any]:
    """The cells of a text as nbgrader gets them."""
    if text.startswith("{"):
        return list(nbformat.reads(text, as_version=nbformat.NO_CONVERT).cells)
    return list(jupytext.reads(text, fmt="py:percent").cells)


@given(CELLS)
@settings(max_examples=CASES)
def test_what_nbgrader_refuses_is_an_error_and_what_it_accepts_is_none(
    cells: list[AnyCell],
) -> None:
    for text in (script(cells), notebook(cells)):
        errors = {each.finding.code for each in found(text) if each.is_error}
        if accepted(parsed(text)):
            assert errors <= STRICTER.keys()
        else:
            assert errors


FIXTURES = sorted(
    path
    for folder in ("nbgraderformat", "preprocessors")
    for path in (Path(nbgrader.__file__).parent / "tests" / folder / "files").glob("*.ipynb")
)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_nbgraders_own_test_notebooks_are_judged_as_nbgrader_does(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    errors = {each.finding.code for each in found(text) if each.is_error}
    given, after = parsed(text), parsed(mended(text).after.text)
    assert (accepted(given) and not refused_by_nbformat(text)) == (not errors)
    for old, new in zip(given, after, strict=True):
        if json.dumps(old.metadata) != json.dumps(new.metadata):
            assert accepted([new])


@given(CELLS)
@settings(max_examples=CASES // 2)
def test_scripts_and_notebooks_are_judged_and_repaired_alike(cells: list[AnyCell]) -> None:
    one, other = script(cells), notebook(cells)
    assert [_told(each) for each in found(one)] == [_told(each) for each in found(other)]
    for unsafe in (False, True):
        results = [mended(text, unsafe=unsafe).after.text for text in (one, other)]
        assert json.dumps(entries_of(results[0])) == json.dumps(entries_of(results[1]))


def _told(each: Any) -> tuple[str, int, Severity, bool]:
    return each.finding.code, each.cell_index, each.finding.severity, each.finding.fix is not None


@given(CELLS)
@settings(max_examples=CASES // 2)
def test_a_repaired_cell_is_accepted_and_every_other_is_left_alone(cells: list[AnyCell]) -> None:
    text = script(cells)
    after = mended(text).after.text
    for old, new, cell in zip(entries_of(text), entries_of(after), parsed(after), strict=True):
        if json.dumps(old) != json.dumps(new):
            assert accepted([cell])
    assert not mended(after).changed


@given(CELLS)
@settings(max_examples=CASES // 2)
def test_no_safe_fix_changes_a_score_or_an_id(cells: list[AnyCell]) -> None:
    text = script(cells)
    after = mended(text).after.text
    for old, new, cell in zip(entries_of(text), entries_of(after), parsed(text), strict=True):
        if not isinstance(old, dict):
            assert old == new
            continue
        said, says = plain(old), plain(new)
        for key in ("grade", "solution", "task"):
            assert says.get(key) == said.get(key, says.get(key))
        if accepted([cell]):
            assert kind_of(new) == kind_of(old)
        if new.get("grade") or new.get("task"):
            assert repr(says.get("points")) == repr(said.get("points", says.get("points")))
        if said.get("grade_id"):
            assert says["grade_id"] == said["grade_id"]
