"""One defect of a cell's metadata, one finding; whole repairs, or none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from modfix.config import settings_from
from modfix.document.folder import Folder
from modfix.rule import Applicability, Severity
from tests.rules.forms import (
    SETTINGS,
    AnyCell,
    entries_of,
    found,
    mended,
    notebook,
    script,
    with_nbgrader,
)

TEST = {"grade": True, "grade_id": "t", "locked": True, "points": 2, "schema_version": 3,
        "solution": False, "task": False}  # fmt: skip
SOLUTION = {"grade": False, "grade_id": "s", "locked": False, "schema_version": 3,
            "solution": True, "task": False}  # fmt: skip
ANSWER = {**TEST, "grade_id": "q", "locked": False, "solution": True}
TASK = {**TEST, "grade": False, "grade_id": "k", "task": True}
READ = {**SOLUTION, "grade_id": "r", "locked": True, "solution": False}
INERT = {**READ, "grade_id": "i", "locked": False}
REGION = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
ERROR, WARNING = Severity.ERROR, Severity.WARNING
SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE
GONE = object()


def changed(base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Metadata with some keys set, or (GONE) taken away."""
    both = {**base, **changes}
    return {key: value for key, value in both.items() if value is not GONE}


# What is wrong, in which kind of cell; the one finding; what a fix (None: there is none) changes.
ONE = [
    # M1, M3: what lacks
    ("code", changed(TEST, schema_version=GONE), "NBG102", ERROR, SAFE, {"schema_version": 3}),
    ("code", changed(TEST, schema_version=2), "NBG102", ERROR, SAFE, {"schema_version": 3}),
    ("code", changed(TEST, schema_version=None), "NBG102", ERROR, SAFE, {"schema_version": 3}),
    ("code", changed(TEST, locked=GONE), "NBG102", ERROR, SAFE, {"locked": True}),
    ("code", changed(SOLUTION, grade=GONE), "NBG102", ERROR, SAFE, {"grade": False}),
    ("code", changed(TEST, solution=GONE), "NBG102", ERROR, SAFE, {"solution": False}),
    ("code", changed(READ, task=GONE), "NBG102", WARNING, SAFE, {"task": False}),
    ("markdown", changed(ANSWER, solution=GONE), "NBG102", ERROR, SAFE, {"solution": True}),
    ("markdown", changed(ANSWER, grade=GONE), "NBG102", ERROR, None, {}),
    ("code", {}, "NBG102", ERROR, SAFE, {"grade": False, "grade_id": "cell-x", "locked": False}),
    # M2
    ("code", changed(TEST, schema_version="3"), "NBG104", ERROR, SAFE, {"schema_version": 3}),
    ("code", changed(TEST, schema_version="2"), "NBG104", ERROR, SAFE, {"schema_version": 3}),
    ("code", changed(TEST, schema_version=3.0), "NBG104", ERROR, SAFE, {"schema_version": 3}),
    ("code", changed(TEST, schema_version=4), "NBG104", ERROR, None, {}),
    ("code", changed(TEST, schema_version="new"), "NBG104", ERROR, None, {}),
    ("code", changed(TEST, schema_version=True), "NBG104", ERROR, None, {}),
    # M4
    ("code", changed(TEST, locked="true"), "NBG105", ERROR, SAFE, {"locked": True}),
    ("code", changed(TEST, task=0), "NBG105", ERROR, SAFE, {"task": False}),
    ("code", changed(TEST, locked=None), "NBG105", ERROR, SAFE, {"locked": True}),
    ("code", changed(TEST, grade_id=7), "NBG105", ERROR, SAFE, {"grade_id": "7"}),
    ("code", changed(TEST, locked="maybe"), "NBG105", ERROR, None, {}),
    ("code", changed(TEST, owner="me"), "NBG105", ERROR, SAFE, {"owner": GONE}),
    ("code", changed(TEST, points=GONE, pionts=2), "NBG105", ERROR, UNSAFE,
     {"pionts": GONE, "points": 2}),
    ("code", "graded", "NBG105", ERROR, None, {}),
    ("code", None, "NBG105", ERROR, None, {}),
    # M5
    ("code", changed(READ, grade_id=GONE), "NBG201", ERROR, SAFE, {"grade_id": "cell-x"}),
    ("code", changed(READ, grade_id=""), "NBG201", ERROR, SAFE, {"grade_id": "cell-x"}),
    ("code", changed(READ, grade_id=None), "NBG201", ERROR, SAFE, {"grade_id": "cell-x"}),
    ("code", changed(INERT, grade_id=GONE), "NBG201", WARNING, SAFE, {"grade_id": "cell-x"}),
    ("markdown", changed(TASK, grade_id=GONE), "NBG201", ERROR, None, {}),
    ("markdown", changed(TASK, grade_id=""), "NBG201", ERROR, None, {}),
    # M6
    ("code", changed(READ, grade_id="a b"), "NBG202", ERROR, UNSAFE, {"grade_id": "a-b"}),
    ("code", changed(READ, grade_id="a\n"), "NBG202", WARNING, UNSAFE, {"grade_id": "a"}),
    ("code", changed(READ, grade_id="Übung 1!"), "NBG202", ERROR, UNSAFE, {"grade_id": "Ubung-1"}),
    ("code", changed(READ, grade_id="?"), "NBG202", ERROR, UNSAFE, {"grade_id": "cell-x"}),
    # M8
    ("code", changed(TEST, points=GONE), "NBG106", ERROR, SAFE, {"points": 5}),
    ("code", changed(TEST, points=""), "NBG106", ERROR, SAFE, {"points": 5}),
    ("markdown", changed(TASK, points=GONE), "NBG106", ERROR, None, {}),
    # M9
    ("code", changed(TEST, points="2"), "NBG107", ERROR, SAFE, {"points": 2}),
    ("code", changed(TEST, points=-1), "NBG107", ERROR, None, {}),
    ("code", changed(TEST, points="many"), "NBG107", ERROR, None, {}),
    ("code", changed(TEST, points=float("nan")), "NBG107", ERROR, None, {}),
    # M10
    ("code", changed(SOLUTION, points=2), "NBG108", WARNING, SAFE, {"points": GONE}),
    ("code", changed(READ, points=-2), "NBG108", ERROR, SAFE, {"points": GONE}),
    ("code", changed(INERT, points=0), "NBG108", WARNING, SAFE, {"points": GONE}),
    # M11
    ("code", changed(TEST, points=0), "NBG109", WARNING, None, {}),
    # M12
    ("code", TASK, "NBG211", ERROR, None, {}),
    ("raw", TASK, "NBG211", ERROR, None, {}),
    ("markdown", changed(TASK, grade=True), "NBG211", ERROR, None, {}),
    ("markdown", changed(TASK, solution=True, locked=False), "NBG211", ERROR, None, {}),
    # M13
    ("markdown", TEST, "NBG212", ERROR, None, {}),
    ("markdown", SOLUTION, "NBG212", ERROR, None, {}),
    # M14
    ("raw", TEST, "NBG213", ERROR, None, {}),
    ("raw", SOLUTION, "NBG213", ERROR, None, {}),
    # M15
    ("code", changed(SOLUTION, checksum="0" * 32), "NBG110", WARNING, SAFE, {"checksum": GONE}),
    ("code", changed(SOLUTION, checksum="0"), "NBG110", ERROR, SAFE, {"checksum": GONE}),
    ("code", changed(SOLUTION, cell_type="markdown"), "NBG110", WARNING, SAFE, {"cell_type": GONE}),
    # M16
    ("code", changed(TEST, locked=False), "NBG214", WARNING, SAFE, {"locked": True}),
    ("code", changed(SOLUTION, locked=True), "NBG214", WARNING, SAFE, {"locked": False}),
    ("markdown", changed(ANSWER, locked=True), "NBG214", WARNING, SAFE, {"locked": False}),
    ("markdown", changed(TASK, locked=False), "NBG214", WARNING, SAFE, {"locked": True}),
    # M17
    ("code", changed(INERT, points=2), "NBG215", WARNING, None, {}),
]  # fmt: skip


