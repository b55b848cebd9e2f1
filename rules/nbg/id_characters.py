"""NBG202: an id with characters that nbgrader does not allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Applicability, Example, Finding, Module, Rule

from ._baseline import baseline
from ._entries import entries
from ._metadata import is_plain_id
from ._repair import repair


class IdCharacters(Rule):
    """An id has other characters than letters, digits, hyphens and underscores.

    ## What it does

    Finds `grade_id`s that do not match nbgrader's pattern, and those that end with a newline:
    nbgrader's pattern lets it through, its database and its file names keep it.

    ## Why is this bad?

    nbgrader refuses the notebook: "'a b' does not match '^[a-zA-Z0-9_\\\\-]*$'". An id with a
    newline is another one than the same without.

    ## Fix safety

    Unsafe: an id is the key of the grades of those who got the assignment. The other characters
    become hyphens. There is no fix where the module was released (`[nbgrader] released`).
    """

    code = "NBG202"
    name = "id-characters"
    fixes = (Applicability.UNSAFE,)
    source = "nbgrader, nbgraderformat/v3.json (grade_id: pattern)"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="an id in words",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "Part 1: imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": false, "grade_id": "Part-1-imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each cell with such an id."""
        for entry in entries(module):
            grade_id = entry.plain.get("grade_id")
            if not isinstance(grade_id, str) or not grade_id or is_plain_id(grade_id):
                continue
            text = f"the id {grade_id!r} has other characters than letters, digits, `-` and `_`"
            if baseline(module) is not None:
                text += "; the module was released, so rename it by hand if at all"
            fix = repair(module, entry, "rename the cell", sure=Applicability.UNSAFE)
            yield self.at(entry.cell, text, fix, severity=entry.severity("grade_id"))
