"""SYS101: a required analysis is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import (
    Applicability,
    CodeCell,
    Example,
    Finding,
    Fix,
    InsertCell,
    Module,
    Options,
    Rule,
    Severity,
    Statement,
)

from ..nbg._plan import complete_metadata
from ._analysis import Analysis, applies, is_there, place, template_text, unbound


class MissingAnalysisOptions(Options, frozen=True):
    """`analyses` are those of the standard, `extend-analyses` a course's own beside them."""

    analyses: tuple[Analysis, ...] = ()
    extend_analyses: tuple[Analysis, ...] = ()


class MissingAnalysis(Rule):
    """A module lacks a systems analysis that the standard requires.

    ## What it does

    Looks for the functions that the standard wants in this module, by the name of its export
    (`#| default_exp`) or of its folder.

    ## Why is this bad?

    A technique without a measurement is a claim. Students should see what it costs and saves.

    ## Fix safety

    Safe: a whole cell is inserted, with metadata and a guarded call; nothing else changes. There
    is no fix where the module does not bind the names that the template needs, or where the file's
    encoding cannot hold it.

    ## Options

    `analyses`: a list of tables with `function`, `module` (a shell pattern over the name of the
    export or the folder), `after` (functions, the first that exists is followed), `requires`
    (names that the template needs), `template` (a built-in one, or a file relative to the
    module's folder or one above it) and `id`. `extend-analyses` adds to them.
    """

    code = "SYS101"
    name = "missing-analysis"
    severity = Severity.WARNING
    fixes = (Applicability.SAFE,)
    source = "module-17-required-fixes.md, Fix 4"
    options_type = MissingAnalysisOptions
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="an analysis whose template needs a name that is not there",
            options={
                "analyses": [
                    {
                        "function": "analyze_pruning_inference_speedup",
                        "module": "optimization.*",
                        "requires": ["magnitude_prune"],
                        "template": "analyze_pruning_inference_speedup",
                    }
                ]
            },
            bad="""\
# %%
#| default_exp optimization.compression
import numpy as np
""",
            good=None,
        ),
        Example(
            title="another module needs no such analysis",
            bad=None,
            good="""\
# %%
#| default_exp core.tensor
import numpy as np
""",
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding for each missing analysis, where its cell should go."""
        for analysis in (*self.options.analyses, *self.options.extend_analyses):
            if applies(analysis, module) and not is_there(analysis, module):
                at = place(analysis, module)
                if at is not None:
                    yield self._finding(module, analysis, at)

    def _finding(self, module: Module, analysis: Analysis, at: Statement | CodeCell) -> Finding:
        cell = at.cell if isinstance(at, Statement) else at.index
        message = f"the required analysis `{analysis.function}` is missing"
        where = at if isinstance(at, Statement) else at.cell
        names = [f"`{name}`" for name in unbound(analysis, module, cell)]
        if names:
            return self.at(where, f"{message}; its template needs {', '.join(names)}")
        text = template_text(analysis, module, module.cell(cell))
        if text is None or not _encodable(module, text):
            return self.at(where, f"{message}; there is no template for it that fits this file")
        return self.at(where, f"{message} here", _fix(module, analysis, cell, text))


def _fix(module: Module, analysis: Analysis, cell: int, text: str) -> Fix:
    wanted = analysis.id or analysis.function.replace("_", "-")
    metadata = {"nbgrader": complete_metadata(module, "demo", wanted)}
    return Fix(f"add `{analysis.function}`", (InsertCell(cell, text, metadata),))


def _encodable(module: Module, text: str) -> bool:
    try:
        text.encode(module.document.source.encoding)
    except UnicodeEncodeError:
        return False
    return True