@pytest.mark.parametrize("write", [script, notebook])
@pytest.mark.parametrize(("kind", "old", "code", "severity", "sure", "new"), ONE)
def test_one_defect_is_one_finding_and_its_fix_changes_that_alone(
    kind: Any, old: Any, code: str, severity: Severity, sure: Any, new: dict[str, Any], write: Any
) -> None:
    text = write([(kind, {"kept": 1, "nbgrader": old}, _source(code))])
    findings = [each.finding for each in found(text)]
    assert [(f.code, f.severity, f.fix and f.fix.applicability) for f in findings] == [
        (code, severity, sure)
    ]
    result = mended(text, unsafe=True)
    if not new:
        assert not result.changed
        return
    (entry,) = entries_of(result.after.text)
    assert entry == changed({**(old or entry), **new})
    assert found(result.after.text) == []
    assert mended(text).changed == (sure is SAFE)
    assert result.after.cells[0].metadata["kept"] == 1


def _source(code: str) -> str:
    """What says that it is no release, where that matters."""
    return REGION if code == "NBG110" else "x = 1"


GOOD = [
    ("code", TEST, "assert x"),
    ("code", SOLUTION, REGION),
    ("code", ANSWER, "x = 1"),
    ("markdown", ANSWER, "Because."),
    ("markdown", TASK, "Draw it."),
    ("code", READ, "import numpy as np"),
    ("markdown", READ, "Read this."),
    ("raw", READ, "x"),
    ("code", INERT, "print(1)"),
    ("markdown", INERT, "Prose."),
    ("code", changed(TEST, points=0.5), "assert x"),
    ("code", changed(INERT, grade_id="other"), "def f(n):\n    assert n\n    return n"),
]


