"""Where a course's cache is, and what is in it: one file for each kind of run, the oldest go.

The folder is `$MODFIX_CACHE_DIR`, `cache-dir` of the nearest configuration, `.modfix_cache` beside
that configuration, or, without one, the cache folder of the user.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress

from modfix.kept import ENVIRONMENT, user_cache
from modfix.lint.course_root import NAMES, nearest_configuration

NAME = ".modfix_cache"
SUFFIX = ".run"
VERIFIED = ".verified"
CELLS = ".cells"
MOST_RUNS = 48
MOST_BYTES = 256 * 2**20
MOST_CELLS = 64  # modules of which single cells are known
MOST_VERIFIED = 4096  # small files, one for what a module was verified with
_STALE = 3600  # seconds after which a temporary file has been left by a killed run


def cache_folder(paths: Sequence[str]) -> str:
    """The cache folder of the course that the first path lies in; "" where there is none."""
    if os.environ.get(ENVIRONMENT):
        return user_cache()
    found = nearest_configuration(paths[0] if paths else ".")
    if found is None:
        return user_cache()
    path, data = found
    return os.path.join(os.path.dirname(path), _named(path, data) or NAME)


def _named(path: str, data: bytes) -> str:
    """`cache-dir` of a configuration. What is wrong with it is said when it is read as a whole."""
    if b"cache-dir" not in data:  # PERF: most have none, and need no TOML for it
        return ""
    import tomllib

    try:
        table = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return ""
    if os.path.basename(path) != NAMES[0]:
        tool = table.get("tool")
        table = tool.get("modfix", {}) if isinstance(tool, dict) else {}
    value = table.get("cache-dir") if isinstance(table, dict) else None
    return value if isinstance(value, str) else ""


def kept_runs(folder: str) -> list[tuple[float, int, str]]:
    """Time, size and path of each kept run, the newest first."""
    return _kept(folder, SUFFIX)


def kept_verdicts(folder: str) -> list[tuple[float, int, str]]:
    """Time, size and path of each file of passed steps, the newest first."""
    return _kept(folder, VERIFIED)


def kept_cells(folder: str) -> list[tuple[float, int, str]]:
    """Time, size and path of each file of known cells, the newest first."""
    return _kept(folder, CELLS)


def _kept(folder: str, suffix: str) -> list[tuple[float, int, str]]:
    found = []
    for entry in _entries(folder):
        with suppress(OSError):  # another run removed it
            if entry.name.endswith(suffix):
                status = entry.stat()
                found.append((status.st_mtime, status.st_size, entry.path))
    return sorted(found, reverse=True)


def prune_verified(folder: str) -> None:
    """Remove the oldest files of passed steps beyond the bound."""
    for _, _, path in kept_verdicts(folder)[MOST_VERIFIED:]:
        _remove(path)


def prune_cells(folder: str) -> None:
    """Remove the oldest files of known cells beyond the bound."""
    for _, _, path in kept_cells(folder)[MOST_CELLS:]:
        _remove(path)


def prune(folder: str) -> None:
    """Remove the oldest files beyond the bounds, but keep the largest: that of the whole course."""
    runs = kept_runs(folder)
    largest = max(runs, key=lambda run: run[1], default=None)
    total = 0
    for number, run in enumerate(runs):
        total += run[1]
        if run is not largest and (number >= MOST_RUNS or total > MOST_BYTES):
            _remove(run[2])
    for entry in _entries(folder):
        if entry.name.endswith(".tmp") and entry.stat().st_mtime < time.time() - _STALE:
            _remove(entry.path)


def clear(folder: str) -> None:
    """Remove every kept file."""
    for _, _, path in (*kept_runs(folder), *kept_verdicts(folder), *kept_cells(folder)):
        _remove(path)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if entry.is_file(follow_symlinks=False)]
    except OSError:
        return []


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:  # another run was faster
        return
