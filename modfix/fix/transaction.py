"""Writes a file whole or not at all: the old bytes or the new ones, at any instant."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from modfix.errors import ModfixError

_PREFIX = ".modfix-"
_SUFFIX = ".tmp"


def require_writable(path: Path) -> None:
    """Raise ModfixError now, before any work, for a file or folder that cannot be written."""
    target = path.resolve()
    try:
        mode = target.stat().st_mode
    except OSError as error:
        raise _unwritable(path, error) from None
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(target, os.W_OK):
        raise ModfixError(
            "this file is read-only; nothing was changed",
            where=str(path),
            todo=f"allow writing (chmod u+w) or leave out {path.name}",
        )
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise ModfixError(
            "its folder is read-only; nothing was changed",
            where=str(path),
            todo="allow writing there: a file is replaced by a finished new one",
        )


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Replace the content of a file, keeping its permissions; a symlink's target is replaced.

    The new bytes go to a file beside the old one and onto the disk before it takes the old one's
    place. A file that holds `after` already stays as it is: another run has done the same. Raises
    ModfixError, the file untouched, when its content is neither, or the system refuses.
    """
    target = path.resolve()
    try:
        if _holds(path, before, after):
            return
        with _written_beside(target, after) as temporary, one_at_a_time(target.parent):
            if not _holds(path, before, after):
                temporary.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _unwritable(path, error) from None


def create_file(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, whole or not at all. Raises OSError."""
    temporary, handle = _locked_file(path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(handle, 0o666 & ~_umask())
            os.fsync(handle)
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _holds(path: Path, before: bytes, after: bytes) -> bool:
    """Whether a file holds `after` already. Raises ModfixError when it holds neither.

    It is read once for both questions: between two readings another run may write `after`.
    """
    now = path.read_bytes()
    if now not in (before, after):
        raise ModfixError(
            "changed by someone else while modfix was at work; nothing was written",
            where=str(path),
            todo="run modfix again",
        )
    return now == after


def remove_stale(folder: Path) -> None:
    """Remove the unfinished files that a killed modfix left in a folder.

    One that is being written is locked by its writer, and stays.
    """
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        with contextlib.suppress(OSError), path.open("rb+") as file:  # in use, or not ours
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def _unwritable(path: Path, error: OSError) -> ModfixError:
    if isinstance(error, FileNotFoundError):
        what = "removed by someone else while modfix was at work; nothing was written"
        return ModfixError(what, where=str(path))
    return ModfixError(
        f"cannot be written ({error.strerror}); the file is as it was", where=str(path)
    )


@contextmanager
def _written_beside(target: Path, data: bytes) -> Iterator[Path]:
    """A finished file beside the target, gone at the end unless it was moved."""
    status = target.stat()
    temporary, handle = _locked_file(target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(handle, stat.S_IMODE(status.st_mode))
            with contextlib.suppress(PermissionError):  # only root may keep another's ownership
                os.fchown(handle, status.st_uid, status.st_gid)
            os.fsync(handle)
            yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _locked_file(folder: Path) -> tuple[Path, int]:
    """A new file that `remove_stale` of another run leaves alone, and its descriptor."""
    while True:
        handle, name = tempfile.mkstemp(dir=folder, prefix=_PREFIX, suffix=_SUFFIX)
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return Path(name), handle
        os.close(handle)  # taken for stale before it was locked


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until no other modfix looks at a file of this folder and then replaces it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Change(Struct, frozen=True):
    """A file, the bytes that were read of it and those that it is to hold."""

    path: Path
    before: bytes
    after: bytes


def replace_pair(first: Change, second: Change) -> None:
    """Replace two files, both or none.

    Both are written out beside the old ones and checked before the first takes its place; where
    the second is then refused, or someone stops modfix, the first gets its old bytes back. One that
    holds `after` already stays as it is. Raises ModfixError as `replace_file` does. (A kill
    between the two replacements leaves the first new and the second old, each of them whole.)
    """
    path, done = first.path, False
    try:
        for each in (first, second):
            path = each.path
            _holds(path, each.before, each.after)  # refuses before anything is written out
        targets = first.path.resolve(), second.path.resolve()
        with (
            _written_beside(targets[0], first.after) as new_first,
            _written_beside(targets[1], second.after) as new_second,
            one_at_a_time(targets[0].parent),
        ):
            held = []
            for each in (first, second):
                path = each.path
                held.append(_holds(path, each.before, each.after))
            if not held[0]:
                done = True
                new_first.replace(targets[0])
            if not held[1]:
                new_second.replace(targets[1])
        for target in targets:
            _sync_folder(target.parent)
    except BaseException as error:
        if done:
            _take_back(first, second)
        if isinstance(error, OSError):
            raise _unwritable(path, error) from None
        raise


def _take_back(first: Change, second: Change) -> None:
    """Give the first file its old bytes again, unless the second was replaced as well."""
    if first.path.read_bytes() == first.after and second.path.read_bytes() == second.before:
        replace_file(first.path, first.after, first.before)