@pytest.mark.parametrize("write", [script, notebook])
def test_what_nbgrader_writes_itself_has_no_finding(write: Any) -> None:
    cells: list[Any] = []
    for number, (kind, metadata, source) in enumerate(GOOD):
        cells.append((kind, {"nbgrader": {**metadata, "grade_id": f"c{number}"}}, source))
    assert [(each.finding.code, each.cell_index) for each in found(write(cells))] == []


# Ten cells, each with another defect.
PLANTED: list[tuple[str, AnyCell]] = [
    ("NBG102", ("code", {"nbgrader": changed(READ, grade_id="a1", locked=GONE)}, "import os")),
    (
        "NBG104",
        ("code", {"nbgrader": changed(SOLUTION, grade_id="a2", schema_version="3")}, REGION),
    ),
    ("NBG105", ("code", {"nbgrader": changed(READ, grade_id="a3", hidden=True)}, "y = 1")),
    ("NBG106", ("code", {"nbgrader": changed(TEST, grade_id="a4", points=GONE)}, "assert x")),
    ("NBG107", ("code", {"nbgrader": changed(TEST, grade_id="a5", points="2")}, "assert x")),
    ("NBG201", ("code", {"nbgrader": changed(READ, grade_id="")}, "z = 1")),
    ("NBG202", ("code", {"nbgrader": changed(TEST, grade_id="a 7")}, "assert x")),
    ("NBG203", ("code", {"nbgrader": changed(TEST, grade_id="a5")}, "assert x")),
    ("NBG211", ("code", {"nbgrader": changed(TASK, grade_id="a9")}, "# draw")),
    ("NBG212", ("markdown", {"nbgrader": changed(TEST, grade_id="a10")}, "Why?")),
]


@pytest.mark.parametrize("write", [script, notebook])
def test_ten_planted_defects_are_ten_findings_each_at_its_true_line(write: Any) -> None:
    text = write([cell for _, cell in PLANTED])
    mark = "# %%" if write is script else '   "metadata": '
    lines = [at for at, line in enumerate(text.split("\n"), 1) if line.startswith(mark)]
    findings = found(text, "NBG", "FMT")
    assert [(each.finding.code, each.cell_index, each.line) for each in findings] == [
        (code, number, lines[number]) for number, (code, _) in enumerate(PLANTED)
    ]


