"""RUN103: everything else that works when the module is imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import (
    Applicability,
    CodeCell,
    Example,
    Finding,
    Module,
    Options,
    Rule,
    Severity,
    Statement,
)

from ._calls import bare_calls, is_course_module
from ._guarding import GUARD
from ._working import is_graded_by_asserts, is_guard_with_else, works, works_in_passing
from ._wrapped_work import work_fix


class OtherWorkOptions(Options, frozen=True):
    """`setup-calls`: patterns of dotted names whose calls only set something up."""

    setup_calls: tuple[str, ...] = ()


class OtherWorkAtImport(Rule):
    """A cell prints, loops or asserts at module level, outside of a main guard.

    ## What it does
    Finds cells of a module (a file that exports cells or defines tests or demos) with
    statements that work whenever it is imported: calls, loops, `with`, asserts, and blocks
    that hold such. Imports, definitions, assignments, display of a value, guarded imports
    and set-up calls are not work. One finding a cell, at the first such statement. Cells
    that nbgrader grades by their own asserts are left alone.

    ## Why is this bad?
    With every test guarded, importing the module still prints, measures and waits.

    ## Fix safety
    Safe: from the first to the last statement that works, with the assignments and imports
    above that only they need, everything goes under one guard (one on each side of a
    definition). There is no fix while a name that it binds or changes is needed elsewhere
    by what is not guarded itself; the message says where. Unsafe, because the effect cannot
    be seen, where files are written or imported functions are called for their effect.

    ## Options
    `setup-calls`: shell patterns of calls that may run at import, such as `*.seed`.
    """

    code = "RUN103"
    name = "other-work-at-import"
    severity = Severity.WARNING
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    phase = 0
    source = "Critical Fixes Required for Module 17, Test 1: importing prints nothing"
    options_type = OtherWorkOptions
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="an exploratory cell",
            bad='''# %%
#| default_exp core.cost
#| export
import numpy as np

# %%
from time import perf_counter

np.random.seed(17)
weights = np.random.randn(4)

# How large are they?
print("Weights")
for weight in weights:
    print(f"""
{weight:.2f}""")
''',
            good='''# %%
#| default_exp core.cost
#| export
import numpy as np

# %%
from time import perf_counter

np.random.seed(17)

if __name__ == "__main__":
    weights = np.random.randn(4)

    # How large are they?
    print("Weights")
    for weight in weights:
        print(f"""
{weight:.2f}""")
''',
        ),
        Example(
            title="a name that is needed elsewhere",
            bad="""# %%
#| export
def scaled(x):
    return x * factor

# %%
for factor in (1, 2, 3):
    print(factor)
""",
            good=None,
        ),
        Example(
            title="what is no work",
            bad=None,
            good="""# %%
#| export
import warnings

warnings.filterwarnings("ignore")
try:
    import cupy
except ImportError:
    print("no cupy: the module computes on the CPU")
limits = dict(low=0, high=1)
""",
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield one finding for each cell that works at import."""
        if not is_course_module(module):
            return
        calls = bare_calls(module, lambda name: module.is_test(name) or module.is_demo(name))
        reported = {statement for statement, _ in calls}
        for cell in module.cells:
            working = [s for s in cell.statements if s not in reported and self._works(module, s)]
            if working and not is_graded_by_asserts(module, cell):
                yield self._finding(module, cell, working)

    def _works(self, module: Module, statement: Statement) -> bool:
        return works(statement, self.options.setup_calls) or works_in_passing(module, statement)

    def _finding(self, module: Module, cell: CodeCell, working: list[Statement]) -> Finding:
        fix, reason = work_fix(module, cell, working, self.options.setup_calls)
        many = len(working) > 1
        what = f"{len(working)} statements of this cell work" if many else "this statement works"
        message = f"{what} whenever the module is imported: put {'them' if many else 'it'} under"
        if fix is not None and fix.applicability is Applicability.UNSAFE:
            reason = "unsafe: what it does besides cannot be seen from here"
        always = [s for s in working if not is_guard_with_else(s)]
        tests = sorted({name for s in always for name in s.reads if module.is_test(name)})
        run = [f"`{name}`" for name in tests if module.definition(name)]
        what = f"{message} `{GUARD}`{reason and f' ({reason})'}"
        if not run:
            return self.at(working[0], what, fix)
        return self.at(
            working[0], f"running {', '.join(run)}: {what}", fix, severity=Severity.ERROR
        )
