"""Digests of what a module may read: the files of a folder by their content."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from modfix.verify.scratch import LARGEST_COPY, LARGEST_FILE, regular_files
from modfix.watch import seen

MOST_FILES = 50_000  # beyond so many it cannot be told whether a folder is what it was
_CHUNK = 1 << 20
_Stamp = tuple[int, int, int, int]


def folder_digest(folder: Path, *, without: Collection[str] = ()) -> str | None:
    """A digest of the files below a folder; None if it cannot be told.

    `without` are the paths of files that do not count, and of folders whose files do not. Names,
    modes and content count. Of files beyond what a scratch folder takes (whose content is no part
    of a copy) the time and size stand for the content.
    """
    whole, room, files = blake2b(digest_size=16), LARGEST_COPY, 0
    for entry, place, size in regular_files(folder, Path()):
        if without and (entry.path in without or entry.path.rpartition("/")[0] in without):
            continue
        files += 1
        if files > MOST_FILES:
            return None
        told = _told(entry.path, read=size <= min(LARGEST_FILE, room))
        room = max(0, room - size)
        whole.update(f"{place}\0{told}\0".encode(errors="surrogateescape"))
    return whole.hexdigest()


def _told(path: str, *, read: bool) -> str:
    """The mode of a file with its content, or what stands for that."""
    try:
        status = Path(path).stat()
        stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
        mode = f"{status.st_mode & 0o777:o}"
        if not read:
            return f"{mode} {stamp}"
        # PERF: a file that has been left alone is read once in a run, whoever asks.
        settled = seen(path).settled
        return f"{mode} {_remembered(path, stamp) if settled else _digest(path)}"
    except OSError:  # not ours to read, as for the module
        return "-"


@lru_cache(maxsize=MOST_FILES)
def _remembered(path: str, _: _Stamp) -> str:
    return _digest(path)


def _digest(path: str) -> str:
    whole = blake2b(digest_size=16)
    with Path(path).open("rb") as file:
        while chunk := file.read(_CHUNK):
            whole.update(chunk)
    return whole.hexdigest()
