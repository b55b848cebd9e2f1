"""FMT101: nbgrader metadata on a marker line that cannot be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import ClassVar

from modfix.document.marker import read_marker
from modfix.rule import Applicability, Cell, Example, FileEdit, Finding, Fix, Module, Rule

from ..nbg._metadata import is_unreadable
from ._marker_text import marker_text, reads
from ._title_behind import title_behind

_SHOWN = 60  # characters


class UnreadableMetadata(Rule):
    """nbgrader metadata on a marker line cannot be read.

    ## What it does

    Finds marker lines of scripts that say something of nbgrader and are neither JSON nor Python:
    mixed quotes, a comma too many, a missing brace. (Python's `True` and `'…'` are read.)

    ## Why is this bad?

    jupytext makes `incorrectly_encoded_metadata` of the whole line, without a word. For nbgrader
    the cell has no metadata: a test gives no points, and a solution is released to the students.

    ## Fix safety

    Safe where only one reading is possible: quotes of the other kind, true and false in another
    case, commas too many or missing between members, braces missing at the end of the line. The
    value is written anew as JSON, and the rest of the line stays.
    """

    code = "FMT101"
    name = "unreadable-metadata"
    fixes = (Applicability.SAFE,)
    source = "jupytext, cell_metadata.py (text_to_metadata)"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="quotes of Python with words of JSON, and a comma too many",
            bad="""\
# %% nbgrader={'grade': false, 'grade_id': 'cell-a', 'locked': true, 'schema_version': 3, 'solution': false, 'task': false,}
import numpy as np
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": false, "grade_id": "cell-a", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
        ),
        Example(
            title="a text without its end",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "cell-a, "locked": true}
import numpy as np
""",
            good=None,
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each such cell."""
        for cell in module.document.cells:
            if is_unreadable(cell) and title_behind(cell) is None:
                text = f"the nbgrader metadata cannot be read: {_shown(cell)}"
                yield self.at(cell, f"{text}; nbgrader will not see it", _fix(cell))


def _fix(cell: Cell) -> Fix | None:
    found = marker_text(cell)
    if found is None:
        return None
    text = json.dumps(found.value, ensure_ascii=False)
    line = found.line[: found.value_start] + text + found.line[found.value_end :]
    before, after = read_marker(found.line), read_marker(line)
    if not reads(line, found.value) or (before.title, before.kind) != (after.title, after.kind):
        return None
    start = cell.block_start + found.value_start
    edit = FileEdit(start, cell.block_start + found.value_end, text)
    return Fix("write the metadata as JSON", (edit,))


def _shown(cell: Cell) -> str:
    """The text that is neither JSON nor Python, shortened."""
    assert cell.marker is not None
    text = cell.marker.text[max(cell.marker.text.find("nbgrader"), 0) :]
    return f"`{text}`" if len(text) <= _SHOWN else f"`{text[: _SHOWN - 1]}…`"