def cells(*each: tuple[dict[str, Any], str]) -> list[AnyCell]:
    return [("code", {"nbgrader": metadata}, source) for metadata, source in each]


DUPLICATES = [
    # the cells' metadata, which of them are found, and the ids after the unsafe fix
    ([TEST, TEST, TEST], [1, 2], ERROR, ["t", "t-2", "t-3"]),
    ([INERT, {**TEST, "grade_id": "i"}], [0], ERROR, ["i-2", "i"]),
    ([INERT, INERT], [1], WARNING, ["i", "i-2"]),
    ([TEST, changed(TEST, locked=GONE)], [1], ERROR, ["t", "t-2"]),
    ([TEST, {**TEST, "grade_id": "t-2"}, TEST], [2], ERROR, ["t", "t-2", "t-3"]),
    ([TEST, {**READ, "grade_id": "T"}], [], ERROR, ["t", "T"]),
]


@pytest.mark.parametrize(("given", "at", "severity", "ids"), DUPLICATES)
def test_the_copies_get_another_id_and_only_if_asked(
    given: list[dict[str, Any]], at: list[int], severity: Severity, ids: list[str]
) -> None:
    text = script(cells(*((metadata, "y = 1") for metadata in given)))
    findings = found(text, "NBG203")
    assert [(each.cell_index, each.finding.severity) for each in findings] == [
        (number, severity) for number in at
    ]
    assert not mended(text, "NBG203").changed
    after = mended(text, unsafe=True).after.text
    assert [entry["grade_id"] for entry in entries_of(after)] == ids


def test_two_unlocked_tasks_with_one_id_overwrite_each_other() -> None:
    task: AnyCell = ("markdown", {"nbgrader": changed(TASK, locked=False)}, "Draw.")
    assert [each.cell_index for each in found(script([task, task]), "NBG203")] == [1]


@pytest.mark.parametrize("twin", [changed(TASK, locked=False), {**TEST, "grade_id": "k"}])
def test_a_task_is_not_locked_while_its_id_is_another_cells(twin: dict[str, Any]) -> None:
    """nbgrader looks at the ids of locked tasks only: with the lock it refuses the notebook."""
    kind = "markdown" if twin.get("task") else "code"
    task = changed(TASK, locked=False, grade_id="k")
    pair: list[AnyCell] = [
        (kind, {"nbgrader": {**twin, "grade_id": "k"}}, "assert x" if kind == "code" else "Draw."),
        ("markdown", {"nbgrader": task}, "Draw."),
    ]
    text = script(pair)
    assert "NBG214" in [each.finding.code for each in found(text)]
    assert not mended(text).changed
    after = mended(text, unsafe=True).after.text
    assert found(after) == []


WRITTEN_BY_HAND = [
    (ANSWER, "def f():\n    return 1\n\nassert f() == 1", ["NBG216"]),
    (ANSWER, f"{REGION}\nfor x in (1, 2):\n    assert x", ["NBG216"]),
    (ANSWER, "def f(n):\n    assert n > 0\n    return n", []),
    (ANSWER, "### BEGIN SOLUTION\nassert 1 == 1\n### END SOLUTION", []),
    (ANSWER, 's = """\nassert nothing\n"""', []),
    (INERT, "assert f() == 1", ["NBG215"]),
    (INERT, "def test_unit_f():\n    assert f() == 1\n\ntest_unit_f()", ["NBG215"]),
    (INERT, "def f(n):\n    assert n > 0\n    return n", []),
    (INERT, "class A:\n    def check(self):\n        assert self", []),
    (READ, "assert sys.version_info > (3, 8)", []),
]


@pytest.mark.parametrize(("metadata", "source", "codes"), WRITTEN_BY_HAND)
def test_assertions_that_give_no_points_are_told(
    metadata: dict[str, Any], source: str, codes: list[str]
) -> None:
    for write in (script, notebook):
        findings = found(write(cells((metadata, source))))
        assert [each.finding.code for each in findings] == codes


