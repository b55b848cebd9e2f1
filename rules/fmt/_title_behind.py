"""A cell's title that stands behind its nbgrader metadata."""

from __future__ import annotations

import re

from msgspec import Struct

from modfix.document.marker import UNREADABLE, read_marker
from modfix.rule import Cell

from ._marker_text import marker_text, reads

_WORD = re.compile(r"\w")


class TitleBehind(Struct, frozen=True):
    """The title, the marker line as it should be, and whether the cell's kind would change."""

    title: str
    line: str
    changes_kind: bool


def title_behind(cell: Cell) -> TitleBehind | None:
    """The title behind the metadata of a cell's marker line, or None where there is none.

    Also None where the line would not be read as it is meant with the title in front.
    """
    if cell.marker is None or "nbgrader" not in cell.marker.text:
        return None
    found = marker_text(cell)
    if found is None or not found.tail.strip():
        return None
    title, rest = _divided(found.tail)
    if not _WORD.search(title) or "{" in title or "}" in title:
        return None
    head = found.line[: found.start].rstrip()
    line = f"{head} {title} {found.line[found.start : found.end]}{rest}".rstrip()
    after = read_marker(line)
    if not reads(line, found.value) or after.json_style != cell.marker.json_style:
        return None
    return TitleBehind(title, line, after.kind != cell.marker.kind)


def _divided(tail: str) -> tuple[str, str]:
    """The words of a title and the options, whichever come first, of what follows metadata."""
    marker = read_marker(f"# %%{tail}")
    options = marker.options
    if any(option.key == UNREADABLE for option in options):
        return "", tail
    words = tail if not options else tail[: tail.find(options[0].key)]
    if words.strip():
        return words.strip(), tail[len(words.rstrip()) :]
    loose = [option for option in options if option.value is None and option.key[0] != "."]
    if not loose or any(option.value is not None for option in options[-len(loose) :]):
        return "", tail
    at = loose[0].start - len("# %%") - len(loose[0].key)
    return tail[at:].strip(), tail[:at].rstrip()
