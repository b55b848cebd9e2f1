"""The modules of a selection, checked; what could not be is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modfix.cli.selection import Selection

if TYPE_CHECKING:
    from modfix.lint.checked import Checked


def checked_modules(selection: Selection, *, changes: bool = False) -> list[Checked]:
    """What checking came to, in the order of the files; failures are told on the way."""
    from modfix.lint.checking import check_files

    done = []
    for each in check_files(selection.files(), selection.linter, changes=changes):
        if each.trouble is None:
            done.append(each)
        else:
            selection.failures.tell(each.trouble.error())
    return done
