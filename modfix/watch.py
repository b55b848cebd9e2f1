"""Remembers what a run looked at in the file system, so that its answer can be given again.

Whoever reads for a run says so: `saw_file` before a file is read or found missing, `saw_folder`
for one that is listed. Outside of `watching` that costs nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

# Two changes within the finest step of a file system's clock look the same (FAT: two seconds).
FINEST = 2_000_000_000
OWN = ".modfix_cache/"


class Seen(Struct, frozen=True, array_like=True, gc=False):
    """A file or folder as the system describes it: times in nanoseconds, size, inode.

    `settled` says that it had been left alone for a while then: as long as the rest is the same,
    so is the content. `missing` has only zeros.
    """

    modified: int = 0
    changed: int = 0
    size: int = 0
    inode: int = 0
    settled: bool = True

    def holds(self, path: str) -> bool:
        """Whether the file is certainly what it was; also for one that was and is missing."""
        try:
            now = os.stat(path)
        except OSError:
            return not self.inode
        return (
            self.settled
            and now.st_mtime_ns == self.modified
            and now.st_ctime_ns == self.changed
            and now.st_size == self.size
            and now.st_ino == self.inode
        )


def seen(path: str) -> Seen:
    """A file or folder as it is now; MISSING for one that is not there."""
    try:
        status = os.stat(path)
    except OSError:
        return MISSING
    latest = max(status.st_mtime_ns, status.st_ctime_ns)
    settled = latest + FINEST < time.time_ns()
    return Seen(status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, settled)


MISSING = Seen()


class SeenFolder(Struct, frozen=True, array_like=True, gc=False):
    """A folder that was listed: itself, and the names in it (those of folders with `/`)."""

    itself: Seen
    names: tuple[str, ...]

    def holds(self, path: str) -> bool:
        """Whether the same names are in it. An editor that saves by renaming touches its time."""
        return self.itself.holds(path) or names_in(path) == self.names


def names_in(path: str) -> tuple[str, ...]:
    """The names in a folder, sorted, without our own cache; none where they cannot be listed."""
    try:
        with os.scandir(path) as entries:
            names = (each.name + "/" * each.is_dir() for each in entries)
            return tuple(sorted(name for name in names if name != OWN))
    except OSError:
        return ()


class Watch:
    """What was looked at: the first sight of each file and folder counts."""

    __slots__ = ("files", "folders")

    def __init__(self) -> None:
        self.files: dict[str, Seen] = {}
        self.folders: dict[str, SeenFolder] = {}


_watches: list[Watch] = []


@contextmanager
def watching() -> Iterator[Watch]:
    """Note what is looked at inside; a watch within another one notes it alone."""
    watch = Watch()
    _watches.append(watch)
    try:
        yield watch
    finally:
        _watches.pop()


def saw_file(path: str | os.PathLike[str]) -> None:
    """A file is about to be read, or was looked for in vain."""
    if _watches:
        absolute = os.path.abspath(path)
        if absolute not in _watches[-1].files:
            _watches[-1].files[absolute] = seen(absolute)


def saw_folder(path: str | os.PathLike[str]) -> None:
    """A folder is about to be listed."""
    if _watches:
        absolute = os.path.abspath(path)
        if absolute not in _watches[-1].folders:
            itself = seen(absolute)
            _watches[-1].folders[absolute] = SeenFolder(itself, names_in(absolute))
