"""Which files git ignores, by the `.gitignore` files of the folders above them (gitignore(5))."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from modfix.watch import saw_file

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

NAME = ".gitignore"


class GitIgnores:
    """The `.gitignore` files that count for a walk which begins in one folder.

    Those above it count up to the folder that holds the repository (`.git`); a folder that was
    named is walked even where git ignores it, and then only its own files count.
    """

    def __init__(self, start: Path) -> None:
        self._start = Path(os.path.abspath(start))  # noqa: PTH100  (a link keeps its own name)
        self._specs: dict[Path, GitIgnoreSpec | None] = {}
        self._read_above()

    def enter(self, folder: Path, names: list[str]) -> None:
        """Read the `.gitignore` of a folder that is walked, where its names hold one."""
        if NAME in names:
            whole = Path(os.path.abspath(folder))  # noqa: PTH100
            self._specs[whole] = _spec(whole / NAME)

    def ignores(self, path: Path, *, is_folder: bool) -> bool:
        """Whether git ignores a file or folder, one that is walked to: the deepest file decides."""
        if not self._specs:
            return False
        whole = Path(os.path.abspath(path))  # noqa: PTH100
        for above in whole.parents:
            spec = self._specs.get(above)
            if spec is not None:
                said = _said(spec, whole.relative_to(above), is_folder=is_folder)
                if said is not None:
                    return said
        return False

    def _read_above(self) -> None:
        chain = self._repository()
        for folder in chain[1:]:
            self._specs[folder] = _spec(folder / NAME)
        self._specs = {folder: spec for folder, spec in self._specs.items() if spec is not None}
        if any(self.ignores(folder, is_folder=True) for folder in chain[:-1]):
            self._specs.clear()

    def _repository(self) -> list[Path]:
        """The start and the folders above it, up to that with `.git`; without one, the start."""
        chain = [self._start, *self._start.parents]
        for folder in chain:
            if not (folder / ".git").exists():  # one that is there changes with every commit
                saw_file(folder / ".git")
        ends = (n for n, folder in enumerate(chain) if os.path.exists(folder / ".git"))  # noqa: PTH110
        return chain[: next(ends, 0) + 1]


def _said(spec: GitIgnoreSpec, inside: Path, *, is_folder: bool) -> bool | None:
    """What one file says: ignored, taken in again, or nothing."""
    name = inside.as_posix()
    return spec.check_file(f"{name}/" if is_folder else name).include


def _spec(file: Path) -> GitIgnoreSpec | None:
    from pathspec import GitIgnoreSpec

    try:
        saw_file(file)
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # none, or none that we may read
        return None
    return GitIgnoreSpec.from_lines(filter(_is_sound, lines))


def _is_sound(line: str) -> bool:
    """Whether a line is a pattern; git passes over what is none."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
