"""FMT101: nbgrader metadata that nbgrader does not see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.unseen import Unseen, unseen
from modfix.rule import Applicability, Cell, Example, Finding, Module, Rule

from ._seen_again import fix_of
from ._title_behind import title_behind

_SHOWN = 60  # characters


class UnreadableMetadata(Rule):
    """nbgrader metadata on a marker line cannot be read, or stands under another key.

    ## What it does

    Finds marker lines of scripts that say something of nbgrader and are neither JSON nor Python:
    mixed quotes, a comma too many, a missing brace. (Python's `True` and `'…'` are read, and
    spaces around the `=`.) Finds nbgrader's keys in a cell's metadata, of a script or a notebook,
    where they do not stand under `nbgrader`: `nbgrader: {…}` with a colon, which for jupytext is a
    title and seven keys of the cell's own, `nb_grader={…}`, `{"grade": …}`.

    ## Why is this bad?

    jupytext makes `incorrectly_encoded_metadata` of the whole line, or metadata that nbgrader does
    not look for, without a word. For nbgrader the cell has no metadata: a test gives no points,
    and a solution is released to the students.

    ## Fix safety

    Safe where only one reading is possible: quotes of the other kind, true and false in another
    case, commas too many or missing between members, other brackets or missing ones, a colon for
    the `=`, the letters of `nbgrader` in another case or with hyphens. The value is written anew
    as JSON, and the rest of the line stays. Unsafe where the key is another word, or none.
    """

    code = "FMT101"
    name = "unreadable-metadata"
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
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
            title="a colon",
            bad="""\
# %% nbgrader: {"grade": false, "grade_id": "cell-a", "locked": true, "schema_version": 3, "solution": false, "task": false}
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
            found = unseen(cell)
            if found is not None and title_behind(cell) is None:
                yield self.at(cell, _message(cell, found), fix_of(module.document, cell, found))


def _message(cell: Cell, found: Unseen) -> str:
    if found.how == "unreadable":
        text = f"the nbgrader metadata cannot be read: {_shown(cell)}; nbgrader will not see it"
        return f"{text}: write `nbgrader={{…}}` in JSON"
    if found.how == "named":
        text = f"nbgrader will not see the metadata under `{found.keys[0]}`"
    elif found.sure:
        text = f"nbgrader will not see {_shown(cell)}: its keys become the cell's own"
    else:
        text = "nbgrader will not see its keys in the cell's own metadata"
    return (
        f"{text}: write them as `nbgrader={{…}}`" if cell.marker else f"{text}: it reads `nbgrader`"
    )


def _shown(cell: Cell) -> str:
    """The text that is neither JSON nor Python, shortened."""
    assert cell.marker is not None
    text = cell.marker.text[max(cell.marker.text.find("nbgrader"), 0) :]
    return f"`{text}`" if len(text) <= _SHOWN else f"`{text[: _SHOWN - 1]}…`"
