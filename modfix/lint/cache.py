"""Answers that were given before, and whether they still hold.

A kept run holds what it looked at (see `modfix.watch`) and what checking each module came to. It
is given again when the code is the same and nothing that it looked at has changed; where only
modules changed, these alone are checked again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from zlib import crc32

from msgspec import Struct

from modfix.kept import read_kept, write_kept
from modfix.lint.cache_folder import SUFFIX, kept_runs, prune
from modfix.lint.checked import Checked
from modfix.watch import Seen, SeenFolder


class KeptModule(Struct, frozen=True, array_like=True, gc=False):
    """One checked module.

    `digest` is that of its bytes, `judgement` what finding modules depends on in them, `linter`
    stands for settings and rules. `files` and `folders` are the neighbours that its rules asked
    for.
    """

    path: str
    seen: Seen
    digest: bytes
    judgement: str
    linter: str
    checked: Checked
    files: dict[str, Seen] = {}
    folders: dict[str, SeenFolder] = {}

    def holds(self) -> bool:
        """Whether the module and what its rules asked for are certainly what they were."""
        return self.seen.holds(self.path) and self.neighbours_hold()

    def neighbours_hold(self) -> bool:
        """Whether what the rules asked for beside the module is what it was."""
        return all(was.holds(path) for path, was in self.files.items()) and all(
            was.holds(path) for path, was in self.folders.items()
        )


class KeptRun(Struct, frozen=True, array_like=True, gc=False):
    """One run: the request, the code's digest, what was looked at to find modules and settings,
    what was told about the paths, whether a baseline may apply, and the modules in order."""

    request: str
    code: str
    files: dict[str, Seen]
    folders: dict[str, SeenFolder]
    told: tuple[str, ...]
    warned: tuple[str, ...]
    baselines: bool
    modules: tuple[KeptModule, ...]

    def holds(self) -> bool:
        """Whether the same modules would be found, with the same settings."""
        return all(was.holds(path) for path, was in self.folders.items()) and all(
            was.holds(path) for path, was in self.files.items()
        )


class Cache:
    """The kept runs of one folder ("": none are kept) for one state of the code."""

    def __init__(self, folder: str, code: str) -> None:
        self.folder = folder if code else ""
        self.code = code

    def recall(self, request: str) -> KeptRun | None:
        """The run that answered the same request, if it would find the same modules now."""
        run = self._read(self._path(request)) if self.folder else None
        if run is None or run.request != request or not run.holds():
            return None
        return run

    def modules(self) -> dict[tuple[str, str, str], KeptModule]:
        """Every module of the kept runs by its path, the path shown and its linter; newest last."""
        paths = [path for _, _, path in reversed(kept_runs(self.folder))] if self.folder else []
        runs = filter(None, map(self._read, paths))
        return {
            (each.path, each.checked.path, each.linter): each
            for run in runs
            for each in run.modules
        }

    def keep(self, run: KeptRun) -> None:
        """Keep a run for the next time; nothing happens where that is not allowed."""
        if not self.folder:
            return
        if write_kept(self._path(run.request), run):
            prune(self.folder)

    def _read(self, path: str) -> KeptRun | None:
        run = read_kept(path, KeptRun)
        return run if run is not None and run.code == self.code else None

    def _path(self, request: str) -> str:
        name = f"{crc32(request.encode(errors='replace')):08x}{SUFFIX}"
        return os.path.join(self.folder, name)


def telling(files: dict[str, Seen], folders: Iterable[str]) -> dict[str, Seen]:
    """The files that say more than their folders, whose names are known to be the same."""
    listed = set(folders)
    return {
        path: was for path, was in files.items() if was.inode or os.path.dirname(path) not in listed
    }


def changed_modules(run: KeptRun) -> Sequence[int]:
    """The numbers of the modules that may have changed."""
    return [number for number, each in enumerate(run.modules) if not _holds(each, run)]


def _holds(module: KeptModule, run: KeptRun) -> bool:
    """As `KeptModule.holds`, for a run that holds. PERF: its folders need not be asked again."""
    if not module.seen.holds(module.path):
        return False
    for path, folder in module.folders.items():
        if run.folders.get(path) != folder and not folder.holds(path):
            return False
    for path, file in module.files.items():
        listed = not file.inode and os.path.dirname(path) in run.folders
        if not listed and not file.holds(path):
            return False
    return True
