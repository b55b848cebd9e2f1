"""NBG215: metadata whose flags are all false."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.kinds import KEY
from modfix.rule import (
    Applicability,
    Cell,
    Example,
    Finding,
    Fix,
    MetadataRemoval,
    Module,
    Rule,
    Severity,
)

from ._asserting import asserts
from ._entries import Entry, entries
from ._plan import is_mixed
from .points_without_grade import has_lost_points


class InertMetadata(Rule):
    """The flags of a cell are all false, though it looks like one that is graded.

    ## What it does

    Finds cells with complete metadata whose flags are all false and that have points, or that
    assert something when they run. With `inert = "delete"` under `[nbgrader]` it finds every
    cell whose flags are all false. The default standard keeps such metadata, and wants it.

    ## Why is this bad?

    nbgrader has nothing to do with the cell: nobody gets the points, and an assertion that fails
    costs none. nbgrader's own `update` deletes such metadata without a word.

    ## Fix safety

    There is no fix where points or assertions say that something else was meant. With `inert =
    "delete"`, the metadata of the other cells is taken away, which is safe: nothing reads it.
    """

    code = "NBG215"
    name = "inert-metadata"
    severity = Severity.WARNING
    fixes = (Applicability.SAFE,)
    source = "nbgrader, utils.py (is_grade, is_solution, is_locked), nbgraderformat/v1.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a test that nobody grades",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="a demo",
            bad=None,
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": false, "task": false}
print(square(2))
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each such cell."""
        deletes = module.settings.nbgrader.inert == "delete"
        for entry in entries(module):
            if not entry.is_inert or entry.missing:
                continue
            if has_lost_points(entry):
                text = f"nothing is graded here, and {entry.plain['points']} points stand there"
                yield self.at(entry.cell, f"{text}: no flag is true")
            elif asserts(module, entry.cell) and not is_mixed(module, entry.cell):
                text = "this cell asserts something and is not graded: no flag of it is true"
                yield self.at(entry.cell, text)
            elif deletes and _is_removable(entry):
                text = "the flags of this cell are all false: nbgrader has nothing to do with it"
                yield self.at(entry.cell, text, _removal(entry.cell))


def _is_removable(entry: Entry) -> bool:
    """Whether the key can be taken away alone: not from one Python literal of a marker line."""
    marker = entry.cell.marker
    if entry.doubled or (marker is not None and marker.json_style and '"' not in marker.text):
        return False
    return not entry.refusals


def _removal(cell: Cell) -> Fix:
    return Fix("take the metadata away", (MetadataRemoval(cell.index, KEY),))
