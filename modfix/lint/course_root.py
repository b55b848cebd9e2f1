"""The configuration above a path as bytes: enough to say where things are before it is read."""

from __future__ import annotations

import os
import re
import stat

NAMES = ("modfix.toml", "pyproject.toml")
# What may bring a course's own rules: itself, a file that is extended, a standard in a file.
_MORE_RULES = (b"local-rules", b"extend ", b"extend=", b".toml")
# Without one of these a project has no table for modfix, and need not be read as TOML (PERF).
_MAY_HAVE_TABLE = re.compile(
    rb"""tool["']?\s*\.\s*["']?modfix|^\s*\[?\s*["']?tool["']?\s*[\]=]""", re.MULTILINE
)


def nearest_configuration(start: str) -> tuple[str, bytes] | None:
    """The path and the bytes of the nearest file that configures modfix; None without one.

    A broken `pyproject.toml` that may do so counts: reading it says what is wrong.
    """
    folder = os.path.abspath(start)
    if not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    while True:
        for name in NAMES:
            path = os.path.join(folder, name)
            data = _content(path)
            if data is not None and (name == NAMES[0] or _has_table(data)):
                return path, data
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def may_have_local_rules(start: str) -> bool:
    """Whether the configuration above a path may name rules of the course's own."""
    found = nearest_configuration(start)
    return found is not None and any(word in found[1] for word in _MORE_RULES)


def _has_table(project: bytes) -> bool:
    """Whether the bytes of a `pyproject.toml` have `[tool.modfix]`, however it is written."""
    if b"modfix" not in project or not _MAY_HAVE_TABLE.search(project):
        return False
    import tomllib

    try:
        tool = tomllib.loads(project.decode()).get("tool")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return True
    return isinstance(tool, dict) and "modfix" in tool


def _content(path: str) -> bytes | None:
    """The bytes of a regular file; None for none, and for a pipe or a device of that name."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            return file.read()
    except OSError:
        return None
