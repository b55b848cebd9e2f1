"""NBG108: points in a cell that is not graded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Applicability, Example, Finding, Module, Rule

from ._entries import Entry, entries
from ._repair import repair, without


class PointsWithoutGrade(Rule):
    """A cell that is not graded has points.

    ## What it does

    Finds `points` in solutions and read-only cells, and zero points in cells whose flags are all
    false (where there are more, see NBG215: that cell was meant to be graded).

    ## Why is this bad?

    nobody ever gets these points: nbgrader reads them in graded cells and tasks only. Who adds up
    what an assignment is worth by hand comes to another sum.

    ## Fix safety

    Safe: the points go, and no score changes. Where the flags are incomplete, NBG102 comes first.
    """

    code = "NBG108"
    name = "points-without-grade"
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    source = "nbgrader, nbgraderformat/v3.json (points: only present if grade is true), v1.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a solution with points",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each such cell."""
        for entry in entries(module):
            if "points" in entry.old and _is_ungraded(entry) and not has_lost_points(entry):
                points = entry.old["points"]
                text = f"this cell is not graded: nobody gets its points ({points!r})"
                fix = repair(module, entry, "take the points away", without("points"))
                yield self.at(entry.cell, text, fix, severity=entry.severity("points"))


def _is_ungraded(entry: Entry) -> bool:
    if not entry.says("grade", "solution") or "locked" in entry.missing:
        return False
    return not entry.is_set("grade", "task")


def has_lost_points(entry: Entry) -> bool:
    """Whether all flags are false and yet there are points to get."""
    points = entry.plain.get("points")
    return entry.is_inert and isinstance(points, (int, float)) and points > 0
