"""NBG211: a task that is no task."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Example, Finding, Module, Rule

from ._entries import entries


class ContradictoryTask(Rule):
    """A task is in a cell that is not markdown, or is graded or a solution too.

    ## What it does

    Finds `"task": true` in code and raw cells, and beside `"grade": true` or `"solution": true`.
    (A task without points is NBG106's, one without an id NBG201's.)

    ## Why is this bad?

    nbgrader refuses tasks in other cells ("Task cells have to be markdown"). The second kind it
    accepts, and enters the cell in its database twice, as a task and as what it is else.

    ## Fix safety

    There is no fix: whether it is a task or something else only the author knows.
    """

    code = "NBG211"
    name = "contradictory-task"
    source = "nbgrader, nbgraderformat/v3.py (validate_cell), preprocessors/savecells.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a task in code",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": true}
# Draw the curve.
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="a task",
            bad=None,
            good="""\
# %% [markdown] nbgrader={"grade": false, "grade_id": "a", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": true}
# Draw the curve.
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each such task."""
        for entry in entries(module):
            if entry.is_set("task") and (fault := entry.task_fault):
                yield self.at(entry.cell, fault)
