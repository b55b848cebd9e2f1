"""Does the grading grade: three versions of a module, by nbgrader and by our own runner."""

import json
from pathlib import Path

import pytest

from modfix.config import config_for
from modfix.document.document import Document
from modfix.verify.bench import Bench, Event
from modfix.verify.run import verify
from modfix.verify.steps import grades
from modfix.verify.steps.conversion import to_notebook
from modfix.verify.steps.graded_versions import versions
from modfix.verify.verdict import StepResult
from tests.verify.modules import settings, step, write

SOLUTION = {"grade": False, "locked": False, "solution": True}
TEST = {"grade": True, "locked": True, "solution": False, "points": 4}
GIVEN = {"grade": False, "locked": True, "solution": False}


def cell(name: str, flags: dict[str, object], source: str) -> str:
    """A code cell of a percent script."""
    own = {"grade_id": name, "schema_version": 3, "task": False, **flags}
    return f"# %% nbgrader={json.dumps(own)}\n{source}\n"


ADD = cell(
    "add",
    SOLUTION,
    "def add(a, b):\n    ### BEGIN SOLUTION\n    return a + b\n    ### END SOLUTION",
)
GOOD = ADD + cell("test-add", TEST, "assert add(1, 2) == 3")

# Everything that decides a score, in one module: the name of a cell says what it gets of 4 points
# as the instructor's, unsolved and as the perfect student's.
EVERYTHING = "".join(
    [
        cell("imports", SOLUTION, "import math"),
        ADD,
        cell("full-none-full", TEST, "assert add(1, 2) == 3"),
        cell("full-full-full", TEST, "def test():\n    assert add(1, 2) == 3"),
        cell("full-none-none", TEST, "assert add(1, 2) == math.sqrt(9)"),
        cell("none-none-none", TEST, "assert add(1, 2) == 4"),
        cell("half-none-half", TEST, "add(1, 1)"),
        cell("invalid-none-invalid", TEST, "add(4, 5)"),
        cell("stderr", TEST, "import sys\nx = add(1, 2)\nprint('oh', file=sys.stderr)"),
        cell("warns", TEST, "import warnings\nwarnings.warn(f'{add(1, 2)}')"),
        cell("exits", TEST, "add(1, 2)\nraise SystemExit(0)"),
        cell("text", TEST, "'3' * add(1, 0)"),
        cell("negative", TEST, "-add(1, 2)"),
        cell("zero", TEST, "add(1, -1)"),
        cell("list", TEST, "[add(1, 2)]"),
        cell("nothing", TEST, "None"),
        # Only IPython can run this one, so our runner gives it no score.
        cell("magic", TEST, "%time x = add(1, 2)"),
        cell("hidden", TEST, "### BEGIN HIDDEN TESTS\nassert add(2, 2) == 4\n### END HIDDEN TESTS"),
        cell("empty", TEST, "# nothing here"),
        cell("free", {**TEST, "points": 0}, "add(1, 2)"),
        cell("by-hand", {**TEST, "locked": False, "solution": True}, "1 / 0"),
        cell("after", GIVEN, "raise ValueError"),
    ]
)
NAMED = {"full": 4, "none": 0, "half": 2, "invalid": None}


def scores(events: tuple[Event, ...]) -> dict[tuple[str, int], float | None]:
    """The score of each cell with points in each version."""
    return {(e["version"], e["cell"]): e["score"] for e in events if e["points"]}


def test_our_own_runner_gives_the_scores_that_nbgrader_gives(tmp_path: Path) -> None:
    document = write(tmp_path, EVERYTHING)
    bench = Bench(document, settings(), tmp_path)
    notebook = to_notebook(document)
    made = versions(document, notebook, bench.settings.nbgrader)
    theirs, stopped, note = grades._by_nbgrader(bench, notebook, made)
    assert stopped is None and note == "" and theirs is not None
    ours, stopped = grades._by_ourselves(bench, made)
    assert stopped is None
    (magic,) = (each.index for each in document.cells if each.id == "magic")
    assert scores(ours) == {k: v for k, v in scores(theirs).items() if k[1] != magic}
    for index, each in enumerate(document.cells):
        for version, word in zip(made.sources, str(each.id).split("-"), strict=False):
            if word in NAMED:
                assert scores(theirs)[version, index] == NAMED[word], (each.id, version)


def graded(document: Document, *, own: bool, monkeypatch: pytest.MonkeyPatch) -> StepResult:
    """The step, by nbgrader or as where it is not installed."""
    if own:
        monkeypatch.setattr(grades, "_by_nbgrader", lambda *_: (None, None, ""))
    return step(document, "grades")


