"""Opens regular files and nothing else: a device may do something, and a pipe makes one wait."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_OPENING = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class NoRegularFile(Exception):
    """What stands there is a folder, a device or a pipe."""


@contextmanager
def open_regular(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """A regular file, opened, and its size in bytes.

    It is looked at before it is opened, since opening a device may already do something, and
    after, since something else may have taken its place. Raises OSError, NoRegularFile, and
    ValueError for a name that no file can have.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise NoRegularFile
    handle = os.open(path, _OPENING)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise NoRegularFile
        with open(handle, "rb", closefd=False) as file:
            yield file, status.st_size
    finally:
        os.close(handle)
