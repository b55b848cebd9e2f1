"""Cells that are not Python, though they may parse: nothing of Python is said of them, and what is
said of metadata and regions holds for them too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modfix.settings import CODE_STUBS
from tests.rules.forms import AnyCell, found, mended, notebook, script

SOLUTION = {"grade": False, "locked": False, "schema_version": 3, "solution": True, "task": False}
TEST = {"grade": True, "locked": True, "points": 2, "schema_version": 3, "solution": False,
        "task": False}  # fmt: skip
EVERY = ("CMP", "EXP", "FMT", "NBG", "RUN", "SYS")


def cell(name: str, flags: dict[str, Any], source: str) -> AnyCell:
    """A code cell with nbgrader metadata."""
    return "code", {"nbgrader": {**flags, "grade_id": name}}, source


def region(*lines: str) -> str:
    """A solution region around lines."""
    return "\n".join(["### BEGIN SOLUTION", *lines, "### END SOLUTION"])


def codes(text: str) -> list[tuple[str, int]]:
    """What all rules find, and in which cells."""
    return [(each.finding.code, each.cell_index) for each in found(text, *EVERY)]


# As Python each of these would be a finding.
IN_R = [
    cell("a", SOLUTION, region("import math", "f = 3")),
    cell("b", TEST, "def test_f():\n    assert f == 3"),
    cell("c", TEST, "x = 1\nassert x == 1"),
    cell("d", TEST, "print(1)"),
    cell("e", TEST, "try:\n    f\nexcept Exception:\n    pass"),
    cell("f", TEST, "1 + 1"),
    cell("g", TEST, "input()"),
    cell("h", TEST, "if broken(:"),
    cell("i", {**TEST, "grade": False, "points": 0}, "for i in [1]: print(i)"),
]
del IN_R[-1][1]["nbgrader"]["points"]


def kernel(language: str, name: str = "other") -> dict[str, str]:
    return {"display_name": "X", "language": language, "name": name}


def as_notebook(cells: list[AnyCell], **metadata: Any) -> str:
    value = json.loads(notebook(cells))
    value["metadata"] = metadata
    return json.dumps(value)


def as_script(cells: list[AnyCell], language: str) -> str:
    head = f"# ---\n# jupyter:\n#   kernelspec:\n#     language: {language}\n#     name: x\n# ---\n"
    return f"{head}\n{script(cells)}"


NAMED = [
    as_notebook(IN_R, kernelspec=kernel("R", "ir")),
    as_notebook(IN_R, kernelspec={"display_name": "R", "name": "ir"}),
    as_notebook(IN_R, language_info={"name": "R", "codemirror_mode": {"name": "r"}}),
    as_script(IN_R, "R"),
]


@pytest.mark.parametrize("text", NAMED)
def test_no_cell_of_another_kernel_is_read_as_python(text: str) -> None:
    assert codes(text) == []


def test_the_same_cells_are_read_as_python_by_its_kernel() -> None:
    python = as_notebook(IN_R, kernelspec=kernel("python"))
    assert {code for code, _ in codes(python)} >= {"FMT001", "NBG401", "NBG403", "NBG405"}


@pytest.mark.parametrize("language", ["R", "bash", "julia"])
@pytest.mark.parametrize("source", ["def test_f():\n    f(1)", "x = 1\nassert x == 1", "x <- 1"])
def test_a_cell_that_names_its_language_is_not_read_as_python(language: str, source: str) -> None:
    marked = script([cell("a", TEST, source)]).replace(
        "nbgrader=", f'language="{language}" nbgrader='
    )
    assert codes(marked) == []
    assert codes(script([cell("a", TEST, f"%%{language}\n{source}")])) == []
    _, own, _ = cell("a", TEST, source)
    assert codes(notebook([("code", {**own, "vscode": {"languageId": language}}, source)])) == []


# What is said in every language: the cells, and the findings.
SAID: dict[str, tuple[list[AnyCell], list[tuple[str, int]]]] = {
    "an old version": ([cell("a", {**TEST, "schema_version": 2}, "x")], [("NBG102", 0)]),
    "no id": ([cell("", TEST, "x")], [("NBG201", 0)]),
    "an id twice": ([cell("a", TEST, "x"), cell("a", TEST, "y")], [("NBG203", 1)]),
    "a region without an end": (
        [cell("a", SOLUTION, "### BEGIN SOLUTION\nx = 1")], [("NBG302", 0)]),
    "a near miss": (
        [cell("a", TEST, "x\n### BEGIN HIDEN TESTS\ny\n### END HIDDEN TESTS")], [("NBG304", 0)]),
    "a region in a test": ([cell("a", TEST, region("x"))], [("NBG305", 0)]),
    "code on a marker line": (
        [cell("a", SOLUTION, region("x").replace("###", "y = 1 ###", 1))], [("NBG308", 0)]),
    "all hidden": (
        [cell("a", TEST, "# BEGIN HIDDEN TESTS\nx\n# END HIDDEN TESTS")], [("NBG310", 0)]),
    "an empty region": ([cell("a", SOLUTION, f"y = 1\n{region('# soon')}")], [("NBG311", 0)]),
    "an empty test": ([cell("a", TEST, "# soon")], [("NBG311", 0)]),
    "no region": ([cell("a", SOLUTION, "x = 1")], [("NBG301", 0)]),
    "no metadata": ([cell("a", TEST, "x"), ("code", {}, "y = 2")], [("NBG101", 1)]),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "wanted"), SAID.values(), ids=SAID)
def test_metadata_and_regions_are_told_in_every_language(
    cells: list[AnyCell], wanted: list[tuple[str, int]]
) -> None:
    assert codes(as_notebook(cells, kernelspec=kernel("R"))) == wanted
    assert codes(as_script(cells, "R")) == wanted


def test_the_stub_of_its_language_is_no_lost_solution() -> None:
    for stub, wanted in ((CODE_STUBS["R"], []), (CODE_STUBS["python"], [("NBG301", 0)])):
        assert codes(as_notebook([cell("a", SOLUTION, stub)], kernelspec=kernel("R"))) == wanted


def test_what_a_cell_of_another_language_is_for_is_not_guessed() -> None:
    cells: list[AnyCell] = [cell("a", TEST, "x"), ("code", {}, region("y = 2"))]
    assert not mended(as_notebook(cells, kernelspec=kernel("R")), "NBG1", unsafe=True).changed


@pytest.mark.parametrize(
    ("flags", "lines", "wanted"),
    [
        (TEST, "# test -f out.txt", []),
        (TEST, "# # soon", [("NBG311", 0)]),
        (TEST, "test -f out.txt", []),
        (SOLUTION, "# ### BEGIN SOLUTION\n# touch out.txt\n# ### END SOLUTION", []),
        (SOLUTION, "# ### BEGIN SOLUTION\n# # soon\n# ### END SOLUTION", [("NBG311", 0)]),
    ],
)
def test_lines_that_jupytext_comments_out_are_code(
    flags: dict[str, Any], lines: str, wanted: list[tuple[str, int]]
) -> None:
    metadata = json.dumps({**flags, "grade_id": "a"})
    assert codes(f'# %% language="bash" nbgrader={metadata}\n{lines}\n') == wanted


CALLED = "def test_f():\n    pass\n\ntest_f()"


@pytest.mark.parametrize("kept", ["# ls", "x <- 1"])
def test_a_cell_of_another_language_stays_while_the_others_are_repaired(kept: str) -> None:
    text = f'# %%\n{CALLED}\n\n# %% language="bash"\n{kept}\n'
    repaired = mended(text, "RUN101")
    assert repaired.changed and repaired.after.text.endswith(f'\n\n# %% language="bash"\n{kept}\n')


def test_a_course_in_another_language_is_repaired() -> None:
    flags = {key: value for key, value in TEST.items() if key != "task"}
    text = as_notebook([cell("a", flags, "x <- 1")], kernelspec=kernel("R"))
    repaired = mended(text, "NBG102")
    assert repaired.changed and not repaired.left
