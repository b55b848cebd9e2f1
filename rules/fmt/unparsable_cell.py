"""FMT001: a code cell that is not Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import CodeCell, Example, Finding, Module, Rule, Severity
from modfix.syntax.guard import TOO_LARGE


class UnparsableCell(Rule):
    """A code cell does not parse.

    ## What it does

    Parses every code cell, around magics, shell lines and help lines of IPython. The place is the
    one that Python names. Runs whatever is selected, unless it is ignored: no other rule sees
    such a cell. A cell of more than 100,000 tokens (data that was pasted) is left alone, which is
    a warning. One that nests more than 1,000 levels deep counts as one that does not parse. No
    cell has to be Python where the file names another language (R, Julia), that of the kernel or
    jupytext's `main_language`.

    ## Why is this bad?

    The module cannot run, and nothing in the cell is checked. Often it is prose that lost its
    `[markdown]` marker, or a region that takes half of a statement with it.

    ## Fix safety

    There is no fix.
    """

    code = "FMT001"
    name = "unparsable-cell"
    always = True
    source = "The Python language reference; LibCST reads what it accepts"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(title="half a statement", bad="# %%\nif ready\n    go()\n", good=None),
        Example(
            title="lines of IPython",
            bad=None,
            good="# %%\n%matplotlib inline\nfiles = !ls\nprint(files)\n",
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding where each cell stops being Python."""
        for cell in module.cells:
            if cell.fault is None:
                continue
            if cell.fault.message == TOO_LARGE:
                yield self.at(cell.cell, TOO_LARGE, severity=Severity.WARNING)
                continue
            message = f"this cell does not parse: {cell.fault.message}{_hint(cell)}"
            yield self.at(cell.cell, message, start=cell.fault.offset)


def _hint(cell: CodeCell) -> str:
    """What an author does not see: jupytext cuts a function in two at an indented marker."""
    marker = cell.cell.marker
    if marker is None or marker.text[:1] not in (" ", "\t"):
        return ""
    return f"; `{marker.text.strip()}` above it begins a cell, indented as it is"
