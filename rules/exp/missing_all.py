"""EXP101: an exported module that does not say what it exports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import (
    Applicability,
    CodeCell,
    Example,
    Finding,
    Fix,
    Module,
    Options,
    Rule,
    Severity,
    TextEdit,
)
from modfix.syntax.indentation import indentation

from ._public import export_section, public_names


class MissingAllOptions(Options, frozen=True):
    """`exclude`: patterns of names that are never exported, such as containers."""

    exclude: tuple[str, ...] = ()


class MissingAll(Rule):
    """A module has exported cells and no `__all__`.

    ## What it does
    Finds modules with nbdev's export directives that nowhere bind `__all__`, and proposes
    the names: the public functions, then the public classes, in the order in which exported
    cells and cells with a solution define them. Tests, demos, containers and what only the
    export section defines (facades) are left out.

    ## Why is this bad?
    `from module import *` gives everybody the imports and helpers too, and nobody can read
    what the module promises.

    ## Fix safety
    Safe: an assignment of names that exist, in the export section, or in the last exported
    cell of a module without one.

    ## Options
    `exclude`: shell patterns of names that are never exported.
    """

    code = "EXP101"
    name = "missing-all"
    severity = Severity.WARNING
    fixes = (Applicability.SAFE,)
    source = "Critical Fixes Required for Module 17, Fix 5"
    options_type = MissingAllOptions
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="an export section with a facade",
            bad="""# %%
#| default_exp optimization.compression
#| export
class Sequential:
    pass

# %%
def measure_sparsity(model):
    ### BEGIN SOLUTION
    return 0.0
    ### END SOLUTION

# %% [markdown]
# ## Export

# %%
#| export
class CompressionComplete:
    measure = staticmethod(measure_sparsity)
""",
            good="""# %%
#| default_exp optimization.compression
#| export
class Sequential:
    pass

# %%
def measure_sparsity(model):
    ### BEGIN SOLUTION
    return 0.0
    ### END SOLUTION

# %% [markdown]
# ## Export

# %%
#| export

# Export all compression functions
__all__ = [
    'measure_sparsity'
]

class CompressionComplete:
    measure = staticmethod(measure_sparsity)
""",
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield one finding, at the export section."""
        section = export_section(module)
        if section is None or "__all__" in module.definitions:
            return
        if any(cell.fault and "__all__" in cell.source for cell in module.cells):
            return
        names = public_names(module, section, self.options.exclude)
        if not names:
            return
        fix = Fix("add `__all__`", (_insertion(module, section, names),))
        place = section.statements[0].start if section.statements else len(section.source)
        message = f"the module exports cells but has no `__all__`: name {_some(names)} in one"
        yield self.at(section.cell, message, fix, start=place)


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown


def _insertion(module: Module, section: CodeCell, names: tuple[str, ...]) -> TextEdit:
    """`__all__` below the directives (a docstring, `__future__`), in the document's form."""
    at = _head(section)
    topic = (module.default_export or "").rpartition(".")[2]
    functions = any(
        each is not None and each.kind == "function" for each in map(module.definition, names)
    )
    kind = "functions" if functions else "classes"
    comment = f"# Export all {topic} {kind}" if topic else f"# Export all {kind}"
    step = indentation(module, section)
    lines = ",\n".join(f"{step}'{name}'" for name in names)
    block = f"{comment}\n__all__ = [\n{lines}\n]"
    rest = section.source[at:]
    gap = "\n\n" if section.source[:at].strip() else ""
    tail = "\n" if rest.strip() and not rest.startswith("\n\n") else ""
    return TextEdit(section.index, at, at, f"{gap}{block}{tail}")


def _head(section: CodeCell) -> int:
    """The offset below the directives, the docstring and the `__future__` imports of a cell."""
    at = max((d.end for d in section.directives if d.leading), default=0)
    for statement in section.statements:
        future = "from __future__" in section.source[statement.start : statement.end]
        if statement.kind != "string" and not (statement.kind == "import" and future):
            break
        at = section.source.find("\n", statement.end)
        at = len(section.source) if at < 0 else at
    return at
