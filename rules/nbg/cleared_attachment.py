"""NBG312: an attached picture in what is to be cleared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.kinds import is_solution
from modfix.nbgrader.regions import RegionKind
from modfix.rule import Cell, Example, Finding, Module, Rule

from ._marked import marked, marked_cells

_ATTACHMENT = re.compile(r"!\[.*\]\(attachment:.+?\)")  # nbgrader's own pattern


class ClearedAttachment(Rule):
    """A solution or a mark scheme in prose shows an attachment.

    ## What it does

    Finds `![…](attachment:…)` between the markers of a solution or a mark scheme, and in a
    written answer without a region, which is cleared whole.

    ## Why is this bad?

    nbgrader clears the text and leaves the attachment in the cell: students can open the picture
    of the solution. Of a mark scheme it refuses the notebook for that, unless it is told not to
    (`check-attachment-leakage`).

    ## Fix safety

    There is no fix: embed the picture in the text instead (`<img src="data:image/png;base64,…">`).
    """

    code = "NBG312"
    name = "cleared-attachment"
    source = "nbgrader, preprocessors/clearmarkingscheme.py; issue 1782 of jupyter/nbgrader"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a picture of the mark scheme",
            bad='''\
# %% [markdown] nbgrader={"grade": false, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": true}
"""
Draw the graph.
=== BEGIN MARK SCHEME ===
![the graph](attachment:graph.png)
=== END MARK SCHEME ===
"""
''',  # noqa: E501
            good=None,
        ),
        Example(
            title="a picture for the students",
            bad=None,
            good='''\
# %% [markdown] nbgrader={"grade": false, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": true}
"""
Explain the graph: ![the graph](attachment:graph.png)
=== BEGIN MARK SCHEME ===
It falls.
=== END MARK SCHEME ===
"""
''',  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each attachment that is cleared in text only."""
        if "(attachment:" not in module.document.text:
            return
        for cell in module.document.cells:
            if cell.kind == "code" or "(attachment:" not in cell.source:
                continue
            for match in _ATTACHMENT.finditer(cell.source):
                kind = _cleared_kind(module, cell, match.start())
                if kind == "mark scheme" and not module.settings.nbgrader.check_attachment_leakage:
                    continue
                if kind:
                    message = (
                        f"the text of this {kind} is cleared, but not its attachment: students "
                        "get the picture"
                    )
                    yield self.at(cell, message, start=match.start())


def _cleared_kind(module: Module, cell: Cell, offset: int) -> RegionKind | None:
    """What an offset in prose is cleared as."""
    marks = marked(module, cell.index)
    kinds: tuple[RegionKind, ...] = ("solution", "mark scheme")
    for kind in kinds:
        regions = marks.closed(kind) if marks else []
        if any(region.start < offset < region.end for region in regions):
            return kind
        if kind == "solution" and is_solution(cell.nbgrader) and not regions:
            return "solution" if marked_cells(module) or cell.nbgrader else None
    return None
