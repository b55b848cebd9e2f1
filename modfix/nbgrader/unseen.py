"""nbgrader metadata that stands in a cell's metadata and that nbgrader does not see.

nbgrader asks for the key `nbgrader` and nothing else. `# %% nbgrader: {…}` is a title and seven
keys for jupytext (its `cell_metadata.text_to_metadata`), `nb_grader={…}` another tool's metadata,
and what is neither JSON nor Python becomes `incorrectly_encoded_metadata`: in each case the cell
is an ordinary one, without a word from anybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from modfix.document.cell import Cell
from modfix.document.marker_options import UNREADABLE
from modfix.nbgrader.kinds import KEY
from modfix.nbgrader.schema import KNOWN

How = Literal["unreadable", "named", "flat", "wrapped"]

_SPOKEN_OF = re.compile(r"nbgrader['\"”]?\s*[=:]")
_NAMED = re.compile(r"([A-Za-z][\w.-]*)['\"”]?\s*[=:({\[]")
# Known keys side by side that are no coincidence.
_TOGETHER = (
    frozenset({"grade_id"}),
    frozenset({"grade", "solution"}),
    frozenset({"schema_version"}),
)
_FEWEST = 2
_FARTHEST = 2  # letters too many, too few or wrong


class Unseen(Struct, frozen=True):
    """Metadata that nbgrader does not see: `how` it stands there, under which `keys` of the cell's
    metadata, what is `meant` (None: it cannot be read), and whether no more than the spelling of
    the one key is wrong.

    `named`: under another key. `flat`: its keys are the cell's own. `wrapped`: in an object
    `metadata`.
    """

    how: How
    keys: tuple[str, ...] = ()
    meant: Mapping[str, object] | None = None
    sure: bool = False


def unseen(cell: Cell) -> Unseen | None:
    """The nbgrader metadata of a cell that nbgrader does not see, or None."""
    metadata = cell.metadata
    if not metadata:
        return None
    if UNREADABLE in metadata:
        spoken_of = cell.marker is not None and _speaks_of_it(cell.marker.text)
        return Unseen("unreadable", (UNREADABLE,)) if spoken_of else None
    if KEY in metadata:
        return None
    for key, value in metadata.items():
        if isinstance(value, dict) and is_nearly(key) and not value.keys().isdisjoint(KNOWN):
            return Unseen("named", (key,), value, letters_of(key) == KEY)
    inner = metadata.get("metadata")
    if isinstance(inner, dict) and isinstance(inner.get(KEY), dict):
        return Unseen("wrapped", ("metadata",), inner[KEY])
    return _flat(cell)


def _flat(cell: Cell) -> Unseen | None:
    own = tuple(key for key in cell.metadata if key in KNOWN and key != "cell_type")
    if len(own) < _FEWEST or not any(keys.issubset(own) for keys in _TOGETHER):
        return None
    meant = {key: cell.metadata[key] for key in own}
    said = cell.marker is not None and KEY in cell.marker.title.lower()
    return Unseen("flat", own, meant, said)


def is_nearly(key: str) -> bool:
    """Whether a key is `nbgrader` in another spelling: `nb_grader`, `Nbgrader`, `nbgarder`."""
    letters = letters_of(key)
    if letters == "grader":  # another tool's, or another word
        return False
    return letters.removeprefix("metadata") == KEY or _distance(letters, KEY) <= _FARTHEST


def letters_of(key: str) -> str:
    """The letters of a key, all small."""
    return re.sub(r"[^a-z]", "", key.lower())


def _distance(first: str, second: str) -> int:
    """The letters to change, add or leave out (Levenshtein)."""
    if abs(len(first) - len(second)) > _FARTHEST:
        return _FARTHEST + 1
    row = list(range(len(second) + 1))
    for number, letter in enumerate(first, start=1):
        above, row[0] = row[0], number
        for at, other in enumerate(second, start=1):
            above, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, above + (letter != other))
    return row[-1]


def _speaks_of_it(text: str) -> bool:
    if _SPOKEN_OF.search(text):
        return True
    near = any(is_nearly(match[1]) for match in _NAMED.finditer(text))
    return near and any(key in text for key in KNOWN)
