"""NBG404: a graded cell that writes to stderr."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import CodeCell, Example, Finding, Module, Rule

from ._graded import test_cells
from ._wording import named

# PERF: a search for each of these texts takes less than one pattern's for all of them.
_HINTS = ("stderr", "warn", "tqdm", "trange", "logging", "getLogger", "traceback", "unittest")
_READ_HINT = re.compile(r"\bassert\s*\(|\bis\s")


class StderrOutput(Rule):
    """A graded cell writes to stderr.

    ## What it does

    Follows what runs with a graded cell, solutions included, and finds warnings, log records of
    level WARNING and above, progress bars of `tqdm`, tracebacks, `file=sys.stderr`, the reports
    of `unittest`, and what Python itself warns of (`assert (x == 1, "no")`, `x is 1`). What
    stands under a condition, or is silenced or sent elsewhere, is left alone.

    ## Why is this bad?

    nbgrader scores a cell 0 that has any output on stderr, however well its tests went.

    ## Fix safety

    There is no fix: write to stdout (`tqdm(…, file=sys.stdout)`), or silence it.
    """

    code = "NBG404"
    name = "stderr-output"
    source = "nbgrader, utils.py, determine_grade"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a progress bar",
            bad="""\
# %%
from tqdm import tqdm

# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
for x in tqdm(range(100)):
    assert double(x) == 2 * x
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="on stdout",
            bad=None,
            good="""\
# %%
import sys
from tqdm import tqdm

# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
for x in tqdm(range(100), file=sys.stdout):
    assert double(x) == 2 * x
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the first line of each graded cell that leads to stderr."""
        text = module.document.text
        runs, reads = any(hint in text for hint in _HINTS), _READ_HINT.search(text)
        if not runs and not reads:
            return
        for cell in test_cells(module):
            if "redirect_stderr" not in cell.source and "%%capture" not in cell.source:
                found = self._on_reading(module, cell) if reads else None
                if found is not None:
                    yield found
                elif runs:
                    yield from self._of_cell(module, cell)

    def _on_reading(self, module: Module, cell: CodeCell) -> Finding | None:
        from ._stderr import python_warning

        warned = python_warning(module, cell.source)
        if warned is None:
            return None
        told, line = warned
        start = sum(len(each) + 1 for each in cell.source.split("\n")[: line - 1])
        message = f"this graded cell scores 0 for Python's warning on stderr: {told}"
        return self.at(cell.cell, message, start=start)

    def _of_cell(self, module: Module, cell: CodeCell) -> Iterator[Finding]:
        from ._executed import executed  # PERF: only modules that have such a word come here
        from ._stderr import on_stderr

        for run in executed(module, cell, lambda _: True):
            if run.sometimes or not isinstance(run.node, ast.Call):
                continue
            what = on_stderr(module, run.node)
            if what:
                here = run.cell is cell
                there = "" if here else f" in cell {named(run.cell.cell)}, which it calls"
                message = f"this graded cell scores 0 for {what} on stderr{there}"
                start = cell.offset(run.node if here else run.site.plain[0])
                yield self.at(cell.cell, message, start=start)
                return
