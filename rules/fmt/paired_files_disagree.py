"""FMT108: a script and the notebook that it is paired with do not say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import ClassVar

from modfix.document.pair_difference import differences, related
from modfix.document.pairing import Partner, partner
from modfix.rule import Example, Finding, Module, Rule, Severity


def _notebook(*sources: str) -> str:
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": s}
        for s in sources
    ]
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(whole, indent=1)


class PairedFilesDisagree(Rule):
    """A script and the notebook that it is paired with disagree.

    ## What it does

    Compares the module with the other half of its pair: the file of the same name beside it, or
    the one that jupytext's `formats` name. Cells are compared by source, kind and nbgrader
    metadata. What jupytext itself keeps apart is no difference: outputs, ids, blank lines at the
    end of a cell, magics that the script has commented out, markdown in quotes or comments, and
    metadata that `cell_metadata_filter` leaves out.

    ## Why is this bad?

    One half is what the author repaired, the other is what nbgrader releases and grades; the next
    sync throws one of them away, by the time of the files and not by their content.

    ## Fix safety

    There is no fix: which half is right only the author knows. `jupytext --sync` takes the newer
    one. A pair that disagrees is not repaired by `modfix fix`.
    """

    code = "FMT108"
    name = "paired-files-disagree"
    source = "jupytext, combine.py and magics.py; nbgrader copies what stands beside a notebook"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a line that only one of them has",
            bad="# %%\nimport math\n\n# %%\nx = math.pi\n",
            good=None,
            beside={"example_dev.ipynb": _notebook("import math", "x = math.tau")},
        ),
        Example(
            title="what jupytext keeps apart",
            bad=None,
            good="# %%\n# %matplotlib inline\nimport math\n",
            beside={"example_dev.ipynb": _notebook("%matplotlib inline\nimport math\n")},
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each cell, and line, where the other half says something else."""
        other = partner(module.document)
        cells = module.document.cells
        if other is None or not cells:
            return
        if other.document is None:
            text = f"the other half of this pair, `{other.name}`, cannot be read: {other.fault}"
            yield self.at(cells[0], text)
        elif not related(module.document, other):
            yield self._strangers(module, other)
        else:
            for each in differences(module.document, other):
                yield self.at(cells[each.cell], each.message, start=each.offset)

    def _strangers(self, module: Module, other: Partner) -> Finding:
        text = (
            f"`{other.name}` has this module's name and no code in common with it: "
            "name it otherwise, or sync the two"
        )
        return self.at(module.document.cells[0], text, severity=Severity.WARNING)
