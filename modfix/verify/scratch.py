"""The scratch folder: a copy of the module's folder in which its code may do what it likes.

Layout: `work/<name of the module's folder>/` is the copy, `home/` and `tmp/` are what their names
say, `control/` holds what modfix and a driver tell each other.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import shutil
import stat
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from msgspec import Struct

from modfix.errors import ModfixError
from modfix.verify.drivers.clearing import remove_tree

_PREFIX = "modfix-scratch-"
_NAME = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}")  # as tempfile.mkdtemp makes them
LARGEST_FILE = 50 << 20  # bytes of a file that is copied
LARGEST_COPY = 256 << 20  # bytes of all copied files; those nearest to the module go first
MOST_FILES = 5000
LEFT_OUT = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".tox",
        ".nox",
        ".venv",
        "venv",
        "node_modules",
        "site-packages",
        "__pycache__",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".hypothesis",
        ".modfix_cache",
    }
)


class Scratch(Struct, frozen=True):
    """One scratch folder: where the copied module is, and its neighbours."""

    root: Path
    module: Path
    left_out: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """The copy of the module's folder."""
        return self.module.parent

    @property
    def control(self) -> Path:
        """The folder of orders and events."""
        return self.root / "control"


@contextmanager
def scratch_folder(module: Path, data: bytes) -> Iterator[Scratch]:
    """A scratch folder that holds a copy of the module's folder, with `data` as the module.

    It is removed at the end, whatever course code did to its permissions.
    """
    with _locked_root() as root:
        try:
            copy, left_out = _filled(root, module, data)
        except OSError as error:
            raise _no_room(root.parent, error) from None
        yield Scratch(root, copy, left_out)


def _filled(root: Path, module: Path, data: bytes) -> tuple[Path, tuple[str, ...]]:
    folder = root / "work" / (module.parent.name or "module")
    for each in (folder, root / "home", root / "tmp", root / "control"):
        each.mkdir(parents=True)
    left_out = copy_folder(module.parent, folder, without=module.name)
    copy = folder / module.name
    copy.write_bytes(data)
    return copy, left_out


@contextmanager
def _locked_root() -> Iterator[Path]:
    """A new folder for temporary files, locked for `remove_stale_scratch` of other runs."""
    root, handle = _made()
    try:
        yield root
    finally:
        for path in {str(root), _moved_to(handle, root)}:
            remove_tree(path)
        os.close(handle)


def _moved_to(handle: int, root: Path) -> str:
    """Where a folder is now: without a sandbox course code can move it (proc(5); Linux only)."""
    try:
        return os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115
    except OSError:
        return str(root)


def _made() -> tuple[Path, int]:
    while True:
        try:
            # The real path: tracebacks name it, and course code may ask for it.
            root = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
        except OSError as error:
            raise _no_room(Path(tempfile.gettempdir()), error) from None
        handle = os.open(root, os.O_RDONLY)
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        if root.is_dir():
            return root, handle
        os.close(handle)  # taken for stale before it was locked


def _no_room(folder: Path, error: OSError) -> ModfixError:
    return ModfixError(
        f"no scratch folder can be made for running the module ({error.strerror})",
        where=str(folder),
        todo="make room there, or set TMPDIR to another folder",
    )


def remove_stale_scratch() -> None:
    """Remove the scratch folders that killed runs left, once in a run of modfix.

    One that is in use is locked, and stays.
    """
    _remove_stale(Path(tempfile.gettempdir()))


@cache
def _remove_stale(folder: Path) -> None:
    for path in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # in use, or gone
            if _NAME.fullmatch(path.name) and path.lstat().st_uid == os.geteuid():
                _remove_unused(path)


def _remove_unused(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        remove_tree(str(path))
    finally:
        os.close(handle)


def copy_folder(source: Path, target: Path, *, without: str = "") -> tuple[str, ...]:
    """Copy regular files, breadth first; returns the names of what was left out for its size.

    Symbolic links are followed once each, so that nothing in the copy leads back to the source.
    Pipes, devices, dangling links and what cannot be read are passed over, and so is the file
    `without` in the folder itself.
    """
    left_out: list[str] = []
    room, files = LARGEST_COPY, 0
    for entry, copy, size in regular_files(source, target):
        if Path(entry.path) == source / without:
            continue
        if files >= MOST_FILES:
            return (*left_out, f"all but {MOST_FILES} files")
        if size > min(LARGEST_FILE, room):
            left_out.append(entry.name)
        elif _copied(entry.path, copy):
            room, files = room - size, files + 1
    return tuple(left_out)


def regular_files(source: Path, target: Path) -> Iterator[tuple[os.DirEntry[str], Path, int]]:
    """The regular files of a tree, breadth first, with the place of the copy and the size."""
    seen: set[tuple[int, int]] = set()
    waiting = deque([(source, target)])
    while waiting:
        folder, copy = waiting.popleft()
        for entry in _entries(folder, seen):
            size = _regular_size(entry)
            if entry.name in LEFT_OUT:
                continue
            if size is not None:
                yield entry, copy / entry.name, size
            elif entry.is_dir():
                waiting.append((Path(entry.path), copy / entry.name))


def _entries(folder: Path, seen: set[tuple[int, int]]) -> list[os.DirEntry[str]]:
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen:
            return []
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:  # gone, or not ours to read
        return []


def _regular_size(entry: os.DirEntry[str]) -> int | None:
    try:
        status = entry.stat()
    except OSError:  # a dangling link
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _copied(source: str, target: Path) -> bool:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(source, target)
        shutil.copymode(source, target)
        target.chmod(target.stat().st_mode | stat.S_IRUSR | stat.S_IWUSR)
    except OSError as error:  # not ours to read, or changed under our hands
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        return False
    return True
