"""Writes a file whole or not at all: the old bytes or the new ones, at any instant."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from modfix.errors import ModfixError

_PREFIX = ".modfix-"


def require_writable(path: Path) -> None:
    """Raise ModfixError now, before any work, for a file or folder that cannot be written."""
    target = path.resolve()
    mode = target.stat().st_mode
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
    place. Raises ModfixError, the file untouched, when its content is no longer `before` or the
    system refuses.
    """
    target = path.resolve()
    try:
        require_unchanged(path, before)
        temporary = _written_beside(target, after)
        try:
            require_unchanged(path, before)
            temporary.replace(target)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
            raise
        _sync_folder(target.parent)
    except OSError as error:
        raise ModfixError(
            f"cannot be written ({error.strerror}); the file is as it was", where=str(path)
        ) from None


def require_unchanged(path: Path, before: bytes) -> None:
    """Raise ModfixError when a file is no longer what was read."""
    if path.read_bytes() != before:
        raise ModfixError(
            "changed by someone else while modfix was at work; nothing was written",
            where=str(path),
            todo="run modfix again",
        )


def _written_beside(target: Path, data: bytes) -> Path:
    status = target.stat()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=_PREFIX, suffix=target.suffix)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
            with contextlib.suppress(PermissionError):  # only root may keep another's ownership
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink()
        raise
    return temporary


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
