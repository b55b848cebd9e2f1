"""NBG105: a key that nbgrader does not know, or a value of a wrong type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.kinds import FLAGS
from modfix.nbgrader.schema import KNOWN
from modfix.rule import Applicability, Example, Finding, Module, Rule

from ._entries import Entry, entries
from ._repair import repair


class WrongValue(Rule):
    """nbgrader metadata has a key that nbgrader does not know, or a value of a wrong type.

    ## What it does

    Finds unknown keys, flags that are not true or false, ids that are no text, and metadata that
    is no mapping at all. Versions, points and what a release adds have rules of their own.

    ## Why is this bad?

    nbgrader rejects the whole notebook with "the nbgrader metadata may be corrupted" and does not
    say which cell it means. What a misspelt key was to say is not said.

    ## Fix safety

    Safe where nothing is lost: `"true"` and `1` become true, an id that is a number becomes text,
    null is taken for missing, an unknown key goes, as nbgrader's own `update` does it. Unsafe
    where the unknown key looks like a known one that is missing: it gets that name. There is no
    fix where the value does not mean one of the right type.
    """

    code = "NBG105"
    name = "wrong-metadata-value"
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    source = "nbgrader, nbgraderformat/v3.json (types, additionalProperties: false)"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a flag as text, and a key of another tool's",
            bad="""\
# %% nbgrader={"grade": "false", "grade_id": "a", "locked": true, "owner": "me", "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
        ),
        Example(
            title="a misspelt key",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "point": 2, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
        ),
        Example(title="no mapping", bad='# %% nbgrader="graded"\nx = 1\n', good=None),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each cell with wrong keys or values."""
        for entry in entries(module):
            if entry.cell.nbgrader is None:
                text = 'the nbgrader metadata is not a mapping: write `{"grade_id": …}`'
                yield self.at(entry.cell, text)
            elif wrong := _wrong(entry):
                text = f"nbgrader refuses this metadata: {', '.join(wrong)}"
                yield self.at(entry.cell, text, repair(module, entry))


def _wrong(entry: Entry) -> list[str]:
    old = entry.old
    found = [_unknown(entry, key) for key in old if key not in KNOWN]
    flags = (key for key in FLAGS if not isinstance(old.get(key, False), bool))
    found += [f"`{key}` is not true or false" for key in flags]
    if not isinstance(old.get("grade_id") or "", str):
        found.append("`grade_id` is not text")
    return found


def _unknown(entry: Entry, key: str) -> str:
    meant = entry.meant.get(key)
    return f"unknown key `{key}`" + (f" (did you mean `{meant}`?)" if meant else "")
