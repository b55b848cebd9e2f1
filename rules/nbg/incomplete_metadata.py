"""NBG102: nbgrader metadata that lacks keys, or has an old schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from modfix.rule import Applicability, Example, Finding, Fix, MetadataEdit, Module, Rule

from ._entries import Entry, entries
from ._repair import repair


class IncompleteMetadata(Rule):
    """nbgrader metadata lacks keys, or has an old schema.

    ## What it does

    Wants `grade`, `grade_id`, `locked`, `schema_version` 3, `solution` and `task` in every
    `nbgrader` entry, in code and in prose. An older or missing `schema_version` counts as
    lacking. Points are NBG106's, an id that lacks alone is NBG201's.

    ## Why is this bad?

    nbgrader rejects the whole notebook with "the nbgrader metadata may be corrupted" and does not
    say which cell it means. (What lacks for the standard's sake alone, `task`, is a warning, and
    none where the standard names it under `[nbgrader] optional`.)

    ## Fix safety

    Safe: one line changes, no code does, and the cell ends with metadata that nbgrader accepts, or
    is left alone. What stands there stays: flags, points, and the id, unless the standard's table
    of renames has a new one and nothing was released. A missing flag is false, as nbgrader reads
    it; where nothing at all says what the cell is, the kind of its code does. nbgrader's own
    `update` turns missing and negative points into 0 and drops the metadata of cells whose flags
    are all false: here both stay. There is no fix where the flags do not say what kind of cell it
    is, or where another value is refused and cannot be mended without loss.
    """

    code = "NBG102"
    name = "incomplete-metadata"
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    source = "module-17-required-fixes.md, Fix 3; nbgrader, nbgraderformat/v3.json, v1.py to v3.py"
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
            title="an old schema",
            bad="""\
# %% nbgrader={"schema_version": 1, "grade": true, "grade_id": "q1", "locked": true, "points": 2, "solution": false}
assert square(2) == 4
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": true, "grade_id": "q1", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
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
        """Yield a finding at the marker of each cell with incomplete metadata."""
        for entry in entries(module):
            if entry.cell.nbgrader is not None and entry.missing:
                fix = repair(module, entry)
                yield self.at(
                    entry.cell,
                    _message(entry, fix) + _renaming(entry.old, fix),
                    fix,
                    severity=entry.severity(*entry.missing),
                )


def _message(entry: Entry, fix: Fix | None) -> str:
    version = entry.old.get("schema_version")
    old = f" 3 (it has {version})" if version is not None else ""
    keys = [f"`{key}`{old if key == 'schema_version' else ''}" for key in entry.missing]
    text = f"the nbgrader metadata lacks {_listed(keys)}"
    return text if fix is not None else f"{text}, and what is there does not tell the rest"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _renaming(old: Mapping[str, object], fix: Fix | None) -> str:
    """A word on an id that the standard's table changes: it is the key of released grades."""
    edit = fix.edits[0] if fix is not None else None
    new = edit.value if isinstance(edit, MetadataEdit) else None
    if not isinstance(new, Mapping):
        return ""
    before, after = old.get("grade_id"), new.get("grade_id")
    return f"; its id becomes `{after}`" if before and after and before != after else ""
