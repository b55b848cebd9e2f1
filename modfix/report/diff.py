"""The unified diff of a repair."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from modfix.document.alignment import Aligned
from modfix.document.document import Document

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}
_AROUND = 3  # lines that are shown around a change
_QUOTED = re.compile(rb'[\x00-\x1f\x7f"\\]')  # what git quotes in a name


def unified_diff(before: Document, after: Document) -> bytes:
    """What a repair changes, as `patch -p1` and `git apply` read it in the current folder.

    Bytes, in the file's own encoding: what does not change must be found as it stands.
    """
    name = os.fsencode(_from_here(before.path)).lstrip(b"/")
    old, new = _lines(before.to_bytes()), _lines(after.to_bytes())
    hunks = b"".join(_terminated(unified_hunks(old, new)))
    if not hunks:
        return b""
    return b"--- %b\n+++ %b\n%b" % (_header(b"a/" + name), _header(b"b/" + name), hunks)


def unified_hunks(
    before: Sequence[bytes], after: Sequence[bytes], around: int = _AROUND
) -> Iterator[bytes]:
    """The hunks of a unified diff of some lines, each with its head."""
    for group in Aligned(before, after).get_grouped_opcodes(around):
        first, last = group[0], group[-1]
        yield b"@@ -%b +%b @@\n" % (_range(first[1], last[2]), _range(first[3], last[4]))
        for tag, start, stop, other, end in group:
            kept = tag == "equal"
            yield from ((b" " if kept else b"-") + line for line in before[start:stop])
            if not kept:
                yield from (b"+" + line for line in after[other:end])


def _range(start: int, stop: int) -> bytes:
    """The lines of a hunk, as its head names them."""
    if stop - start == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + (stop > start), stop - start)


def coloured_diff(diff: str) -> str:
    """The same diff in a terminal's colours."""
    return "\n".join(_coloured(line) for line in diff.split("\n"))


def _from_here(path: Path) -> str:
    """The path from the current folder, of a link's target; the whole path for one elsewhere."""
    if not path.is_absolute() and ".." not in path.parts and not path.is_symlink():
        return path.as_posix()
    here, target = Path.cwd().resolve(), path.resolve()
    return (target.relative_to(here) if target.is_relative_to(here) else target).as_posix()


def _header(name: bytes) -> bytes:
    """A file name in a header line, quoted as git quotes it; a space asks for a tab after it."""
    if _QUOTED.search(name):
        return b'"' + _QUOTED.sub(lambda match: b"\\%03o" % match[0][0], name) + b'"'
    return name + b"\t" if b" " in name else name


def _lines(data: bytes) -> list[bytes]:
    """Lines as `diff` counts them: ended by a line feed, whatever else Python takes for an end."""
    pieces = data.split(b"\n")
    lines = [line + b"\n" for line in pieces[:-1]]
    return [*lines, pieces[-1]] if pieces[-1] else lines


def _terminated(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _coloured(line: str) -> str:
    if line.startswith(("---", "+++")):
        return click.style(line, bold=True)
    colour = _COLOURS.get(line[:1])
    return click.style(line, fg=colour) if colour else line
