"""NBG408: the points of a module do not add up to what they should."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from modfix.nbgrader.kinds import is_grade, is_task
from modfix.rule import Cell, Example, Finding, Module, Options, Rule


class PointsTotalOptions(Options, frozen=True):
    """What the points of a module should add up to; 0 where nothing is to be said."""

    total: Annotated[float, Meta(ge=0)] = 0


class PointsTotal(Rule):
    """The points of a module do not add up to the total that the course has set.

    ## What it does

    Adds the points of the graded cells and of the tasks. Off until the total is set.

    ## Why is this bad?

    nbgrader takes whatever the sum is: a cell that lost its points, or was copied with them,
    shifts every grade.

    ## Fix safety

    There is no fix.

    ## Options

    `total`: what the points should add up to, for example 100 (0, the default, is off).
    """

    code = "NBG408"
    name = "points-total"
    source = "nbgrader, utils.py, determine_grade"
    options_type = PointsTotalOptions
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="five points of ten",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert double(2) == 4
""",  # noqa: E501
            good=None,
            options={"total": 10},
        ),
        Example(
            title="no total is set",
            bad=None,
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert double(2) == 4
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield one finding, at the first cell with points."""
        wanted = self.options.total
        if not wanted:
            return
        worth = [
            cell
            for cell in module.document.cells
            if is_grade(cell.nbgrader) or is_task(cell.nbgrader)
        ]
        total = sum(_points(cell) for cell in worth)
        if worth and abs(total - wanted) > 1e-6:
            message = f"the points of this module add up to {total:g}, not to {wanted:g}"
            yield self.at(worth[0], message)


def _points(cell: Cell) -> float:
    points = (cell.nbgrader or {}).get("points", 0)
    return points if isinstance(points, (int, float)) else 0
