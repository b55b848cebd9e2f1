"""NBG106: a graded cell without points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Applicability, Example, Finding, Module, Rule

from ._entries import Entry, entries
from ._repair import repair


class NoPoints(Rule):
    """A graded cell, or a task, has no points.

    ## What it does

    Finds cells with `"grade": true` or `"task": true` whose metadata has no `points`, or none
    but `null` or `""`.

    ## Why is this bad?

    nbgrader refuses the notebook ("does not have points"). A task without points it accepts, and
    then `generate_assignment` ends with `KeyError: 'points'`.

    ## Fix safety

    Safe: the cell gets the points that the standard gives to a test of this name, or to any
    (`[nbgrader.points]`), as cells without metadata do. Where a course sets `give-default =
    false` there, what a cell is worth is the author's to say, and there is no fix; nor for a task,
    which no test of the standard stands for. nbgrader's own `update` writes 0.
    """

    code = "NBG106"
    name = "no-points"
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    source = "nbgrader, nbgraderformat/v3.py (validate_cell), preprocessors/savecells.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a test that is worth nothing yet",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "test-a", "locked": true, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": true, "grade_id": "test-a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each such cell."""
        for entry in entries(module):
            if entry.lacks_points:
                fix = repair(module, entry, "give the cell the standard's points")
                yield self.at(entry.cell, _message(entry), fix)


def _message(entry: Entry) -> str:
    if entry.is_set("grade"):
        return "this graded cell has no points: nbgrader refuses it"
    return "this task has no points: nbgrader accepts it and fails when it makes the release"
