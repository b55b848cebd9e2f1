"""SUP101: a suppression that suppresses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import (
    Applicability,
    Cell,
    Example,
    Finding,
    Fix,
    Ledger,
    Module,
    Rule,
    Suppression,
)

from ._removal import without


class UnusedSuppression(Rule):
    """A suppression names a rule that finds nothing there.

    ## What it does

    Looks at every code in a `# modfix: ignore[…]`. It is unused when its rule ran and had no
    finding in the line, cell or file that the suppression covers.

    ## Why is this bad?

    The defect it once excused is gone, or the comment stands in the wrong place. Left alone, it
    hides the next defect of that kind.

    ## Fix safety

    Safe: only the comment changes. One code of several goes alone, the last one with its comment.
    In a cell in another language there is no fix: nothing in it is changed.
    """

    code = "SUP101"
    name = "unused-suppression"
    severity = Rule.severity.WARNING
    fixes = (Applicability.SAFE,)
    unnecessary = True
    source = "modfix, the section on suppressions in its README"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="nothing is called here any more",
            companions=("RUN101",),
            bad="""\
# %%
def test_double():
    assert 2 * 2 == 4  # modfix: ignore[RUN101] shown in the lecture
""",
            good="""\
# %%
def test_double():
    assert 2 * 2 == 4
""",
        ),
        Example(
            title="in another language",
            companions=("RUN101",),
            bad="""\
# %% language="bash"
# modfix: ignore[RUN101] shown in the lecture
ls
""",
            good=None,
        ),
        Example(
            title="one that is needed",
            companions=("RUN101",),
            bad=None,
            good="""\
# %%
def test_double():
    assert 2 * 2 == 4

test_double()  # modfix: ignore[RUN101] shown in the lecture
""",
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Nothing: it looks at suppressions, when the other rules have run."""
        yield from ()

    def review(self, module: Module, ledger: Ledger) -> Iterator[Finding]:
        """Yield one finding for each code that covered nothing."""
        for suppression, used in zip(ledger.suppressions, ledger.used, strict=True):
            for code in dict.fromkeys(code for code, _ in suppression.codes):
                if code not in used and any(each.startswith(code) for each in ledger.ran):
                    yield self._finding(module, suppression, code)

    def _finding(self, module: Module, suppression: Suppression, code: str) -> Finding:
        start = None if suppression.tag is not None else suppression.start
        cell = module.document.cells[suppression.cell]
        fix = None
        if start is None or not _is_foreign(module, cell):
            fix = Fix("remove it", without(module, suppression, code))
        message = f"{code} finds nothing here: the suppression is not needed"
        return self.at(cell, message, fix, start=start)


def _is_foreign(module: Module, cell: Cell) -> bool:
    """Whether a cell is code in another language."""
    if cell.kind != "code":
        return False
    code = module.cell(cell.index)
    return not code.parses and code.fault is None
