"""NBG214: a lock that contradicts the kind of the cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import ClassVar

from modfix.nbgrader.kinds import kind_of
from modfix.rule import Applicability, Example, Finding, Module, Options, Rule, Severity

from ._entries import Entry, entries
from ._repair import repair
from .half_graded_prose import is_half_graded

_LOCKED = {"test": True, "task": True, "solution": False, "answer": False}
_WHY = {
    "test": "this test is not locked: nbgrader puts its own text back all the same",
    "task": "this task is not locked: what students change in it stays",
    "solution": "this solution is locked: students are to write in it, and nbgrader lets them",
    "answer": "this answer is locked: students are to write in it, and nbgrader lets them",
}


class ContradictoryLockOptions(Options, frozen=True):
    """Whether the locks are told that nbgrader overrules: all but those of tasks."""

    overruled: bool = True


class ContradictoryLock(Rule):
    """`locked` says something else than the kind of the cell.

    ## What it does

    Finds tests and tasks with `"locked": false`, and solutions and answers with `"locked": true`.

    ## Why is this bad?

    nbgrader does not look at `locked` in tests (always locked) and solutions (never locked): who
    reads the notebook is misled. A task that is not locked students can change.

    ## Fix safety

    Safe: `locked` gets the value of the kind, and the rest of the metadata stays. A task that
    shares its id is not locked before one of them has another (NBG203): nbgrader looks at the ids
    of locked tasks only, and would refuse the notebook from then on.

    ## Options

    `overruled`: whether tests, solutions and answers are found too, whose `locked` nbgrader does
    not look at.
    """

    code = "NBG214"
    name = "contradictory-lock"
    severity = Severity.WARNING
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    source = "nbgrader, utils.py (is_locked)"
    options_type = ContradictoryLockOptions
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="an unlocked test",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": false, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each cell with such a lock."""
        for entry in entries(module):
            if not entry.says("grade", "solution", "locked") or _has_no_kind(entry):
                continue
            kind = kind_of(entry.plain)
            if kind != "task" and not self.options.overruled:
                continue
            if _LOCKED.get(kind, entry.is_set("locked")) != entry.is_set("locked"):
                locked = {"locked": _LOCKED[kind]}
                fix = repair(module, entry, "lock it as its kind is", partial(_with, locked))
                refused = kind == "task" and _has_twin(module, entry)
                yield self.at(entry.cell, _WHY[kind], None if refused else fix)


def _with(more: Mapping[str, object], metadata: dict[str, object]) -> dict[str, object]:
    return {**metadata, **more}


def _has_twin(module: Module, entry: Entry) -> bool:
    """Whether another cell has its id: nbgrader would see that as soon as this one is locked."""
    own = entry.plain.get("grade_id")
    return any(e is not entry and e.plain.get("grade_id") == own for e in entries(module))


def _has_no_kind(entry: Entry) -> bool:
    """Whether other rules say that its flags contradict each other."""
    return entry.cell.kind == "raw" or is_half_graded(entry) or bool(entry.task_fault)
