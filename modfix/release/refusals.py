"""Every reason why nbgrader refuses to release a module.

nbgrader raises the first and names no cell. Sources: `nbgraderformat/v3.py`, the clearing
preprocessors, `preprocessors/savecells.py` (what breaks there breaks the release too) and
`preprocessors/instantiatetests.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.document.marker import UNREADABLE
from modfix.nbgrader.clearing import known_language
from modfix.nbgrader.kinds import KEY, is_grade, is_known, is_task
from modfix.nbgrader.schema import Reason, Refusal, notebook_refusals
from modfix.release.problem import Problem
from modfix.release.student import ReleasedCell, StudentVersion

_AUTOTEST = "AUTOTEST"
_REASONS: dict[Reason, str] = {
    "not a mapping": "the nbgrader metadata is no table of keys and values",
    "old version": "`schema_version` is missing or below 3",
    "new version": "`schema_version` is above 3",
    "no version": "`schema_version` is no whole number",
    "missing key": "the nbgrader metadata lacks `{key}`",
    "unknown key": "`{key}` is no key of nbgrader's",
    "wrong type": "`{key}` has a value of the wrong type",
    "wrong value": "`{key}` has a value that nbgrader does not take",
    "id pattern": "`grade_id` may hold letters, digits, `-` and `_` only",
    "no id": "there is no `grade_id`",
    "empty id": "`grade_id` is empty",
    "no points": "a graded cell needs `points`",
    "half graded": "prose that is graded must be a solution too, and the other way round: "
    "`{key}` is not set",
    "task is not markdown": "a task must be a markdown cell",
    "duplicate id": "this `grade_id` is another cell's too",
}


def refusals(version: StudentVersion) -> Iterator[Problem]:
    """What nbgrader refuses, and what makes it fail, in the order of the cells."""
    yield from _language(version)
    yield from _metadata(version.document)
    for cell in version.cells:
        yield from _unreadable(cell.cell)
        yield from _saving(cell.cell)
        yield from _autotests(cell)
        yield from _clearing(cell)


def _language(version: StudentVersion) -> Iterator[Problem]:
    if not known_language(version.language, version.settings) and version.cells:
        text = (
            f"there is no stub for code in `{version.language}`, the kernel's language; "
            "set one in [nbgrader.code-stub]"
        )
        yield Problem("refused", text, 0)


def _metadata(document: Document) -> Iterator[Problem]:
    cells = ((cell.kind, cell.metadata) for cell in document.cells)
    for index, refusal in notebook_refusals(cells):
        yield Problem("refused", _words(refusal), index)


def _words(refusal: Refusal) -> str:
    return _REASONS[refusal.reason].format(key=refusal.key)


def _unreadable(cell: Cell) -> Iterator[Problem]:
    """Metadata that jupytext cannot read makes the cell an ordinary one: nothing is cleared."""
    text = cell.metadata.get(UNREADABLE)
    if isinstance(text, str) and KEY in text:
        words = "the cell's metadata cannot be read, so nothing in it would be cleared or graded"
        yield Problem("error", words, cell.index)


def _saving(cell: Cell) -> Iterator[Problem]:
    """What the validator takes and `generate_assignment` then fails on (measured)."""
    own = cell.nbgrader
    if own is None:
        return
    if is_task(own) and "points" not in own:
        yield Problem(
            "refused", "a task without `points` ends the release with a KeyError", cell.index
        )
    if is_known(own) and is_task(own) and "grade_id" not in own:
        text = "a task without `grade_id` ends the release with a KeyError"
        yield Problem("refused", text, cell.index)
    if is_grade(own) and cell.kind == "raw":
        text = "a raw cell that is graded ends the release with a LookupError"
        yield Problem("refused", text, cell.index)


def _autotests(cell: ReleasedCell) -> Iterator[Problem]:
    if cell.cell.kind != "code" or _AUTOTEST not in cell.given:
        return
    for number, line in enumerate(cell.given.split("\n"), start=1):
        if line.lstrip().startswith("#") and _AUTOTEST in line:
            text = "only nbgrader can write the tests of an AUTOTEST line: release with nbgrader"
            yield Problem("refused", text, cell.cell.index, cell.offset(number))


def _clearing(cell: ReleasedCell) -> Iterator[Problem]:
    for refusal in cell.cleared.refusals:
        text = f"{refusal.preprocessor}: {refusal.message}"
        yield Problem("refused", text, cell.cell.index, cell.offset(refusal.line))
