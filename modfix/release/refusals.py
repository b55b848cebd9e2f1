"""Every reason why nbgrader refuses to release a module.

nbgrader raises the first and names no cell. Sources: `nbgraderformat/v3.py`, the clearing
preprocessors, `preprocessors/savecells.py` (what breaks there breaks the release too),
`preprocessors/instantiatetests.py`; nbconvert's `exporters/exporter.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.document.notebook_layout import NotebookLayout
from modfix.document.notebook_schema import Flaw, cell_flaws, notebook_flaws
from modfix.nbgrader.clearing import known_language
from modfix.nbgrader.kinds import KEY, is_grade, is_task
from modfix.nbgrader.schema import REQUIRED, Reason, Refusal, notebook_refusals
from modfix.nbgrader.unseen import unseen
from modfix.release.problem import Problem
from modfix.release.student import ReleasedCell, StudentVersion

_AUTOTEST = "AUTOTEST"
# What is wrong with the metadata of a cell, and what to do about it.
_REASONS: dict[Reason, tuple[str, str]] = {
    "not a mapping": ("the nbgrader metadata is no table of keys and values", "write an object"),
    "old version": (
        "`schema_version` is missing or below 3", "`modfix fix` completes the metadata"
    ),
    "new version": ("`schema_version` is above 3", "write 3, the version of this nbgrader"),
    "no version": ("`schema_version` is no whole number", "write the number 3"),
    "missing key": ("the nbgrader metadata lacks `{key}`", "`modfix fix` completes it"),
    "unknown key": ("`{key}` is no key of nbgrader's", "take it out"),
    "wrong type": ("`{key}` has a value of the wrong type", "write {type}"),
    "wrong value": ("`{key}` has a value that nbgrader does not take", "write {value}"),
    "id pattern": ("`grade_id` has other characters than nbgrader takes", "use letters, digits, "
                   "`-` and `_` only"),
    "no id": ("there is no `grade_id`", "give the cell one that no other cell has"),
    "empty id": ("`grade_id` is empty", "give the cell one that no other cell has"),
    "no points": ("a graded cell has no `points`", "say how many it gives"),
    "half graded": ("prose is graded or a solution, and not both: `{key}` is not set", "set both, "
                    "or neither"),
    "task is not markdown": ("a task is no markdown cell", "make it one, or take `task` away"),
    "duplicate id": ("this `grade_id` is another cell's too", "give one of them another"),
}  # fmt: skip
_TYPES = {"schema_version": "a whole number", "points": "a number", "grade_id": "a text"}
_VALUES = {
    "points": "a number from 0 on",
    "checksum": "none: nbgrader adds it to a release",
    "cell_type": "none: nbgrader adds it to a release",
}
# What to do about what a clearing preprocessor says, by its words.
_TODOS = (
    ("nested", "end the first region before the next begins"),
    ("no end", "write its END marker below the region"),
    ("Solution region", "set `solution` to true, or take the markers out"),
    ("Hidden test region", "move it into a cell with `grade` true and `solution` false"),
    ("Mark scheme region", "move it into a task, a markdown cell with `task` true"),
    ("attachment", "move the picture into a cell of its own"),
)


def refusals(version: StudentVersion) -> Iterator[Problem]:
    """What nbgrader refuses, and what makes it fail, in the order of the cells."""
    yield from _language(version)
    yield from _schema(version.document)
    yield from _metadata(version.document)
    for cell in version.cells:
        yield from _unreadable(cell.cell)
        yield from _saving(cell.cell)
        yield from _autotests(cell)
        yield from _clearing(cell)


def _language(version: StudentVersion) -> Iterator[Problem]:
    if not known_language(version.language, version.settings) and version.cells:
        text = f"there is no stub for code in `{version.language}`, the kernel's language"
        todo = "set one in [nbgrader.code-stub], as in ClearSolutions.code_stub of nbgrader"
        yield Problem("refused", text, todo, 0)


def _schema(document: Document) -> Iterator[Problem]:
    """What nbconvert, whose preprocessors nbgrader's are, refuses before the first of them."""
    layout = document.layout
    if not isinstance(layout, NotebookLayout) or not document.cells:
        return
    for flaw in notebook_flaws(layout.notebook):
        yield Problem("refused", *_flaw(flaw), 0)
    for cell in document.cells:
        for flaw in cell_flaws(layout.notebook, cell.index):
            yield Problem("refused", *_flaw(flaw), cell.index)


def _flaw(flaw: Flaw) -> tuple[str, str]:
    adds = "`modfix fix` adds it (FMT109)"
    todo = adds if flaw.can_be_added else "write what nbformat wants (FMT109)"
    return f"this notebook is invalid: {flaw.text}", todo


def _metadata(document: Document) -> Iterator[Problem]:
    cells = ((cell.kind, cell.metadata) for cell in document.cells)
    for index, refusal in notebook_refusals(cells):
        yield Problem("refused", *_words(refusal), index)


def _words(refusal: Refusal) -> tuple[str, str]:
    text, todo = _REASONS[refusal.reason]
    key = refusal.key
    kind = _TYPES.get(key, "true or false, without quotes")
    values = _VALUES.get(key, "another")
    return text.format(key=key), todo.format(type=kind, value=values)


def _unreadable(cell: Cell) -> Iterator[Problem]:
    """Metadata that nbgrader does not see makes the cell an ordinary one: nothing is cleared."""
    found = unseen(cell)
    if found is not None:
        how = "cannot be read" if found.how == "unreadable" else f"does not stand under `{KEY}`"
        words = f"the cell's metadata {how}, so nothing in it would be cleared or graded"
        yield Problem("error", words, f"write `{KEY}={{…}}` in JSON (FMT101)", cell.index)


def _saving(cell: Cell) -> Iterator[Problem]:
    """What the validator takes and `generate_assignment` then fails on (measured)."""
    own = cell.nbgrader
    if own is None:
        return
    if is_task(own) and "points" not in own and not is_grade(own):
        text = "a task without `points` ends the release with a KeyError"
        yield Problem("refused", text, "say how many it gives", cell.index)
    if is_task(own) and "grade_id" not in own and not any(map(own.get, REQUIRED)):
        text = "a task without `grade_id` ends the release with a KeyError"
        yield Problem("refused", text, "give the cell one that no other cell has", cell.index)
    if is_grade(own) and cell.kind == "raw":
        text = "a raw cell that is graded ends the release with a LookupError"
        yield Problem("refused", text, "make it a code or markdown cell", cell.index)


def _autotests(cell: ReleasedCell) -> Iterator[Problem]:
    if cell.cell.kind != "code" or _AUTOTEST not in cell.given:
        return
    for number, line in enumerate(cell.given.split("\n"), start=1):
        if line.lstrip().startswith("#") and _AUTOTEST in line:
            text = "only nbgrader can write the tests of an AUTOTEST line"
            todo = "release with `nbgrader generate_assignment`, or write the tests"
            yield Problem("refused", text, todo, cell.cell.index, cell.offset(number))


def _clearing(cell: ReleasedCell) -> Iterator[Problem]:
    for refusal in cell.cleared.refusals:
        text = f"{refusal.preprocessor}: {refusal.message.partition(';')[0].rstrip('.')}"
        todo = next(todo for words, todo in _TODOS if words.lower() in text.lower())
        yield Problem("refused", text, todo, cell.cell.index, cell.offset(refusal.line))
