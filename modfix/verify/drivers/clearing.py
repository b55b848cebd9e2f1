"""Removes what course code leaves of a scratch folder."""

from __future__ import annotations

import contextlib
import os
import stat

_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def remove_tree(root: str) -> None:
    """Remove a tree, as far as the system lets us; links are not followed, nor one in its place.

    Locked folders are opened first, the root too. The folders in a folder are moved up into the
    root before it is removed: so no tree is too deep and no path too long, as for `shutil.rmtree`
    (a recursion).
    """
    with contextlib.suppress(OSError):  # gone, or not ours
        if not stat.S_ISDIR(os.lstat(root).st_mode):
            os.unlink(root)  # noqa: PTH108 (PERF, as below)
            return
        os.chmod(root, 0o700)  # noqa: PTH101
        top = os.open(root, _OPEN)
        try:
            waiting = _emptied(top, top)
            while waiting:
                with contextlib.suppress(OSError):
                    waiting += _emptied_child(waiting.pop(), top)
        finally:
            os.close(top)
        os.rmdir(root)  # noqa: PTH106 (PERF: the supervisor does without pathlib)


def _emptied_child(name: str, top: int) -> list[str]:
    descriptor = os.open(name, _OPEN, dir_fd=top)
    try:
        found = _emptied(descriptor, top)
    finally:
        os.close(descriptor)
    os.rmdir(name, dir_fd=top)
    return found


def _emptied(folder: int, top: int) -> list[str]:
    """Remove the files of a folder and move its folders into the top one; their names there."""
    found: list[str] = []
    for name in os.listdir(folder):
        with contextlib.suppress(OSError):
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if not stat.S_ISDIR(status.st_mode):
                os.unlink(name, dir_fd=folder)
                continue
            os.chmod(name, 0o700, dir_fd=folder)
            new = os.urandom(16).hex()  # that nobody has taken
            os.rename(name, new, src_dir_fd=folder, dst_dir_fd=top)
            found.append(new)
    return found