def test_metadata_of_no_use_goes_where_the_standard_says_so() -> None:
    deleting = with_nbgrader(inert="delete")
    given = cells(
        (INERT, "print(1)"), ({**INERT, "grade_id": "j"}, "assert f()"), (TEST, "assert x")
    )
    for write in (script, notebook):
        text = write(given)
        assert [each.cell_index for each in found(text, "NBG215")] == [1]
        assert [each.cell_index for each in found(text, "NBG215", settings=deleting)] == [0, 1]
        after = mended(text, "NBG1", "NBG2", settings=deleting).after.text
        assert entries_of(after)[0] is None
        assert entries_of(after)[1:] == [{**INERT, "grade_id": "j"}, TEST]
    head, *rest = mended(script(given), "NBG", settings=deleting).after.text.split("\n")
    assert (head, rest[0]) == ("# %%", "print(1)")


def test_a_course_can_leave_the_points_to_its_authors() -> None:
    points = msgspec.structs.replace(SETTINGS.nbgrader.points, give_default=False)
    careful = with_nbgrader(points=points)
    text = script(cells((changed(TEST, points=GONE), "assert x")))
    (finding,) = found(text, settings=careful)
    assert (finding.finding.code, finding.finding.fix) == ("NBG106", None)


def test_plain_nbgrader_misses_no_key_that_it_does_not_need_and_invents_no_points() -> None:
    plain = settings_from({"standard": "nbgrader"}, where="tests")
    given = cells(
        (changed(TEST, task=GONE), "assert x"),
        (changed(INERT, grade_id=GONE), "y = 1"),
        (changed(INERT, grade_id=GONE, task=GONE), "y = 1"),
        (changed(TEST, grade_id="p", points=GONE), "assert x"),
        (changed(TEST, grade_id="v", schema_version=2), "assert x"),
    )
    text = script(given)
    told = [(each.finding.code, each.cell_index) for each in found(text, settings=plain)]
    assert told == [("NBG106", 3), ("NBG102", 4)]
    after = entries_of(mended(text, settings=plain).after.text)
    assert after[:4] == [metadata["nbgrader"] for _, metadata, _ in given[:4]]
    assert after[4] == {**TEST, "grade_id": "v"}


def test_plain_nbgrader_asks_for_the_locks_that_nbgrader_looks_at() -> None:
    plain = settings_from({"standard": "nbgrader"}, where="tests")
    kinds = [("code", TEST, False), ("code", SOLUTION, True), ("markdown", TASK, False)]
    given: list[Any] = [
        (kind, {"nbgrader": changed(metadata, locked=locked, grade_id=f"c{number}")}, "assert x")
        for number, (kind, metadata, locked) in enumerate(kinds)
    ]
    told = found(script(given), settings=plain)
    assert [each.cell_index for each in told if each.finding.code == "NBG214"] == [2]


RELEASES = [
    ("release/ps1", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION", False),
    ("source/ps1", "# YOUR CODE HERE\nraise NotImplementedError()", False),
    ("source/ps1", REGION, True),
    ("source/ps1", "x = 1", False),
]


@pytest.mark.parametrize(("place", "source", "told"), RELEASES)
def test_a_release_keeps_its_checksums(place: str, source: str, told: bool) -> None:
    text = notebook(cells((changed(SOLUTION, checksum="0" * 32), source)))
    folder = Folder(Path(place))
    assert bool(found(text, "NBG110", folder=folder)) == told
    other = notebook(cells((changed(SOLUTION, checksum="0"), source)))
    (finding,) = found(other, "NBG110", folder=folder)
    assert finding.is_error and (finding.finding.fix is not None) == told


def test_a_repair_is_of_the_whole_cell_or_none() -> None:
    hopeless = changed(TEST, locked=GONE, points=-1, schema_version="3")
    text = script(cells((hopeless, "assert x")))
    assert [each.finding.code for each in found(text)] == ["NBG102", "NBG104", "NBG107"]
    assert not mended(text, unsafe=True).changed
    only = mended(script(cells((changed(hopeless, points="2"), "assert x"))), "NBG107")
    assert json.dumps(entries_of(only.after.text)[0]) == json.dumps(dict(sorted(TEST.items())))
