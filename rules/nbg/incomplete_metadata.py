"""NBG102: nbgrader metadata that nbgrader's schema refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from modfix.document.marker import UNREADABLE
from modfix.rule import Applicability, Cell, Example, Finding, Fix, MetadataEdit, Module, Rule

from ._course_module import is_course_module
from ._metadata import KEY, is_unreadable, lossless, missing_keys, wrong_values
from ._plan import faults, plan


class IncompleteMetadata(Rule):
    """nbgrader metadata lacks keys, or has values that nbgrader refuses.

    ## What it does

    Wants `grade`, `grade_id`, `locked`, `schema_version` 3, `solution` and `task` in every
    `nbgrader` entry, and `points` in a graded one, in code and in prose. It also finds unknown
    keys, values of a wrong type, and marker lines that jupytext cannot read.

    ## Why is this bad?

    nbgrader rejects the whole notebook with "the nbgrader metadata may be corrupted" and does not
    say which cell it means.

    ## Fix safety

    Safe: one line changes, no code does. What stands there stays: flags, points, unusual keys, and
    the id, unless the standard's table of renames has a new one. What is missing comes from the
    flags and the kind of the cell; `locked` is what nbgrader acts on anyway in tests and
    solutions. There is no fix where flags contradict each other, a key is unknown or a value has
    a type that cannot be converted without loss.
    """

    code = "NBG102"
    name = "incomplete-metadata"
    fixes = (Applicability.SAFE,)
    source = "module-17-required-fixes.md, Fix 3; nbgrader, nbgraderformat/v3.json"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="three keys of six",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "imports", "solution": true}
import numpy as np
""",
            good="""\
# %% nbgrader={"grade": false, "grade_id": "cell-imports", "locked": false, "schema_version": 3, "solution": true, "task": false}
import numpy as np
""",  # noqa: E501
        ),
        Example(
            title="flags that contradict each other",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 1, "solution": true, "task": true}
x = 1
""",  # noqa: E501
            good=None,
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each cell with incomplete or refused metadata."""
        if not is_course_module(module):
            return
        planned = plan(module)
        for cell in module.document.cells:
            if cell.nbgrader is not None:
                if faults(module, cell.nbgrader):
                    new = planned[cell.index].metadata
                    message = _message(module, cell.nbgrader, new) + _renaming(cell.nbgrader, new)
                    yield self.at(cell, message, _fix(cell, new))
            elif KEY in cell.metadata:
                yield self.at(cell, "the nbgrader metadata is not a mapping: write `nbgrader={…}`")
            elif is_unreadable(cell):
                yield self.at(cell, f"the nbgrader metadata cannot be read: {_shown(cell)}")


def _message(module: Module, old: Mapping[str, object], new: Mapping[str, object] | None) -> str:
    plain = lossless(old)
    wrong = wrong_values(module, plain)
    missing = [f"`{key}`" for key in missing_keys(module, plain)]
    if wrong:
        return f"nbgrader refuses this metadata: {', '.join(wrong)}"
    if not missing:
        return "nbgrader refuses this metadata: a number is written as text"
    text = f"the nbgrader metadata lacks {_listed(missing)}"
    return text if new is not None else f"{text}, and its flags do not say what kind of cell it is"


def _renaming(old: Mapping[str, object], new: Mapping[str, object] | None) -> str:
    """A word on an id that the standard's table changes: it is the key of released grades."""
    before, after = old.get("grade_id"), (new or {}).get("grade_id")
    return f"; its id becomes `{after}`" if before and after and before != after else ""


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _fix(cell: Cell, new: Mapping[str, object] | None) -> Fix | None:
    if new is None:
        return None
    return Fix("complete the nbgrader metadata", (MetadataEdit(cell.index, KEY, new),))


def _shown(cell: Cell) -> str:
    """The text that is neither JSON nor Python, shortened."""
    text = str(cell.metadata[UNREADABLE])
    return f"`{text}`" if len(text) <= 60 else f"`{text[:59]}…`"
