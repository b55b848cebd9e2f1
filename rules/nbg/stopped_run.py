"""NBG405: a cell that asks somebody, or ends the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from modfix.rule import CodeCell, Example, Finding, Module, Rule
from modfix.syntax.plain_nodes import dotted_name

from ._course_module import is_course_module
from ._metadata import KEY
from ._wording import named

if TYPE_CHECKING:
    from ._executed import Run

# PERF: a search for each of these texts takes a tenth of one pattern's for all of them.
_HINTS = ("input(", "exit(", "quit(", "getpass(", "raise SystemExit")
_RAISED = "SystemExit"
_STOPS = {
    "input": "`input()` has nobody to ask when nbgrader runs the notebook: it fails",
    "getpass.getpass": "`getpass()` has nobody to ask when nbgrader runs the notebook: it fails",
    "exit": "`exit()` ends the kernel: every cell below fails",
    "quit": "`quit()` ends the kernel: every cell below fails",
    "sys.exit": "`sys.exit()` is an error in a notebook: it stops the cell",
    "os._exit": "`os._exit()` ends the kernel: every cell below fails",
    _RAISED: "`raise SystemExit` is an error in a notebook: it stops the cell",
}
# What may keep a raise that stands beside or in it from being reached, or from leaving the cell.
_DECIDING = (
    *(ast.Return, ast.Break, ast.Continue, ast.For, ast.AsyncFor, ast.While, ast.Match),
    *(ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Yield, ast.YieldFrom),
)


class StoppedRun(Rule):
    """A cell that runs calls `input()`, `exit()`, `quit()` or `sys.exit()`, or raises `SystemExit`.

    ## What it does

    Follows what runs with each code cell of a module with nbgrader metadata. A function that no
    cell calls, what stands under a condition, and what is replaced or expected (`SystemExit`) are
    left alone. `raise SystemExit` counts where nothing decides whether it is reached: in the cell
    itself, or in a function that the cell calls as a statement.

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
            title="an exit that is raised",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": true, "schema_version": 3, "solution": false, "task": false}
def main():
    print("done")
    raise SystemExit(0)


if __name__ == "__main__":
    main()
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="an exit on a condition, and one that a test is to raise",
            bad=None,
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": true, "schema_version": 3, "solution": false, "task": false}
def fail(why):
    raise SystemExit(why)


def check(right):
    if right:
        return
    raise SystemExit("wrong")


1 + 1 == 2 or fail("no")
check(True)
""",  # noqa: E501
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
            if run.sometimes or not isinstance(run.node, (ast.Call, ast.Raise)):
                continue
            what = _stop(module, cell, run)
            if not what or _is_expected(module, what):
                continue
            message = _STOPS[what]
            if run.cell is not cell:
                message += f" (called in cell {named(run.cell.cell)})"
            node = run.node if run.cell is cell else run.site.plain[0]
            yield self.at(cell.cell, message, start=cell.offset(node))
            return


def _stop(module: Module, cell: CodeCell, run: Run) -> str:
    """The full name of what a call or a raise stops the run with, or ""."""
    if isinstance(run.node, ast.Raise):
        raised = _raises_exit(run.node) and _is_reached(cell, run, run.node)
        return _RAISED if raised else ""
    if not isinstance(run.node, ast.Call):
        return ""
    from ._origins import full_name

    dotted = dotted_name(run.node.func)
    full = full_name(module, dotted)
    own = full == dotted and dotted in module.definitions
    return full if full in _STOPS and full != _RAISED and not own else ""


def _raises_exit(node: ast.Raise) -> bool:
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(raised, ast.Name) and raised.id == _RAISED


def _is_reached(cell: CodeCell, run: Run, node: ast.Raise) -> bool:
    """Whether a raise surely runs with a cell: nothing around or before it may pass it by, and its
    function is called, not only named."""
    from ._plain_asserts import called_names

    start = run.cell.offset(node)
    around = next(s for s in run.cell.statements if s.start <= start < s.end)
    if run.outer is not None and around.name not in called_names(cell.statements):
        return False
    return not any(isinstance(n, _DECIDING) for root in around.plain for n in ast.walk(root))


def _is_expected(module: Module, what: str) -> bool:
    """Whether somebody has seen to it: `input` is replaced, or SystemExit awaited."""
    text = module.document.text
    if what in ("input", "getpass.getpass"):
        return any(word in text for word in ("builtins.input", "builtins.__dict__", "monkeypatch"))
    return _RAISED in text.replace(f"raise {_RAISED}", "")
