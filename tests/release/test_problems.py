"""What is wrong with a release, told at its place: what nbgrader refuses, breaks and leaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.release.release import Release, release_of
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
    """Line of the file, grade and message of each problem."""
    document = release.version.document
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
