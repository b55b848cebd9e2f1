"""NBG104: a schema version that is newer than nbgrader's, or no whole number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.schema import SCHEMA_VERSION, is_integer
from modfix.rule import Applicability, Example, Finding, Module, Rule

from ._entries import entries
from ._repair import repair


class StrangeSchemaVersion(Rule):
    """A `schema_version` is newer than nbgrader's, or no whole number.

    ## What it does

    Finds a `schema_version` above 3, and one that is text, a fraction, true or a list. One that
    is missing or older is NBG102's.

    ## Why is this bad?

    nbgrader refuses the notebook: "Schema version is too new". A version that is text makes it
    fail with a bare `TypeError` that names neither the notebook nor the cell.

    ## Fix safety

    Safe where the text is a number that nbgrader knows (`"3"`): the metadata is completed with
    the number. A newer version is written by a newer nbgrader, whose keys only it knows: there is
    no fix.
    """

    code = "NBG104"
    name = "strange-schema-version"
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    source = "nbgrader, nbgraderformat/common.py (validate_cell)"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a version as text",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": true, "schema_version": "3", "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
        ),
        Example(
            title="a version of the future",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": true, "schema_version": 4, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
            good=None,
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each cell with such a version."""
        for entry in entries(module):
            version = entry.old.get("schema_version")
            if version is None or (is_integer(version) and version <= SCHEMA_VERSION):  # type: ignore[operator]
                continue
            told = f"`schema_version` is {version!r}: nbgrader wants the number {SCHEMA_VERSION}"
            yield self.at(entry.cell, told, repair(module, entry))
