"""The state of the code that findings come from: modfix's, the rules' and which are installed.

What was worked out of the code is kept for the next run, as Python keeps its compiled files, and
holds as long as names, sizes and times of the sources do.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar
from zlib import crc32

import msgspec

from modfix.kept import read_kept, user_cache, write_kept

_INSTALLED = (".dist-info", ".egg-info")
_HERE = os.path.dirname(__file__)
ENGINE = os.path.dirname(_HERE)
Kept = TypeVar("Kept")


class CodeState(msgspec.Struct, frozen=True, array_like=True):
    """What the code was: the time and a checksum of the names of each folder, the time and size
    of each file. `digest` stands for all of it."""

    search_path: tuple[str, ...]
    folders: dict[str, tuple[int, int]]
    files: dict[str, tuple[int, int]]
    digest: str = ""

    def holds(self) -> bool:
        """Whether the code is still what it was."""
        if self.search_path != _search_path():
            return False
        return all(_same_folder(path, *was) for path, was in self.folders.items()) and all(
            _file(path) == was for path, was in self.files.items()
        )


def code_state(sources: Iterable[str]) -> CodeState:
    """The state of modfix's own code and of some other source files and packages' folders."""
    from hashlib import blake2b

    files: dict[str, tuple[int, int]] = {}
    folders = {path: _folder(path, _installed) for path in _search_path()}
    for source in (ENGINE, *sources):
        for folder, names in _walked(source):
            if folder:
                folders[folder] = _folder(folder, _sources)
            for name in names:
                path = os.path.join(folder, name)
                found = _file(path)
                if found is not None:
                    files[path] = found
    whole = ascii((sys.version, _search_path(), sorted(files.items()))).encode()
    digest = blake2b(whole, digest_size=16).hexdigest()
    return CodeState(_search_path(), folders, files, digest)


class _Derived(msgspec.Struct, Generic[Kept], frozen=True, array_like=True):
    digest: str
    value: Kept


def derived(name: str, digest: str, kind: type[Kept], make: Callable[[], Kept]) -> Kept:
    """What `make` gives, remembered as long as the code has this digest ("": not at all)."""
    path = place(name) if digest else ""
    kept = read_kept(path, _Derived[kind]) if path else None  # type: ignore[valid-type]
    if kept is not None and kept.digest == digest:
        return kept.value
    value = make()
    if path:
        write_kept(path, _Derived(digest, value))
    return value


def place(name: str) -> str:
    """The file for something that is derived from the code of this environment, or ""."""
    folder = user_cache()
    of = crc32("\0".join((sys.prefix, ENGINE, *_search_path())).encode(errors="replace"))
    return f"{folder}/{name}-{sys.implementation.cache_tag}-{of:08x}.msgpack" if folder else ""


def _search_path() -> tuple[str, ...]:
    """Where installed packages are looked for, without the standard library's zip and folders.

    `python -m` puts the current folder there: it counts where something is installed in it.
    """
    here = os.getcwd()
    return tuple(
        path
        for path in sys.path
        if not path.startswith(sys.base_exec_prefix)
        and (path not in ("", here) or any(map(_installed, _names(path or here))))
    )


def _walked(source: str) -> Iterator[tuple[str, list[str]]]:
    """The Python files of a package's folder, or a single file (with the folder "")."""
    if not os.path.isdir(source):
        yield "", [source]
        return
    for folder, below, names in os.walk(source):
        below[:] = sorted(name for name in below if name != "__pycache__")
        yield folder, sorted(name for name in names if name.endswith((".py", ".toml")))


def _same_folder(path: str, time: int, names: int) -> bool:
    """The time of a folder changes for much; only the names in it that count must be the same."""
    if _time(path) == time:
        return True
    is_source = path.startswith(ENGINE) or path not in sys.path
    return _folder(path, _sources if is_source else _installed)[1] == names


def _folder(path: str, counts: Callable[[str], bool]) -> tuple[int, int]:
    time = _time(path)
    names = sorted(filter(counts, _names(path)))
    return time, crc32("\0".join(names).encode(errors="replace"))


def _names(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except OSError:  # not there, or a zip file, whose time says all
        return []


def _sources(name: str) -> bool:
    return name.endswith((".py", ".toml"))


def _installed(name: str) -> bool:
    return name.endswith(_INSTALLED)


def _time(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _file(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
