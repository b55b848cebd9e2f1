"""The modules of a selection, checked; what could not be is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modfix.cli.selection import Selection

if TYPE_CHECKING:
    from modfix.lint.checked import Checked


def checked_modules(selection: Selection, *, changes: bool = False) -> list[Checked]:
    """What checking came to, in the order of the files; failures are told on the way."""
    from modfix.lint.checking import check_files
    from modfix.report.progress import followed

    done, files = [], selection.files()
    checked = check_files(files, selection.linter, changes=changes)
    for each in followed(checked, len(files), "modules checked"):
        if each.trouble is None:
            done.append(each)
        else:
            selection.failures.tell(each.trouble.error())
    return done
