"""FMT105: a filter of metadata that takes nbgrader's away when the files are synced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.kinds import KEY
from modfix.rule import Applicability, Example, FileEdit, Finding, Fix, Module, Rule

from ..nbg._entries import entries
from ._outside import outside_matches

_NAME = "cell_metadata_filter"
_IN_HEADER = re.compile(rf"^#\s+{_NAME}:[ \t]*([\"']?)([^\"'\n]*?)\1[ \t]*$", re.MULTILINE)
_IN_JSON = re.compile(rf'"{_NAME}"\s*:\s*(")([^"\\]*)"')


class DroppingFilter(Rule):
    """A `cell_metadata_filter` takes nbgrader's metadata away.

    ## What it does

    Finds `cell_metadata_filter: -all`, or one that takes away `nbgrader`, in the header of a
    script or the metadata of a notebook whose cells have nbgrader metadata.

    ## Why is this bad?

    jupytext applies the filter whenever it writes the script: at the next sync, all of nbgrader's
    metadata is gone from it, and with it every test and every point.

    ## Fix safety

    Safe: `nbgrader` is added to what the filter keeps; the rest of it stays.
    """

    code = "FMT105"
    name = "dropping-filter"
    fixes = (Applicability.SAFE,)
    source = "jupytext, metadata_filter.py (filter_metadata)"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a filter for everything",
            bad="""\
# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: -all
# ---

# %% nbgrader={"grade": false, "grade_id": "cell-a", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
            good="""\
# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: nbgrader,-all
# ---

# %% nbgrader={"grade": false, "grade_id": "cell-a", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each such filter."""
        if _NAME not in module.document.text or not entries(module):
            return
        pattern = _IN_JSON if module.document.is_notebook else _IN_HEADER
        for match in outside_matches(module, pattern):
            kept = keeping(match[2])
            if kept != match[2]:
                text = f"`{_NAME}: {match[2]}` takes nbgrader's metadata away at the next sync"
                edit = FileEdit(match.start(2), match.end(2), kept)
                fix = Fix("keep nbgrader's metadata", (edit,))
                yield self.outside(match.start(2), text, fix)


def keeping(value: str) -> str:
    """The filter with nbgrader's metadata kept; unchanged where it keeps it already."""
    names = [name.strip() for name in value.split(",")]
    others = [name for name in names if name != f"-{KEY}"]
    if "-all" in others and KEY not in others:
        others.insert(0, KEY)
    return value if others == names else ",".join(others)
