"""What is wrong with a release, told at its place: what nbgrader refuses, breaks and leaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.release.refusals import _REASONS
from modfix.release.release import Release, release_of
from modfix.report.release import problem_lines
from tests.nbgrader.notebooks import cell as json_cell
from tests.nbgrader.notebooks import metadata, notebook
from tests.verify.modules import line_of, write
from tests.verify.test_grades import ADD, GIVEN, SOLUTION, TEST, cell

SETTINGS = settings_from({}, where="tests")
TASK = {"grade": False, "locked": True, "solution": False, "task": True, "points": 3}
BODY = (
    "    total = 0\n    for each in values:\n        total += each * weights[each]\n"
    "    total /= sum(weights)\n"
)
LONG = cell(
    "weigh",
    SOLUTION,
    f"def weigh(values, weights):\n    ### BEGIN SOLUTION\n{BODY}"
    "    return total / len(values)\n    ### END SOLUTION",
)


def markdown(name: str, flags: dict[str, object], source: str) -> str:
    """A markdown cell with nbgrader metadata."""
    return cell(name, flags, source).replace("# %% nbgrader", "# %% [markdown] nbgrader")


# ruff: noqa: E501  (a table: one case, one line where it can be)
# name: the module, the text of the line that is blamed ("" for none), grade, words
CASES: dict[str, tuple[str, str, str, str]] = {
    "nothing": (ADD + cell("test-add", TEST, "assert add(1, 2) == 3"), "", "", ""),
    "a region without an end": (
        ADD.replace("    ### END SOLUTION\n", ""),
        "### BEGIN SOLUTION",
        "refused",
        "ClearSolutions: no end solution statement found",
    ),
    "a region inside a region": (
        ADD.replace("    return", "    # BEGIN SOLUTION\n    return"),
        "# BEGIN SOLUTION\n    return",
        "refused",
        "nested begin solution",
    ),
    "hidden tests in a solution cell": (
        ADD + cell("b", SOLUTION, "# BEGIN HIDDEN TESTS\n1\n# END HIDDEN TESTS\n# BEGIN SOLUTION"
                   "\n# END SOLUTION"),
        "# BEGIN HIDDEN",
        "refused",
        "Hidden test region detected in a non-grade cell",
    ),
    "old metadata": (
        ADD.replace('"schema_version": 3', '"schema_version": 2'),
        "# %%",
        "refused",
        "`schema_version` is missing or below 3",
    ),
    "an id twice": (ADD + ADD.replace("add(", "more("), "# %%", "refused", "another cell's too"),
    "a task without points": (
        markdown("t", {k: v for k, v in TASK.items() if k != "points"}, "# Do it"),
        "# %%",
        "refused",
        "ends the release with a KeyError",
    ),
    "an attachment in a mark scheme": (
        markdown("t", TASK, "# BEGIN MARK SCHEME\n# ![a](attachment:a.png)\n# END MARK SCHEME"),
        "![a]",
        "refused",
        "Encountered an attachment in a marking scheme",
    ),
    "an autotest": (
        ADD + cell("t", TEST, "### AUTOTEST add(1, 2)"),
        "### AUTOTEST",
        "refused",
        "only nbgrader can write the tests",
    ),
    "metadata that cannot be read": (
        "# %% nbgrader={'grade': false, \"solution\": true}\nx = 1\n",
        "# %%",
        "error",
        "the cell's metadata cannot be read",
    ),
    "no stub for the language": (
        "# ---\n# jupyter:\n#   kernelspec:\n#     display_name: Julia\n#     language: julia\n"
        "#     name: julia\n# ---\n\n# %%\nx = 1\n",
        "# %%",
        "refused",
        "no stub for code in `julia`",
    ),
    "a marker at the margin of a function": (
        ADD.replace("    ### BEGIN", "### BEGIN"),
        "def add",
        "error",
        "what is released of this cell does not parse",
    ),
    "a cell that does not parse anyway": (
        ADD + "\n# %%\ndef broken(:\n    pass\n",
        "def broken",
        "warning",
        "what is released of this cell does not parse",
    ),
    "a hidden test that is a whole body": (
        ADD + cell("t", TEST, "if add(1, 2):\n    # BEGIN HIDDEN TESTS\n    assert 1\n"
                   "    # END HIDDEN TESTS"),
        "if add",
        "error",
        "does not parse",
    ),
    "a marker that is nearly one": (
        ADD + cell("t", TEST, "# BEGIN HIDDEN TEST\nassert add(2, 2) == 4\n# END HIDDEN TEST"),
        "# BEGIN HIDDEN TEST\n",
        "error",
        "is no marker of nbgrader's",
    ),
    "a marker with a letter too few": (
        ADD + cell("t", TEST, "### BEGIN HIDEN TESTS\nassert add(2, 2) == 4"),
        "### BEGIN HIDEN TESTS",
        "error",
        "is no marker of nbgrader's",
    ),
    "the solution in prose": (
        LONG + f"# %% [markdown]\n# The answer:\n#\n#{BODY.replace(chr(10), chr(10) + '# ')}\n",
        "#     for each in values",
        "error",
        "stand here: `for each in values:`",
    ),
    "the solution in other code": (
        LONG + cell("again", GIVEN, f"def other(values, weights):\n{BODY}    return total"),
        "    for each in values:\n        total += each * weights[each]\n"
        "    total /= sum(weights)\n    return total\n",
        "error",
        "of what is stripped from cell 0 (solution) stand here",
    ),
    "a line of the solution in a comment": (
        LONG + "# %%\nx = 1  \n# total += each * weights[each]\n",
        "# total",
        "warning",
        "a line of what is stripped from cell 0 (solution) stands here",
    ),
    "an import in a solution": (
        cell("a", SOLUTION, "# BEGIN SOLUTION\nimport math\n# END SOLUTION")
        + cell("t", TEST, "assert math.pi > 3"),
        "import math",
        "warning",
        "only a solution defines `math`, which visible code needs (first at line 6)",
    ),
    "imports that are blanked": (
        cell("a", SOLUTION, "import math\nfrom os import path")
        + cell("t", TEST, "assert math.pi > 3 and path"),
        "# %%",
        "warning",
        "this cell is released blank: students lose `math`, `path`",
    ),
    "a function that students write whole, by the name they were told": (
        "# %% [markdown]\n# Write `add`.\n\n"
        + cell("a", SOLUTION, "# BEGIN SOLUTION\ndef add(a, b):\n    return a + b\n# END SOLUTION")
        + cell("t", TEST, "assert add(1, 2) == 3"),
        "",
        "",
        "",
    ),
    "a function whose name nobody tells": (
        cell("a", SOLUTION, "# BEGIN SOLUTION\ndef add(a, b):\n    return a + b\n# END SOLUTION")
        + cell("t", TEST, "assert add(1, 2) == 3"),
        "def add",
        "warning",
        "only a solution defines `add`",
    ),
    "a test that compares with the answer": (
        cell("a", SOLUTION, "# BEGIN SOLUTION\nanswer = 42.5\n# END SOLUTION")
        + cell("t", {**TEST, "points": 1}, "# answer\nassert answer == 42.5"),
        "assert answer",
        "warning",
        "quotes the answer of cell 0: it compares with 42.5",
    ),
    "a message that tells the answer": (
        ADD.replace("return a + b", 'return "Paris"')
        + cell("t", TEST, "assert add(1, 2).islower(), f'it is Paris'"),
        "assert add",
        "warning",
        "its message tells 'Paris'",
    ),
    "an ordinary test": (
        ADD.replace("return a + b", "return 1") + cell("t", TEST, "assert add(1, 2) == 1"),
        "",
        "",
        "",
    ),
}  # fmt: skip


def told(release: Release) -> list[tuple[int, str, str]]:
    """Line of the file, grade and message of each problem; each says what to do about it."""
    document = release.version.document
    assert all(p.todo and "{" not in p.todo.replace("{…}", "") for p in release.problems)
    return [(document.place(p.cell, p.offset)[0], p.grade, p.message) for p in release.problems]


@pytest.mark.parametrize(("text", "blamed", "grade", "words"), CASES.values(), ids=CASES)
def test_a_problem_is_told_at_its_place(
    text: str, blamed: str, grade: str, words: str, tmp_path: Path
) -> None:
    document = write(tmp_path, text)
    found = told(release_of(document, SETTINGS))
    if not grade:
        assert found == []
        return
    wanted = [line for line, graded, message in found if graded == grade and words in message]
    assert wanted, found
    assert document.text.split("\n")[wanted[0] - 1].strip() == blamed_line(document, blamed)
    assert {graded for _, graded, _ in found} == {grade}, found


def blamed_line(document: Document, blamed: str) -> str:
    """The line of the file in which a text stands; of markers the first, ids that come twice the
    second."""
    text = document.text
    at = text.index(blamed)
    if blamed == "# %%" and text.count('"grade_id": "add"') == 2:
        at = text.index(blamed, at + 1)
    return text.split("\n")[text.count("\n", 0, at)].strip()


def test_every_reason_is_told_at_once(tmp_path: Path) -> None:
    text = (
        ADD.replace('"schema_version": 3', '"schema_version": 0').replace(
            "    ### END SOLUTION", ""
        )
        + cell("t", TEST, "# BEGIN HIDDEN TESTS\nassert add(1, 2)")
        + markdown("t", {**TASK, "points": -1}, "# Do it")
    )
    found = [
        message
        for _, grade, message in told(release_of(write(tmp_path, text), SETTINGS))
        if grade == "refused"
    ]
    assert found == [
        "`schema_version` is missing or below 3",
        "ClearSolutions: no end solution statement found",
        "ClearHiddenTests: No end hidden tests statement found",
        "`points` has a value that nbgrader does not take",
        "this `grade_id` is another cell's too",
    ]


_TEST = {"grade": True, "solution": False, "locked": True, "task": False, "grade_id": "a",
         "points": 1, "schema_version": 3}  # fmt: skip
_GIVEN = {**_TEST, "grade": False}
del _GIVEN["points"]
_TASK = {**_GIVEN, "task": True, "points": 1}
_TODO_OF = [
    # kind of cell, nbgrader metadata, source; the refusals with what to do about each
    ("code", 7, "1", ["the nbgrader metadata is no table of keys and values; write an object"]),
    ("code", {**_TEST, "schema_version": 2}, "1", ["`schema_version` is missing or below 3; `modfix fix` completes the metadata"]),
    ("code", {**_TEST, "schema_version": 4}, "1", ["`schema_version` is above 3; write 3, the version of this nbgrader"]),
    ("code", {**_TEST, "schema_version": "3"}, "1", ["`schema_version` is no whole number; write the number 3"]),
    ("code", {k: v for k, v in _TEST.items() if k != "locked"}, "1", ["the nbgrader metadata lacks `locked`; `modfix fix` completes it"]),
    ("code", {**_TEST, "color": 1}, "1", ["`color` is no key of nbgrader's; take it out"]),
    ("code", {**_TEST, "locked": "yes"}, "1", ["`locked` has a value of the wrong type; write true or false, without quotes"]),
    ("code", {**_TEST, "points": "2"}, "1", ["`points` has a value of the wrong type; write a number"]),
    ("code", {**_TEST, "grade_id": 2}, "1", ["`grade_id` has a value of the wrong type; write a text"]),
    ("code", {**_TEST, "points": -1}, "1", ["`points` has a value that nbgrader does not take; write a number from 0 on"]),
    ("code", {**_TEST, "checksum": "ab"}, "1", ["`checksum` has a value that nbgrader does not take; write none: nbgrader adds it to a release"]),
    ("code", {**_TEST, "grade_id": "a b"}, "1", ["`grade_id` has other characters than nbgrader takes; use letters, digits, `-` and `_` only"]),
    ("code", {k: v for k, v in _TEST.items() if k != "grade_id"}, "1", ["there is no `grade_id`; give the cell one that no other cell has"]),
    ("code", {**_TEST, "grade_id": ""}, "1", ["`grade_id` is empty; give the cell one that no other cell has"]),
    ("code", {k: v for k, v in _TEST.items() if k != "points"}, "1", ["a graded cell has no `points`; say how many it gives"]),
    ("markdown", _TEST, "1", ["prose is graded or a solution, and not both: `solution` is not set; set both, or neither"]),
    ("code", _TASK, "1", ["a task is no markdown cell; make it one, or take `task` away"]),
    ("raw", _TEST, "1", ["a raw cell that is graded ends the release with a LookupError; make it a code or markdown cell"]),
    # each reason once: the validator takes an unlocked task without an id, and a task without points
    ("markdown", {k: v for k, v in _TASK.items() if k != "points"}, "1", ["a task without `points` ends the release with a KeyError; say how many it gives"]),
    ("markdown", {k: v for k, v in _TASK.items() if k != "grade_id"}, "1", ["there is no `grade_id`; give the cell one that no other cell has"]),
    ("markdown", {k: v for k, v in {**_TASK, "locked": False}.items() if k != "grade_id"}, "1", ["a task without `grade_id` ends the release with a KeyError; give the cell one that no other cell has"]),
    ("code", _TEST, "# BEGIN HIDDEN TESTS\n1", ["ClearHiddenTests: No end hidden tests statement found; write its END marker below the region"]),
    ("code", _TEST, "# BEGIN HIDDEN TESTS\n# BEGIN HIDDEN TESTS\n# END HIDDEN TESTS", ["ClearHiddenTests: Encountered nested begin hidden tests statements; end the first region before the next begins"]),
    ("code", _TEST, "# BEGIN SOLUTION\n1\n# END SOLUTION", ["ClearSolutions: Solution region detected in a non-solution cell; set `solution` to true, or take the markers out"]),
    ("code", _GIVEN, "# BEGIN HIDDEN TESTS\n1\n# END HIDDEN TESTS", ["ClearHiddenTests: Hidden test region detected in a non-grade cell; move it into a cell with `grade` true and `solution` false"]),
    ("code", _TEST, "# BEGIN MARK SCHEME\n1\n# END MARK SCHEME", ["ClearMarkScheme: Mark scheme region detected in a non-grade cell; move it into a task, a markdown cell with `task` true"]),
    ("markdown", _TASK, "BEGIN MARK SCHEME\n![a](attachment:a.png)\nEND MARK SCHEME", ["ClearMarkScheme: Encountered an attachment in a marking scheme; move the picture into a cell of its own"]),
    ("code", _TEST, "### AUTOTEST f(1)", ["only nbgrader can write the tests of an AUTOTEST line; release with `nbgrader generate_assignment`, or write the tests"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "own", "source", "wanted"), _TODO_OF)
def test_each_refusal_says_once_what_and_what_to_do(
    kind: str, own: Any, source: str, wanted: list[str], tmp_path: Path
) -> None:
    made = json_cell(kind, source, own)
    release = release_of(as_notebook(tmp_path, [made]), SETTINGS)
    lines = [click.unstyle(line) for line in problem_lines(release)]
    assert [line.partition(" refused ")[2] for line in lines if " refused " in line] == wanted
    assert all(line.startswith(f"{tmp_path}/sums.ipynb:") for line in lines)


def test_every_reason_of_the_schema_is_among_them() -> None:
    told = " ".join(line for *_, wanted in _TODO_OF for line in wanted)
    missing = [text for text, _ in _REASONS.values() if text.partition("`{")[0] not in told]
    assert missing == ["this `grade_id` is another cell's too"]  # told in `test_a_problem_is_told`


def as_notebook(folder: Path, cells: list[dict[str, Any]], **top: Any) -> Document:
    """Write a notebook and read it back."""
    value = notebook(cells)
    value["metadata"] |= top
    path = folder / "sums.ipynb"
    path.write_text(json.dumps(value, indent=1))
    return Document.from_bytes(path, path.read_bytes())


SECRET = "def f(x):\n    # BEGIN SOLUTION\n    return x * 3.25 + offset(x)\n    # END SOLUTION"


def answer() -> dict[str, Any]:
    """A solution cell of a notebook."""
    return json_cell("code", SECRET, metadata(0, (False, True, False, False)))


def test_saved_outputs_are_gone_and_what_stays_is_searched(tmp_path: Path) -> None:
    own = answer() | {"outputs": [{"output_type": "stream", "name": "stdout", "text": "secret"}]}
    widgets = {"state": {"code": "return x * 3.25 + offset(x)"}}
    release = release_of(as_notebook(tmp_path, [own], widgets=widgets), SETTINGS)
    assert b"secret" not in release.data(".ipynb")
    ((_, grade, message),) = told(release)
    assert grade == "error" and message.startswith("the notebook's metadata keeps a line")


@pytest.mark.parametrize(
    ("name", "text", "ignored", "grades"),
    [
        ("sums.py", f"# %%\n{SECRET}\n", (), ["error"]),
        ("export/sums.py", "y = 1\nreturn x * 3.25 + offset(x)\n", (), ["error"]),
        ("sums.py", f"# %%\n{SECRET}\n", ("*.py",), []),
        ("export/sums.py", f"# %%\n{SECRET}\n", ("export",), []),
        ("data.csv", "1,2\n", (), []),
        ("other.ipynb", SECRET, (), []),
        ("image.png", "\x00\x01", (), []),
    ],
)
def test_files_that_nbgrader_would_copy_along(
    name: str, text: str, ignored: tuple[str, ...], grades: list[str], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    settings = settings_from({"nbgrader": {"ignored-files": ignored or ["feedback"]}}, where="t")
    found = told(release_of(as_notebook(tmp_path, [answer()]), settings))
    assert [grade for _, grade, _ in found] == grades
    assert all(f"nbgrader copies `{name}` into the release" in message for *_, message in found)


def test_a_script_beside_its_notebook_is_told_of(tmp_path: Path) -> None:
    document = write(tmp_path, LONG)
    assert told(release_of(document, SETTINGS)) == []
    document.path.with_suffix(".ipynb").touch()
    ((line, grade, message),) = told(release_of(document, SETTINGS))
    assert (line, grade) == (line_of(document, "# %%"), "warning")
    assert "nbgrader copies `sums_dev.py`" in message
