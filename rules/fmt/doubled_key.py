"""FMT103: a key that stands twice in a cell's metadata."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from modfix.document.doubled import Doubled, doubled_members
from modfix.nbgrader.kinds import KEY
from modfix.rule import Example, Finding, Module, Rule, Severity

from ..nbg._entries import entries


class DoubledKey(Rule):
    """A key stands twice in the metadata of a cell.

    ## What it does

    Finds keys that stand more than once in one object of the metadata of a cell that nbgrader
    knows: in a script on the marker line, in a notebook in the JSON of the file; there also
    `metadata`, `source` and `cell_type` that a cell itself has twice.

    ## Why is this bad?

    Every reader of JSON takes the last and says nothing: what the author sees first is not what
    counts. Jupyter and jupytext drop the others when they write the file. Where the values are
    the same it is a warning.

    ## Fix safety

    There is no fix: which of the values is meant only the author knows. The other repairs of the
    cell's metadata wait for that.
    """

    code = "FMT103"
    name = "doubled-key"
    source = "RFC 8259, section 4; Python, json"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="points of two minds",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 2, "points": 20, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="each key once",
            bad=None,
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each cell with such keys."""
        for entry in entries(module):
            if entry.doubled:
                differs = any(doubled.differs for doubled in entry.doubled)
                severity = Severity.ERROR if differs else Severity.WARNING
                yield self.at(entry.cell, _message(entry.doubled, differs), severity=severity)
        if KEY in module.document.text:
            yield from self._of_cells(module)

    def _of_cells(self, module: Module) -> Iterator[Finding]:
        """The same of what a cell of a notebook consists of: one of the two metadata is lost."""
        for cell in module.document.cells:
            doubled = doubled_members(module.document, cell)
            differs = any(each.differs for each in doubled)
            if doubled:
                severity = Severity.ERROR if differs else Severity.WARNING
                yield self.at(cell, _message(doubled, differs, "cell"), severity=severity)


def _message(found: Iterable[Doubled], differs: bool, where: str = "cell's metadata") -> str:
    keys = ", ".join(dict.fromkeys(f"`{doubled.key}`" for doubled in found))
    values = "with different values" if differs else "with the same value"
    return f"{keys} stands twice in this {where}, {values}: the last one counts"
