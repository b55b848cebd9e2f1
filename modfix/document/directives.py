"""nbdev directives: `#| export`, `#| default_exp package.module`.

nbdev reads the comment lines at the top of a cell (its `nbio.extract_directives`); the first line
that is neither a directive, a comment nor blank ends them. A directive further down is one that
the author meant, so it is read too and marked as not leading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

_DIRECTIVE = re.compile(r"^[ \t]*#\s*\|\s*([A-Za-z_][\w-]*)[ \t:]*(.*)$", re.MULTILINE)
_EXPORTING = frozenset({"export", "exports", "exporti", "exec_export"})


class Directive(Struct, frozen=True):
    """One directive: its name, its words, the offsets of its line in the cell's source."""

    name: str
    argument: str
    start: int
    end: int
    leading: bool

    @property
    def exports(self) -> bool:
        """Whether it sends the cell to the package."""
        return self.leading and self.name in _EXPORTING


def read_directives(source: str) -> tuple[Directive, ...]:
    """The directives of a cell, in order."""
    if "|" not in source:
        return ()
    head = _head_length(source)
    return tuple(
        Directive(match[1], match[2].strip(), match.start(), match.end(), match.start() < head)
        for match in _DIRECTIVE.finditer(source)
    )


def _head_length(source: str) -> int:
    """The length of the comment and blank lines at the top of a cell."""
    at = 0
    for line in source.splitlines(keepends=True):
        if line.strip() and not line.lstrip().startswith(("#", "%%")):
            break
        at += len(line)
    return at


def default_export(directives: Iterable[Directive]) -> str | None:
    """The argument of `default_exp` among the directives, or None."""
    return next((d.argument for d in directives if d.name == "default_exp" and d.argument), None)
