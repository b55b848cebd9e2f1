"""NBG109: a test that is worth nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.kinds import kind_of
from modfix.nbgrader.schema import are_points
from modfix.rule import Example, Finding, Module, Rule, Severity

from ._entries import entries


class ZeroPoints(Rule):
    """A test is worth 0 points.

    ## What it does

    Finds autograded tests with `"points": 0`.

    ## Why is this bad?

    The test runs and nothing depends on it: students who fail it get the same grade. nbgrader's
    `update` turns missing points into 0, so that the author may never have meant it; a check that
    is meant to give no points can be a read-only cell.

    ## Fix safety

    There is no fix: what a test is worth is the author's to say.
    """

    code = "NBG109"
    name = "zero-points"
    severity = Severity.WARNING
    source = "nbgrader, utils.py (determine_grade), nbgraderformat/v1.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a test for nothing",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 0, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="a test for a point",
            bad=None,
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each such test."""
        for entry in entries(module):
            points = entry.plain.get("points")
            if are_points(points) and points == 0 and kind_of(entry.plain) == "test":
                yield self.at(entry.cell, "this test is worth 0 points: nothing depends on it")
