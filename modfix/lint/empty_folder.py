"""Why a folder holds no module to look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from modfix.errors import ModfixError

Stands = Callable[[bool, bool], bool]
_NAME_IT = "name a file to have it looked at"


def no_module(folder: Path, stands: Stands) -> ModfixError:
    """What to say of a folder without a module that is looked at.

    `stands(git, settings)` says whether there is one where what git ignores, and what the settings
    exclude, is looked at too.
    """
    for git, settings, by, todo in (
        (True, False, "git ignores", f"{_NAME_IT}, or set `respect-gitignore = false`"),
        (False, True, "`exclude` or `include` in the settings leaves out", _NAME_IT),
        (True, True, "git ignores or the settings leave out", _NAME_IT),
    ):
        if stands(git, settings):
            return ModfixError(f"{by} every course module here", where=str(folder), todo=todo)
    todo = "a module is a .py file with `# %%` cells or a notebook"
    return ModfixError("no course module here", where=str(folder), todo=todo)
