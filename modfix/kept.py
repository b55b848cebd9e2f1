"""Small files that hold what was worked out before: read whole or not at all, replaced at once."""

from __future__ import annotations

import contextlib
import os
from typing import TypeVar

import msgspec

# PERF: `os.path` instead of pathlib, here and in what else a run needs that such a file answers.
Kept = TypeVar("Kept")
ENVIRONMENT = "MODFIX_CACHE_DIR"


def user_cache() -> str:
    """The folder for what belongs to no course; "" where there is none.

    `$MODFIX_CACHE_DIR`, else `modfix` in `$XDG_CACHE_HOME`, by default `~/.cache`.
    """
    given = os.environ.get(ENVIRONMENT)
    if given:
        return os.path.abspath(given)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "modfix") if os.path.isabs(base) else ""


def read_kept(path: str, kind: type[Kept]) -> Kept | None:
    """What a file holds; None for none, one that cannot be read, or one of another kind."""
    try:
        with open(path, "rb") as file:
            data = file.read()
        return msgspec.msgpack.decode(data, type=kind)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def write_kept(path: str, value: object, *, most: int | None = None) -> bool:
    """Replace a file by one that holds a value, in one step; whether it was written.

    It is left where writing is not allowed, where the value takes `most` bytes and more, and where
    a name in it is no Unicode text (files can have such names): then there is nothing kept. Its
    folder is made where it is missing. Two who write at once do not meet: the last one stays.
    """
    try:
        data = msgspec.msgpack.encode(value)
    except UnicodeEncodeError:
        return False
    if most is not None and len(data) >= most:
        return False
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        make_cache_folder(os.path.dirname(path))
        with open(temporary, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError:  # read-only, full, or not ours
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        return False
    return True


_TAG = """\
Signature: 8a477f597d28d172789f06886806bc55
# A cache of modfix; `modfix cache clear` empties it. See https://bford.info/cachedir/
"""


_GITIGNORE = ".gitignore"
_CACHEDIR_TAG = "CACHEDIR.TAG"


def make_cache_folder(folder: str) -> None:
    """Make a folder for kept files, one that git and backups pass over.

    What a run that was killed has begun is finished. A folder that holds anything else and is not
    marked was made by somebody else, and is left as it is. Raises OSError where making it is not
    allowed.
    """
    if os.path.isfile(os.path.join(folder, _GITIGNORE)):
        return
    os.makedirs(folder, exist_ok=True)
    if not _is_begun(folder):
        return
    for name, text in ((_CACHEDIR_TAG, _TAG), (_GITIGNORE, "*\n")):  # the last one says it is whole
        path = os.path.join(folder, name)
        temporary = f"{path}.{os.getpid()}.tmp"
        with open(temporary, "w", encoding="ascii") as file:
            file.write(text)
        os.replace(temporary, path)


def _is_begun(folder: str) -> bool:
    """Whether a folder holds nothing but what is written into it first."""
    with os.scandir(folder) as entries:
        return all(each.name.startswith((_CACHEDIR_TAG, _GITIGNORE)) for each in entries)
