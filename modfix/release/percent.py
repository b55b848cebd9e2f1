"""The release as a percent script: the instructor's text, edited where students get another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.document.edit import MetadataEdit, Replacement
from modfix.document.marker import new_marker, read_marker, with_option
from modfix.nbgrader.checksum import checksum
from modfix.nbgrader.kinds import KEY
from modfix.release.student import ReleasedCell, StudentVersion

_OPENING = re.compile(r"""^[rR]?("{3}|'{3})\n?""")
_CLOSING = re.compile(r"""\n?("{3}|'{3})[ \t]*$""")


def percent_release(version: StudentVersion) -> Document:
    """The document of the students, in the encoding and with the line ends of the instructor's.

    In a few cases it has other cells: where what is cleared closes a string, say.
    """
    text = version.document.text
    found = [each for cell in version.cells for each in _replacements(cell, text)]
    assert all(first.end <= second.start for first, second in pairwise(found))
    return _settled(version, version.document.edited(found))


def _settled(version: StudentVersion, release: Document) -> Document:
    """The release with true checksums of the cells that are read with other blank lines."""
    edits = [
        MetadataEdit(cell.index, KEY, {**own, "checksum": checksum(cell.source, cell.kind, own)})
        for released, cell in zip(version.cells, release.cells, strict=False)
        if released.changed and (own := cell.nbgrader) and "checksum" in own
        if cell.kind == "code" and cell.source != _code(released)
    ]
    return release.edited(release.replacements(edits)) if edits else release


def _replacements(released: ReleasedCell, whole: str) -> Iterator[Replacement]:
    cell = released.cell
    marker = _marker(released)
    if marker is not None:
        length = 0 if cell.marker is None else len(cell.marker.text)
        yield Replacement(cell.block_start, cell.block_start + length, marker)
    if released.changed:
        text = _code(released) if cell.kind == "code" else _prose(cell, _trimmed(released.source))
        yield Replacement(cell.start, cell.end, _on_its_line(cell, text, whole))


def _on_its_line(cell: Cell, text: str, whole: str) -> str:
    """The text of a cell; for one that has not even an empty line, with line ends around it."""
    if cell.marker is None or cell.block_end > cell.start:
        return text
    before = "" if whole[: cell.start].endswith("\n") else "\n"
    return f"{before}{text}\n"


def _marker(released: ReleasedCell) -> str | None:
    """The marker's line with the metadata of the release, or None where nothing changes."""
    cell = released.cell
    new = {k: v for k, v in _metadata(released).items() if cell.metadata.get(k) != v}
    new = {k: v for k, v in new.items() if k in ("nbgrader", "deletable", "editable")}
    if not new:
        return None
    if cell.marker is None:
        return new_marker("code", {**cell.metadata, **new}) + "\n"
    marker = cell.marker
    for key, value in new.items():
        marker = read_marker(with_option(marker, key, value))
    return marker.text


def _metadata(released: ReleasedCell) -> dict[str, Any]:
    """The metadata with the checksum of the text as it is read again."""
    metadata = dict(released.metadata)
    own = metadata.get(KEY)
    text = _trimmed(released.source)
    if released.changed and text != released.source and isinstance(own, dict) and "checksum" in own:
        metadata[KEY] = {**own, "checksum": checksum(text, released.cell.kind, own)}
    return metadata


def _trimmed(text: str) -> str:
    """A text without blank lines at its end: in a script they part cells and are not read."""
    lines = text.split("\n")
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)


def _code(released: ReleasedCell) -> str:
    """Code as it stands in the script: kept lines to the letter, commented magics too."""
    own = released.cell.source.split("\n")
    if len(own) != released.given.count("\n") + 1:
        return _trimmed(released.source)
    lines = released.cleared.lines
    kept = (own[line.origin - 1] if line.origin else line.text for line in lines)
    return _trimmed("\n".join(kept))


def _prose(cell: Cell, text: str) -> str:
    """Prose as it stood: in comments, or in a string."""
    source = cell.source
    opening, closing = _OPENING.match(source), _CLOSING.search(source)
    if opening and closing:
        return f"{opening[0]}{text}{closing[0]}"
    lines = source.split("\n")
    if all(line.startswith("#") for line in lines if line.strip()):
        return "\n".join(f"# {line}" if line else "#" for line in text.split("\n"))
    return text
