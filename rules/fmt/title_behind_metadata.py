"""FMT104: a title behind the metadata of a marker line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.document.marker import UNREADABLE
from modfix.rule import (
    Applicability,
    Cell,
    Example,
    FileEdit,
    Finding,
    Fix,
    Module,
    Rule,
    Severity,
)

from ._title_behind import TitleBehind, title_behind


class TitleBehindMetadata(Rule):
    """The title of a cell stands behind its nbgrader metadata.

    ## What it does

    Finds marker lines of scripts with words behind `nbgrader={…}`, `[markdown]` among them.

    ## Why is this bad?

    jupytext reads a title in front of the metadata only. Behind it, every word becomes metadata of
    its own, or, if one of them is no identifier (`Part 1`), the whole line cannot be read: then
    nbgrader does not see the cell, and its solution is released to the students.

    ## Fix safety

    Safe: the words move in front of the metadata. Unsafe where they hold `[markdown]` or `[raw]`:
    what was code for jupytext becomes what the author wrote.
    """

    code = "FMT104"
    name = "title-behind-metadata"
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    source = "jupytext, cell_reader.py (DoublePercentScriptCellReader), cell_metadata.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a numbered part",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "cell-a", "locked": true, "schema_version": 3, "solution": false, "task": false} Part 1
import numpy as np
""",  # noqa: E501
            good="""\
# %% Part 1 nbgrader={"grade": false, "grade_id": "cell-a", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each such marker."""
        for cell in module.document.cells:
            found = title_behind(cell)
            if found is not None:
                lost = UNREADABLE in cell.metadata
                why = "nbgrader will not see the metadata" if lost else "its words become metadata"
                yield self.at(
                    cell,
                    f"the title `{found.title}` stands behind the metadata: {why}",
                    _fix(cell, found),
                    severity=Severity.ERROR if lost else Severity.WARNING,
                )


def _fix(cell: Cell, found: TitleBehind) -> Fix:
    assert cell.marker is not None
    edit = FileEdit(cell.block_start, cell.block_start + len(cell.marker.text), found.line)
    sure = Applicability.UNSAFE if found.changes_kind else Applicability.SAFE
    return Fix("move the title to the front", (edit,), sure)
