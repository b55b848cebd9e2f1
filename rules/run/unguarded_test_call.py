"""RUN101: tests that run whenever the module is imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Applicability, Example, Finding, Module, Rule

from ._unguarded import unguarded_calls


class UnguardedTestCall(Rule):
    """A test is called at module level, outside of a main guard.

    ## What it does
    Finds bare calls of the module's tests (the names in the setting `names.tests`), also
    with arguments and several on one line, and calls without arguments of tests that are
    imported.
    A file that exports nothing, and whose tests and demos all need arguments, is no course
    module: its `test_loop(model)` is a step of its work.

    ## Why is this bad?
    The test runs on every import: importing one function of the module prints a page, takes
    the time of all tests, and fails if one of them fails. Under the guard it still runs in
    the notebook, in nbgrader and with `python module_dev.py`.

    ## Fix safety
    Safe. A call that follows its definition is guarded where it stands. One that stands
    elsewhere moves to right after the definition, if everything that the test needs is
    bound there and stays the same up to the old place; otherwise, and in cells that
    nbgrader grades, it is guarded in place. A cell that is empty afterwards goes.
    """

    code = "RUN101"
    name = "unguarded-test-call"
    fixes = (Applicability.SAFE,)
    phase = 0
    source = "Critical Fixes Required for Module 17, Fix 2"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="right after its definition",
            bad="""# %%
def test_unit_add():
    assert add(1, 2) == 3

test_unit_add()
""",
            good="""# %%
def test_unit_add():
    assert add(1, 2) == 3

if __name__ == "__main__":
    test_unit_add()
""",
        ),
        Example(
            title="in a cell of its own",
            bad="""# %%
def add(a, b):
    return a + b

def test_unit_add():
    assert add(1, 2) == 3

# %%
# Run it
test_unit_add()  # takes a moment

# %%
total = add(2, 3)
""",
            good="""# %%
def add(a, b):
    return a + b

def test_unit_add():
    assert add(1, 2) == 3

if __name__ == "__main__":
    # Run it
    test_unit_add()  # takes a moment

# %%
total = add(2, 3)
""",
        ),
        Example(
            title="away from its definition because of what it needs",
            bad="""# %%
def test_unit_total():
    assert total == 3

# %%
total = 3
test_unit_total()
""",
            good="""# %%
def test_unit_total():
    assert total == 3

# %%
total = 3

if __name__ == "__main__":
    test_unit_total()
""",
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield each bare call of a test."""
        yield from unguarded_calls(self, module, module.is_test, "test")
