"""NBG110: keys that only a release has, in an instructor's source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Applicability, Example, Finding, Module, Rule

from ._entries import entries
from ._release import is_release
from ._repair import repair, without

_KEYS = ("checksum", "cell_type")


class ReleasedKeys(Rule):
    """An instructor's cell has keys that only a release has.

    ## What it does

    Finds `checksum` and `cell_type` in nbgrader metadata. Releases and what students hand in are
    left alone: files in a folder that is called as nbgrader calls those (`release`, `submitted`,
    `autograded`, `feedback`), and files without a solution region that have a checksum in all of
    nbgrader's cells, or in one that still is the students' stub.

    ## Why is this bad?

    The source was once made from a release, or copied from one. nbgrader's `validate` compares
    the checksum with the cell and says that it was changed; `generate_assignment` writes both
    keys anew. A checksum of any other length makes nbgrader refuse the notebook.

    ## Fix safety

    Safe: both keys go. In a release there is no fix, and only what nbgrader refuses is found.
    """

    code = "NBG110"
    name = "released-keys"
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    source = "nbgrader, nbgraderformat/v3.json (checksum, cell_type), preprocessors/checksum.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a solution with a checksum",
            bad="""\
# %% nbgrader={"checksum": "0123456789abcdef0123456789abcdef", "grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
x = 1
### END SOLUTION
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
x = 1
### END SOLUTION
""",  # noqa: E501
        ),
        Example(
            title="a release",
            bad=None,
            good="""\
# %% nbgrader={"checksum": "0123456789abcdef0123456789abcdef", "grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
# YOUR CODE HERE
raise NotImplementedError()
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each cell with such keys."""
        for entry in entries(module):
            found = [f"`{key}`" for key in _KEYS if key in entry.old]
            if not found:
                continue
            if not is_release(module):
                verb = "belongs" if len(found) == 1 else "belong"
                text = f"{' and '.join(found)} {verb} to a release, not to its source"
                fix = repair(module, entry, "take them away", without(*_KEYS))
                yield self.at(entry.cell, text, fix, severity=entry.severity(*_KEYS))
            elif entry.refuses(*_KEYS):
                text = f"{' and '.join(found)}: nbgrader never wrote this, and refuses it"
                yield self.at(entry.cell, text)
