"""Which cell of a file after a command is which cell of the file before it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable

from modfix.document.alignment import Aligned
from modfix.document.cell import Cell
from modfix.document.document import Document

_NO_WORD = re.compile(r"\W+")


def matched(before: Document, after: Document) -> list[int]:
    """For each cell before, the index of the same cell after, or -1 for one that is gone.

    Cells are the same by their ids, else by their words: a formatter changes blanks, quotes and
    commas. What is left between two known cells is matched by its order.
    """
    shared = _ids(before) & _ids(after)
    mine = [_key(cell, shared) for cell in before.cells]
    their = [_key(cell, shared) for cell in after.cells]
    found = [-1] * len(mine)
    if len(mine) == len(their) and 2 * sum(map(_same, mine, their)) >= len(mine):
        return list(range(len(mine)))
    for tag, a, b, c, d in Aligned(mine, their, autojunk=False).get_opcodes():
        if tag == "equal" or b - a == d - c:
            found[a:b] = range(c, d)
        elif tag == "replace":
            _match_block(before, after, (a, b), (c, d), found)
    return found


def _match_block(
    before: Document,
    after: Document,
    mine: tuple[int, int],
    their: tuple[int, int],
    found: list[int],
) -> None:
    """Match cells of two unequal blocks that begin with the same word, in order."""
    at = their[0]
    for index in range(*mine):
        first = _first_words(before.cells[index])
        fitting = (k for k in range(at, their[1]) if _first_words(after.cells[k]) == first)
        found[index] = next(fitting, -1)
        if found[index] >= 0:
            at = found[index] + 1


def _same(one: Hashable, other: Hashable) -> bool:
    return one == other


def _ids(document: Document) -> set[str]:
    """The ids that only one cell of the document has."""
    counts = Counter(map(_id, document.cells))
    return {each for each, count in counts.items() if each and count == 1}


def _id(cell: Cell) -> str | None:
    return cell.notebook_id or cell.id


def _key(cell: Cell, ids: set[str]) -> tuple[str, str]:
    own = _id(cell)
    return ("id", own) if own in ids and own else (cell.kind, _NO_WORD.sub("", cell.source))


def _first_words(cell: Cell) -> str:
    lines = (line for line in cell.source.split("\n") if line.strip())
    return _NO_WORD.sub("", next(lines, ""))
