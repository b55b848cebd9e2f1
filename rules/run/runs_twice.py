"""RUN104: tests that run twice when the module is executed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar

from modfix.rule import Applicability, Example, Finding, Fix, Module, Rule

from ._once import removing
from ._repeats import Repeat, repeats


class TestRunsTwice(Rule):
    """A test or demo is called at module level although an earlier call has run it.

    ## What it does
    Finds calls of the module's tests and demos, bare or in a main guard, that repeat an
    earlier one with the same arguments, where nothing that the function needs has changed
    in between.

    ## Why is this bad?
    Everything that the test prints appears twice and takes twice the time. And if the call
    that goes is the one after the definition, nbgrader's graded cell only defines the test
    and gives its points to everybody: the call belongs into the cell that defines it.

    ## Fix safety
    Safe. The first call stays, in its cell. A guarded tail that only prints around the
    repeated call moves to that place; of one that does more, only the repeated call goes.
    Tails in graded cells stay as they are.
    """

    code = "RUN104"
    name = "test-runs-twice"
    fixes = (Applicability.SAFE,)
    phase = 0
    source = "Critical Fixes Required for Module 17, Fix 2, item 7"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a guarded tail around the integration test",
            bad="""# %%
def test_module():
    assert add(1, 2) == 3

test_module()

# %%
if __name__ == "__main__":
    print("Running the module...")
    test_module()
    print("Module validation complete!")

# %% [markdown]
# ## Summary
""",
            good="""# %%
def test_module():
    assert add(1, 2) == 3

if __name__ == "__main__":
    print("Running the module...")
    test_module()
    print("Module validation complete!")

# %% [markdown]
# ## Summary
""",
        ),
        Example(
            title="a tail that does more",
            bad="""# %%
def test_unit_add():
    assert add(1, 2) == 3

if __name__ == "__main__":
    test_unit_add()

# %%
if __name__ == "__main__":
    test_unit_add()
    serve(port=8000)
""",
            good="""# %%
def test_unit_add():
    assert add(1, 2) == 3

if __name__ == "__main__":
    test_unit_add()

# %%
if __name__ == "__main__":
    serve(port=8000)
""",
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield each repeated call; those of one guard share a fix."""
        for _, group in groupby(repeats(module), lambda each: id(each.again.top)):
            found = list(group)
            top = found[0].again.top
            edits = removing(module, top, found)
            fix = Fix("run it once, after its definition", edits) if edits else None
            for repeat in found:
                yield self.at(repeat.again.statement or top, _message(module, repeat), fix)


def _message(module: Module, repeat: Repeat) -> str:
    first = repeat.first.statement or repeat.first.top
    line, _, _ = module.document.place(first.cell, first.start)
    return (
        f"`{repeat.again.text}` has already run at line {line}: "
        "call it once, right after its definition"
    )
