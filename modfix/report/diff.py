"""The unified diff of a repair."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import click

from modfix.document.document import Document

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def unified_diff(before: Document, after: Document) -> str:
    """What a repair changes, as `patch` and `git apply` read it."""
    path = before.path.as_posix().lstrip("/")
    lines = difflib.unified_diff(
        _lines(before), _lines(after), f"a/{path}", f"b/{path}", lineterm="\n"
    )
    return "".join(_terminated(lines))


def coloured_diff(diff: str) -> str:
    """The same diff in a terminal's colours."""
    return "\n".join(_coloured(line) for line in diff.split("\n"))


def _lines(document: Document) -> list[str]:
    """Lines as `diff` counts them: ended by a line feed, whatever else Python takes for an end."""
    pieces = document.source.raw.split("\n")
    lines = [f"{line}\n" for line in pieces[:-1]]
    return [*lines, pieces[-1]] if pieces[-1] else lines


def _terminated(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _coloured(line: str) -> str:
    if line.startswith(("---", "+++")):
        return click.style(line, bold=True)
    colour = _COLOURS.get(line[:1])
    return click.style(line, fg=colour) if colour else line