CASES = {
    "passes": (GOOD, "passed", "", ""),
    "never called": (
        ADD + cell("test-add", TEST, "def test_add():\n    assert add(1, 2) == 3"),
        "failed",
        "the unsolved release gets 4 of 4 points: nothing in it fails without the solution",
        "the unsolved release gets 4 of 4 in `test-add`",
    ),
    "the instructor fails": (
        ADD + cell("test-add", TEST, "assert add(1, 2) == 4, 'wrong'"),
        "failed",
        "the instructor's version gets 0 of 4 points: AssertionError: wrong",
        "the instructor's version gets 0 of 4 in `test-add`",
    ),
    "a hidden test catches the stub": (
        ADD
        + cell(
            "test-add",
            TEST,
            "### BEGIN HIDDEN TESTS\nassert add(1, 2) == 3\n### END HIDDEN TESTS",
        ),
        "passed",
        "",
        "",
    ),
    "imports are blanked": (
        cell("imports", SOLUTION, "import math")
        + ADD
        + cell("test-add", TEST, "assert add(1, 2) == math.sqrt(9)"),
        "failed",
        "the perfect student gets 0 of 4 points: `imports` is released blank, so `math` "
        "is gone (NBG301)",
        "the perfect student gets 0 of 4 in `test-add`",
    ),
    "an import inside a region": (
        ADD.replace("    ### END", "    # math\n    ### END").replace(
            "def add", "### BEGIN SOLUTION\nimport math\n### END SOLUTION\ndef add"
        )
        + cell("test-add", TEST, "assert add(1, 2) == math.sqrt(9)"),
        "passed",
        "",
        "",
    ),
    "no release": (
        GOOD.replace("    ### END SOLUTION\n", ""),
        "failed",
        "nbgrader refuses to release it: no end solution statement found",
        "",
    ),
}


@pytest.mark.parametrize(("text", "outcome", "reason", "detail"), CASES.values(), ids=CASES)
def test_grades_by_our_own_runner(
    text: str,
    outcome: str,
    reason: str,
    detail: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = graded(write(tmp_path, text), own=True, monkeypatch=monkeypatch)
    assert result.outcome == outcome, result
    assert result.reason.startswith(reason) and detail in result.detail
    if "release" not in result.faults:
        assert "graded by modfix's own runner: nbgrader is not installed" in result.reason


@pytest.mark.parametrize("name", ["passes", "imports are blanked"])
def test_grades_by_nbgrader(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, outcome, reason, detail = CASES[name]
    result = graded(write(tmp_path, text), own=False, monkeypatch=monkeypatch)
    assert (result.outcome, result.reason) == (outcome, reason)
    assert detail in result.detail


def test_what_the_course_takes_for_a_warning_is_told_and_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "modfix.toml").write_text('[severity]\nNBG301 = "warning"\n')
    monkeypatch.setattr(grades, "_by_nbgrader", lambda *_: (None, None, ""))
    document = write(tmp_path, CASES["imports are blanked"][0])
    own = config_for(document.path).settings
    (result,) = verify(document, own, only=["grades"]).steps
    assert result.outcome == "passed" and result.reason.endswith(
        "so `math` is gone (NBG301, a warning); graded by modfix's own runner: nbgrader is not "
        "installed"
    )
    assert result.faults == {"perfect `test-add`"} and result.judged == {"`test-add`"}


SKIPPED = {
    "no autograded cell": ADD,
    "nbgrader does not take the module's metadata": GOOD.replace('"schema_version": 3', '"x": 3'),
    "there is nothing to solve: no solution is cleared": cell("a", GIVEN, "x = 1")
    + cell("test-a", TEST, "assert x"),
    "the notebook's kernel is for r, not for Python": "# ---\n# jupyter:\n#   kernelspec:\n"
    "#     display_name: R\n#     language: R\n#     name: ir\n# ---\n\n" + GOOD,
}


@pytest.mark.parametrize("reason", SKIPPED)
def test_grades_are_skipped_with_the_reason(reason: str, tmp_path: Path) -> None:
    result = step(write(tmp_path, SKIPPED[reason]), "grades")
    assert (result.outcome, result.reason) == ("skipped", reason)


def test_the_cell_that_hangs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grades, "_by_nbgrader", lambda *_: (None, None, ""))
    text = ADD + cell("test-add", TEST, "while add(1, 2):\n    pass")
    result = step(write(tmp_path, text), "grades", timeout=1)
    assert result.outcome == "failed" and result.broken
    assert result.reason == "did not finish within 1 s (settings: verify.timeout)"
    assert result.place is not None and result.place.cell_id == "test-add"
