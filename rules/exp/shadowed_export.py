"""EXP103: a later definition takes the place of an exported one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import (
    Applicability,
    Example,
    Finding,
    Fix,
    Module,
    Rule,
    Severity,
    Statement,
)

from ..run._needs import place_of
from ._shadows import shadows, without


class ShadowedExport(Rule):
    """A function or class is defined again in a later cell, and one of the two is exported.

    ## What it does
    Finds public functions and classes at module level that redefine one of an earlier cell,
    where either cell is exported. Not meant are definitions in `if` and `try`, overloads,
    registrations and patches, a class that extends its own earlier version, and modules
    that export nothing.

    ## Why is this bad?
    Tests check the first definition and users get the second: other defaults, other units,
    another return value, all under the same name.

    ## Fix safety
    Unsafe: the later definition goes, with its comments, and whoever relied on it gets the
    first one.
    """

    code = "EXP103"
    name = "shadowed-export"
    severity = Severity.WARNING
    fixes = (Applicability.UNSAFE,)
    source = "Critical Fixes Required for Module 17, Fix 5"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a wrapper of the same name",
            bad='''# %%
def share(values):
    """In percent."""
    return 100 * sum(values) / len(values)

# %%
#| export
class Shares:
    @staticmethod
    def share(values):
        return sum(values) / len(values)

# For short
def share(values):
    """A fraction."""
    return Shares.share(values)

def total(values):
    return sum(values)
''',
            good='''# %%
def share(values):
    """In percent."""
    return 100 * sum(values) / len(values)

# %%
#| export
class Shares:
    @staticmethod
    def share(values):
        return sum(values) / len(values)

def total(values):
    return sum(values)
''',
        ),
        Example(
            title="a class that extends its earlier version",
            bad=None,
            good="""# %%
#| export
class Tensor:
    pass

# %%
#| export
class Tensor(Tensor):
    def backward(self):
        pass
""",
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield each later definition."""
        found = shadows(module)
        gone = frozenset(place_of(later) for _, later in found)
        for first, later in found:
            fix = Fix(
                "remove the later definition",
                without(module, later, gone),
                Applicability.UNSAFE,
            )
            yield self.at(later, _message(module, first, later), fix)


def _message(module: Module, first: Statement, later: Statement) -> str:
    line, _, _ = module.document.place(first.cell, first.start)
    if module.cell(later.cell).exported:
        who = "importers get this one"
    else:
        who = "the package exports that one, the module goes on with this one"
    return f"`{later.name}` is already defined at line {line}, and {who}: remove one or rename it"
