"""FMT109: a notebook, or a cell of it, that nbformat refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from modfix.document.json_text import skip_blank
from modfix.document.notebook_layout import NotebookLayout
from modfix.document.notebook_schema import EMPTY, Flaw, cell_flaws, notebook_flaws
from modfix.document.pairing import partner
from modfix.rule import Applicability, Example, FileEdit, Finding, Fix, Module, Rule

_BAD = """\
{
 "cells": [
  {
   "cell_type": "code",
   "metadata": {},
   "source": ["x = 1"]
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 4
}
"""
_GOOD = _BAD.replace(
    '   "cell_type"', '   "execution_count": null,\n   "outputs": [],\n   "cell_type"'
)


class InvalidNotebook(Rule):
    """A notebook, or a cell of it, is not as nbformat wants it.

    ## What it does

    Holds the members of an `.ipynb` and of its cells against the schema of its format, as
    nbconvert does before it begins: what is missing (`outputs`, `execution_count`, `metadata`,
    `source`), of the wrong type, or not one of the values that there are (`cell_type`, `tags`,
    outputs, `kernelspec`). Members that the schema does not know are let pass, as there. Of a pair
    the notebook is looked at, too, where the script is the module; `modfix fix` then mends it when
    it is named.

    ## Why is this bad?

    Jupyter calls the notebook invalid when it opens it, and nbconvert stops: `generate_assignment`,
    `autograde` and `validate` of nbgrader all do. Programs that write notebooks by hand forget
    `outputs` and `execution_count` most of all.

    ## Fix safety

    Safe: a member that is missing is added, empty. What has a wrong value only the author knows,
    and then the whole cell is left alone.
    """

    code = "FMT109"
    name = "invalid-notebook"
    fixes = (Applicability.SAFE,)
    source = "nbformat, v4/nbformat.v4.schema.json; nbconvert, exporters/exporter.py (_preprocess)"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(title="members that are missing", bad=_BAD, good=_GOOD, path="example_dev.ipynb"),
        Example(
            title="a value that there is not",
            bad=_GOOD.replace('"code"', '"python"'),
            good=None,
            path="example_dev.ipynb",
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each cell with flaws, and one for the notebook's own."""
        layout = module.document.layout
        if isinstance(layout, NotebookLayout):
            yield from self._of_notebook(layout)
            for cell in module.document.cells:
                if flaws := cell_flaws(layout.notebook, cell.index):
                    fix = _fix(layout, cell.block_start, flaws)
                    yield self.at(cell, _message(flaws), fix)
        else:
            yield from self._of_partner(module)

    def _of_notebook(self, layout: NotebookLayout) -> Iterator[Finding]:
        flaws = tuple(notebook_flaws(layout.notebook))
        if flaws and layout.cells:  # a finding needs a cell to stand at
            start = skip_blank(layout.text)
            yield self.outside(start, _message(flaws), _fix(layout, start, flaws))

    def _of_partner(self, module: Module) -> Iterator[Finding]:
        other, cells = partner(module.document), module.document.cells
        if other is None or other.document is None or not cells:
            return
        layout = other.document.layout
        if not isinstance(layout, NotebookLayout):
            return
        for flaw in notebook_flaws(layout.notebook):
            yield self.at(cells[0], f"`{other.name}`: {_message([flaw])}")
        for cell in other.document.cells:
            if flaws := cell_flaws(layout.notebook, cell.index):
                at = cells[min(cell.index, len(cells) - 1)]
                text = f"`{other.name}`, cell {cell.index}: {_message(flaws)}"
                if all(flaw.can_be_added for flaw in flaws):
                    text += "; `modfix fix --write` of that file adds it"
                yield self.at(at, text)


def _message(flaws: Sequence[Flaw]) -> str:
    told = "; ".join(flaw.text for flaw in flaws)
    return f"{told}: Jupyter calls the notebook invalid, and nbconvert and nbgrader refuse it"


def _fix(layout: NotebookLayout, start: int, flaws: Sequence[Flaw]) -> Fix | None:
    """The missing members in front of the others of the object that begins at an offset."""
    if not all(flaw.can_be_added for flaw in flaws):
        return None
    added = layout.new_members(start, {flaw.member: EMPTY[flaw.member] for flaw in flaws})
    names = ", ".join(f"`{flaw.member}`" for flaw in flaws)
    return Fix(f"add {names}, empty", (FileEdit(added.start, added.end, added.text),))
