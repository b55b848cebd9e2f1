"""What module files held before a command ran: in memory, and on the disk in case of a kill."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from modfix.document.folder import read_regular
from modfix.errors import ModfixError

_PREFIX = "modfix-guard-"
_LOCK = "lock"


@contextmanager
def snapshot(paths: Iterable[Path]) -> Iterator[Mapping[Path, bytes]]:
    """The bytes of some files; copies of them lie in a temporary folder until all is done.

    The copies stay where modfix is stopped or fails before that. Raises ModfixError for a file
    that cannot be read: nothing would be known of it afterwards.
    """
    files = {path: _read(path) for path in paths}
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    with (folder / _LOCK).open("w", encoding="utf-8", errors="surrogateescape") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(str(Path.cwd()))
        lock.flush()
        _keep_all(folder, files)
        try:
            yield files
        except ModfixError:  # the command could not be started
            shutil.rmtree(folder, ignore_errors=True)
            raise
    shutil.rmtree(folder, ignore_errors=True)


def left_behind() -> list[Path]:
    """The copies of runs in this folder that were killed: they are the person's, not ours."""
    here = str(Path.cwd())
    folders = sorted(Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"))
    return [folder for folder in folders if _is_left(folder, here)]


def _is_left(folder: Path, here: str) -> bool:
    try:
        if folder.lstat().st_uid != os.getuid():
            return False
        with (folder / _LOCK).open(encoding="utf-8", errors="surrogateescape") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock.read() == here
    except OSError:  # at work, or gone meanwhile
        return False


def _read(path: Path) -> bytes:
    data = read_regular(path)
    if data is None:
        raise ModfixError("cannot be read; the command was not run", where=str(path))
    return data


def _keep_all(folder: Path, files: Mapping[Path, bytes]) -> None:
    try:
        for path, data in files.items():
            _keep(folder, path, data)
    except OSError:  # a full disk: the command is not run
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _keep(folder: Path, path: Path, data: bytes) -> None:
    copy = folder.joinpath(*path.resolve().parts[1:])
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(data)
