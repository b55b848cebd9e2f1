"""Our clearing against nbgrader's own preprocessors, and the cases that people meet."""

from __future__ import annotations

import copy
import logging
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from traitlets.config import Config

from modfix.document.cell import Cell
from modfix.nbgrader.clearing import PREPROCESSORS, cleared, known_language, perfect
from modfix.settings import Nbgrader
from tests.nbgrader.notebooks import document, notebooks

logging.getLogger("traitlets").setLevel(logging.CRITICAL)  # nbgrader tells of each refusal
REAL = (ClearSolutions, ClearHiddenTests, ClearMarkScheme)
LANGUAGES = ("python", "python", "R", "sas", "julia", "")

# What is different on purpose. The generator does not make these; each has its own test below.
DIFFERENT = {
    "refusals": "all of them are told, where nbgrader raises the first and stops",
    "language": "a language without a stub is told beside the other refusals",
}

CONFIGURED = Nbgrader(
    begin_solution="=== BEGIN",
    end_solution="END",
    code_stub={"python": "pass\n# END HIDDEN TESTS"},
    text_stub="",
    enforce_metadata=("hidden-tests",),
    check_attachment_leakage=False,
)
SAME_FOR_NBGRADER = Config(
    ClearSolutions={
        "begin_solution_delimeter": "=== BEGIN",
        "end_solution_delimeter": "END",
        "code_stub": {"python": "pass\n# END HIDDEN TESTS"},
        "text_stub": "",
        "enforce_metadata": False,
    },
    ClearMarkScheme={"enforce_metadata": False, "check_attachment_leakage": False},
)


def by_nbgrader(value: dict[str, Any], config: Config) -> list[str] | tuple[str, str]:
    """The sources that nbgrader leaves, or the preprocessor that refuses and its words."""
    nb = nbformat.from_dict(copy.deepcopy(value))
    for preprocessor in REAL:
        try:
            nb, _ = preprocessor(config=config).preprocess(nb, {})
        except (RuntimeError, ValueError) as error:
            return preprocessor.__name__, " ".join(str(error).split())
    return [cell.source for cell in nb.cells]


def by_us(value: dict[str, Any], chosen: Nbgrader) -> list[str] | tuple[str, str]:
    """The same of ours: the refusal that nbgrader would have come to first."""
    language = value["metadata"].get("kernelspec", {}).get("language", "python")
    if not known_language(language, chosen):
        words = f"language '{language}' has not been specified in ClearSolutions.code_stub"
        return "ClearSolutions", words
    results = [cleared(cell, chosen, language) for cell in document(value).cells]
    refusals = [refusal for result in results for refusal in result.refusals]
    for name in PREPROCESSORS.values():
        first = next((each for each in refusals if each.preprocessor == name), None)
        if first is not None:
            return name, first.message
    return [result.source for result in results]


def agree(value: dict[str, Any], chosen: Nbgrader, config: Config) -> None:
    """Assert that nbgrader and we come to the same."""
    ours, theirs = by_us(value, chosen), by_nbgrader(value, config)
    if isinstance(theirs, tuple):
        assert ours[0] == theirs[0] and theirs[1].startswith(ours[1])
    else:
        assert ours == theirs


@given(notebooks(LANGUAGES))
@settings(max_examples=200)
def test_clearing_agrees_with_nbgrader(value: dict[str, Any]) -> None:
    agree(value, Nbgrader(), Config())


@given(notebooks())
def test_configured_clearing_agrees_with_nbgrader(value: dict[str, Any]) -> None:
    agree(value, CONFIGURED, SAME_FOR_NBGRADER)


@pytest.mark.long
@given(notebooks(LANGUAGES))
@settings(max_examples=5_000)
def test_clearing_agrees_with_nbgrader_at_length(value: dict[str, Any]) -> None:
    agree(value, Nbgrader(), Config())
    agree(value, CONFIGURED, SAME_FOR_NBGRADER)


def code(source: str, **flags: object) -> Cell:
    """A code cell with these flags."""
    return Cell(0, "code", source, {"nbgrader": flags}, 1, 0, len(source), 0, len(source), None)


def test_every_refusal_of_a_cell_is_told() -> None:
    cell = code("# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION\n# BEGIN HIDDEN TESTS")
    told = [(each.preprocessor, each.line) for each in cleared(cell, Nbgrader()).refusals]
    assert told == [
        ("ClearSolutions", 2),
        ("ClearSolutions", 1),
        ("ClearHiddenTests", 4),
        ("ClearHiddenTests", 4),
    ]


def test_each_line_that_is_left_knows_where_it_came_from() -> None:
    cell = code("def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n", solution=True)
    result = cleared(cell, Nbgrader())
    assert [line.origin for line in result.lines] == [1, 0, 0, 5]
    assert result.source == "def f():\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"
    (stripped,) = result.stripped
    assert (stripped.kind, stripped.first, stripped.last) == ("solution", 3, 3)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            "def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION",
            "def f():\n    return 1",
            id="what stood in the region",
        ),
        pytest.param(
            "x = 1  # BEGIN SOLUTION\ny = 2\n# END SOLUTION",
            "y = 2",
            id="code beside a marker is lost for students too",
        ),
        pytest.param(
            "import numpy",
            "# YOUR CODE HERE\nraise NotImplementedError()",
            id="a cell that is blanked gives students nothing to restore",
        ),
    ],
)
def test_a_perfect_student_writes_what_the_regions_held(source: str, expected: str) -> None:
    assert perfect(code(source, solution=True), Nbgrader()) == expected


@given(st.lists(st.sampled_from(["a", "# BEGIN SOLUTION", "# END SOLUTION"])).map("\n".join))
def test_a_cell_that_is_no_solution_keeps_every_other_line(source: str) -> None:
    loose = Nbgrader(enforce_metadata=False)
    kept = cleared(code(source), loose).lines
    assert [line.text for line in kept if line.origin] == [
        source.split("\n")[line.origin - 1] for line in kept if line.origin
    ]
