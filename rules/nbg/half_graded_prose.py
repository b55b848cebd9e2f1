"""NBG212: prose that is graded or a solution, but not both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Example, Finding, Module, Rule

from ._entries import Entry, entries


class HalfGradedProse(Rule):
    """A markdown cell is graded or a solution, but not both.

    ## What it does

    Finds markdown cells whose `grade` and `solution` differ.

    ## Why is this bad?

    Prose cannot be graded by tests: students write an answer (`solution`) that a person grades
    (`grade`). nbgrader refuses anything else ("is not marked as a solution cell"); JupyterLab
    silently resets the flags when the author opens the notebook.

    ## Fix safety

    There is no fix: it may be an answer or prose to read.
    """

    code = "NBG212"
    name = "half-graded-prose"
    source = "nbgrader, nbgraderformat/v3.py (validate_cell)"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a graded question",
            bad="""\
# %% [markdown] nbgrader={"grade": true, "grade_id": "q1", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Why?
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="an answer",
            bad=None,
            good="""\
# %% [markdown] nbgrader={"grade": true, "grade_id": "q1", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# YOUR ANSWER HERE
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each such cell."""
        for entry in entries(module):
            if is_half_graded(entry):
                have, lack = ("graded", "a solution")
                if entry.is_set("solution"):
                    have, lack = lack, have
                yield self.at(
                    entry.cell, f"this prose is {have} but not {lack}: nbgrader wants both"
                )


def is_half_graded(entry: Entry) -> bool:
    """Whether a markdown cell says one of `grade` and `solution`, and of the other the opposite."""
    if entry.cell.kind != "markdown" or entry.is_set("task") or not entry.says("grade", "solution"):
        return False
    return entry.is_set("grade") != entry.is_set("solution")
