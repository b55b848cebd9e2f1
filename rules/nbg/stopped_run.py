"""NBG405: a cell that asks somebody, or ends the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import CodeCell, Example, Finding, Module, Rule
from modfix.syntax.plain_nodes import dotted_name

from ._course_module import is_course_module
from ._metadata import KEY
from ._wording import named

# PERF: a search for each of these texts takes a tenth of one pattern's for all of them.
_HINTS = ("input(", "exit(", "quit(", "getpass(")
_STOPS = {
    "input": "`input()` has nobody to ask when nbgrader runs the notebook: it fails",
    "getpass.getpass": "`getpass()` has nobody to ask when nbgrader runs the notebook: it fails",
    "exit": "`exit()` ends the kernel: every cell below fails",
    "quit": "`quit()` ends the kernel: every cell below fails",
    "sys.exit": "`sys.exit()` is an error in a notebook: it stops the cell",
    "os._exit": "`os._exit()` ends the kernel: every cell below fails",
}


class StoppedRun(Rule):
    """A cell that runs calls `input()`, `exit()`, `quit()` or `sys.exit()`.

    ## What it does

    Follows what runs with each code cell of a module with nbgrader metadata. A function that no
    cell calls, what stands under a condition, and what is replaced or expected (`SystemExit`) are
    left alone.

    ## Why is this bad?

    The autograder runs a notebook with nobody at the keyboard: `input()` raises
    StdinNotImplementedError, `exit()` takes the kernel with it, and the cells below get 0.

    ## Fix safety

    There is no fix.
    """

    code = "NBG405"
    name = "stopped-run"
    source = "nbgrader, preprocessors/execute.py; ipykernel, raw_input and exit"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a question",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": true, "schema_version": 3, "solution": false, "task": false}
name = input("What is your name? ")
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="a program that no cell runs",
            bad=None,
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": true, "schema_version": 3, "solution": false, "task": false}
def main():
    print("Hello, " + input("What is your name? "))
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the first line of each cell that stops the run."""
        text = module.document.text
        if not any(hint in text for hint in _HINTS) or not is_course_module(module):
            return
        if not any(KEY in cell.metadata for cell in module.document.cells):
            return
        for cell in module.cells:
            if cell.parses and cell.statements:
                yield from self._of_cell(module, cell)

    def _of_cell(self, module: Module, cell: CodeCell) -> Iterator[Finding]:
        from ._executed import executed  # PERF: only modules that have such a call come here

        for run in executed(module, cell, lambda _: True):
            if run.sometimes or not isinstance(run.node, ast.Call):
                continue
            what = _stop(module, run.node)
            if not what or _is_expected(module, what):
                continue
            message = _STOPS[what]
            if run.cell is not cell:
                message += f" (called in cell {named(run.cell.cell)})"
            node = run.node if run.cell is cell else run.site.plain[0]
            yield self.at(cell.cell, message, start=cell.offset(node))
            return


def _stop(module: Module, call: ast.Call) -> str:
    """The full name of what a call stops the run with, or ""."""
    from ._origins import full_name

    dotted = dotted_name(call.func)
    full = full_name(module, dotted)
    own = full == dotted and dotted in module.definitions
    return full if full in _STOPS and not own else ""


def _is_expected(module: Module, what: str) -> bool:
    """Whether somebody has seen to it: `input` is replaced, or SystemExit awaited."""
    text = module.document.text
    if what in ("input", "getpass.getpass"):
        return any(word in text for word in ("builtins.input", "builtins.__dict__", "monkeypatch"))
    return "SystemExit" in text
