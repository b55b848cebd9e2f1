"""NBG203: an id that two cells have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.kinds import is_known
from modfix.rule import Applicability, Example, Finding, Fix, Module, Rule, Severity

from ._baseline import baseline
from ._entries import Entry, entries
from ._plan import planner_of
from ._repair import repair


class DuplicateId(Rule):
    """Two cells have one id.

    ## What it does

    Finds cells whose `grade_id` another cell has. The one that keeps it is the first that
    nbgrader has anything to do with.

    ## Why is this bad?

    nbgrader refuses the notebook: "Duplicate grade id". Unlocked tasks and cells whose flags are
    all false escape that check, and then one task overwrites the other in the database, and
    autograding compares the cell without flags with the other's source and stops. Students who
    copy a cell make the same mistake: nbgrader then keeps the last copy. Where no flag of any of
    the cells is set it is a warning.

    ## Fix safety

    Unsafe: the later cells get the id with a number, and which of them was meant to have it only
    the author knows. There is no fix where the module was released (`[nbgrader] released`).
    """

    code = "NBG203"
    name = "duplicate-id"
    fixes = (Applicability.UNSAFE,)
    source = "nbgrader, nbgraderformat/v3.py (validate_nb), preprocessors/overwritecells.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a copied cell",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "test-a", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4

# %% nbgrader={"grade": true, "grade_id": "test-a", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert square(3) == 9
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": true, "grade_id": "test-a", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4

# %% nbgrader={"grade": true, "grade_id": "test-a-2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert square(3) == 9
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each cell with the id of another."""
        for first, *copies in _groups(module):
            known = any(is_known(entry.plain) for entry in (first, *copies))
            for entry in copies:
                yield self.at(
                    entry.cell,
                    _message(module, first, entry),
                    _fix(module, entry),
                    severity=Severity.ERROR if known else Severity.WARNING,
                )


def _groups(module: Module) -> Iterator[list[Entry]]:
    """The cells that share an id, the one that keeps it first."""
    by_id: dict[str, list[Entry]] = {}
    for entry in entries(module):
        grade_id = entry.plain.get("grade_id")
        if isinstance(grade_id, str) and grade_id:
            by_id.setdefault(grade_id, []).append(entry)
    for found in by_id.values():
        if len(found) > 1:
            yield sorted(found, key=lambda each: not is_known(each.plain))


def _message(module: Module, first: Entry, entry: Entry) -> str:
    line, _, _ = module.document.place(first.cell.index, None)
    text = f"the id `{entry.plain['grade_id']}` is that of the cell at line {line}, too"
    if baseline(module) is not None:
        return f"{text}; the module was released, so see which of them students have"
    return text


def _fix(module: Module, entry: Entry) -> Fix | None:
    if baseline(module) is not None:
        return None

    def renamed(metadata: dict[str, object]) -> dict[str, object]:
        return {**metadata, "grade_id": planner_of(module).fresh_id(str(metadata["grade_id"]))}

    return repair(module, entry, "give the copy an id", renamed, sure=Applicability.UNSAFE)
