"""NBG201: a cell without an id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.kinds import is_known
from modfix.rule import Applicability, Example, Finding, Module, Rule, Severity

from ._baseline import lost_ids
from ._entries import Entry, entries
from ._repair import repair

_SHOWN = 3


class NoId(Rule):
    """A cell has no id.

    ## What it does

    Finds nbgrader metadata with no `grade_id`, or a blank one, that is complete otherwise. (In
    metadata that lacks more, NBG102 names the id too.)

    ## Why is this bad?

    nbgrader refuses the notebook ("does not have a grade_id", "grade_id is empty"). An unlocked
    task without an id it accepts, and then `generate_assignment` ends with `KeyError: 'grade_id'`.
    In a cell that nbgrader has nothing to do with it is a warning, and none where the standard
    names `grade_id` under `[nbgrader] optional`.

    ## Fix safety

    Safe: the id is made from what the cell defines or tests, for prose from its heading, and no
    other cell has it. There is no fix where the module was released (`[nbgrader] released`) with
    ids that it lacks now: this cell's may be one of them.
    """

    code = "NBG201"
    name = "no-id"
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    source = "nbgrader, nbgraderformat/v3.py (validate_cell)"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a solution without an id",
            bad="""\
# %% nbgrader={"grade": false, "locked": false, "schema_version": 3, "solution": true, "task": false}
def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": false, "grade_id": "cell-square", "locked": false, "schema_version": 3, "solution": true, "task": false}
def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each cell whose id alone is missing."""
        for entry in entries(module):
            if entry.cell.nbgrader is None or entry.missing or not entry.lacks_id:
                continue
            known = is_known(entry.plain)
            if not known and "grade_id" in entry.optional:
                continue
            yield self.at(
                entry.cell,
                _message(module, entry, known),
                repair(module, entry, "give the cell an id"),
                severity=Severity.ERROR if known else Severity.WARNING,
            )


def _message(module: Module, entry: Entry, known: bool) -> str:
    text = "this cell has no `grade_id`"
    if lost := sorted(lost_ids(module)):
        return f"{text}; of those that were released {_listed(lost)} is missing: give it its own"
    if not known:
        return text
    if entry.refusals:
        return f"{text}: nbgrader refuses it"
    return f"{text}: nbgrader accepts it and fails when it makes the release"


def _listed(ids: list[str]) -> str:
    more = f" or {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return ", ".join(f"`{each}`" for each in ids[:_SHOWN]) + more
