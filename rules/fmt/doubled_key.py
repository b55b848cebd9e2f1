"""FMT103: a key that stands twice in a cell's metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Example, Finding, Module, Rule, Severity

from ..nbg._entries import Entry, entries


class DoubledKey(Rule):
    """A key stands twice in the metadata of a cell.

    ## What it does

    Finds keys that stand more than once in one object of the metadata of a cell that nbgrader
    knows: in a script on the marker line, in a notebook in the JSON of the file.

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
                yield self.at(entry.cell, _message(entry, differs), severity=severity)


def _message(entry: Entry, differs: bool) -> str:
    keys = ", ".join(dict.fromkeys(f"`{doubled.key}`" for doubled in entry.doubled))
    values = "with different values" if differs else "with the same value"
    return f"{keys} stands twice in this cell's metadata, {values}: the last one counts"
