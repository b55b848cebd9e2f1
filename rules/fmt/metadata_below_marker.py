"""FMT102: nbgrader metadata as a comment below the marker."""

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
    MetadataEdit,
    Module,
    Rule,
    TextEdit,
)

from ..nbg._metadata import is_unreadable, marker_takes
from ._below_marker import BelowMarker, metadata_below


class MetadataBelowMarker(Rule):
    """nbgrader metadata stands below the marker of its cell, as a comment.

    ## What it does

    Finds comments `# nbgrader={…}` at the top of a cell.

    ## Why is this bad?

    The line is code like any other: nbgrader does not know the cell, its test gives no points,
    and its solution is released to the students.

    ## Fix safety

    Unsafe: the metadata moves to the marker (in a notebook: to the cell's metadata) and takes
    effect. There is no fix where the marker has nbgrader metadata too, or where the comment
    cannot be read.
    """

    code = "FMT102"
    name = "metadata-below-marker"
    fixes = (Applicability.UNSAFE,)
    source = "jupytext, cell_reader.py (DoublePercentScriptCellReader)"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a line too low",
            bad="""\
# %%
# nbgrader={"grade": false, "grade_id": "cell-a", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": false, "grade_id": "cell-a", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each such comment."""
        for cell in module.document.cells:
            found = metadata_below(cell)
            if found is not None:
                text = "this nbgrader metadata is a comment: it belongs on the marker line"
                if KEY in cell.metadata:
                    text = "this nbgrader metadata is a comment, and the cell has other metadata"
                yield self.at(cell, text, _fix(cell, found), start=found.start)


def _fix(cell: Cell, found: BelowMarker) -> Fix | None:
    if found.value is None or KEY in cell.metadata or is_unreadable(cell):
        return None
    if not marker_takes(cell, found.value):
        return None
    end = min(found.end + 1, len(cell.source))
    edits = (MetadataEdit(cell.index, KEY, found.value), TextEdit(cell.index, found.start, end, ""))
    return Fix("move it to the marker", edits, Applicability.UNSAFE)
