"""NBG107: points that are no number from 0 on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.schema import are_points
from modfix.rule import Applicability, Example, Finding, Module, Rule

from ._entries import entries
from ._repair import repair


class StrangePoints(Rule):
    """The points of a graded cell are no number from 0 on.

    ## What it does

    Finds points that are text, negative, true, a list, or no finite number, in graded cells and
    tasks.

    ## Why is this bad?

    nbgrader refuses the notebook. `NaN` it accepts, and every sum of points becomes one.

    ## Fix safety

    Safe where the text is a number (`"2"` becomes 2). There is no fix for other values: what the
    cell is worth is the author's to say. nbgrader's own `update` makes 0 of negative points.
    """

    code = "NBG107"
    name = "strange-points"
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    source = "nbgrader, nbgraderformat/v3.json (points: number, minimum 0)"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="points as text",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": "2.5", "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 2.5, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
        ),
        Example(
            title="a penalty",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": -1, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
            good=None,
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each graded cell with such points."""
        for entry in entries(module):
            if not entry.is_set("grade", "task") or "points" not in entry.plain:
                continue
            points = next(
                value for key, value in entry.old.items() if entry.meant.get(key, key) == "points"
            )
            if not _is_finite(points):
                text = f"`points` is {points!r}: nbgrader wants a number from 0 on"
                yield self.at(entry.cell, text, repair(module, entry, "write points as a number"))


def _is_finite(points: object) -> bool:
    return are_points(points) and math.isfinite(points)  # type: ignore[arg-type]
