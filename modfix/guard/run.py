"""Runs a command with our own streams, and after it puts right what it damaged."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from modfix.config import config_for
from modfix.document.document import Document
from modfix.document.folder import read_regular
from modfix.errors import ModfixError
from modfix.fix.transaction import replace_file
from modfix.guard.compare import damages
from modfix.guard.damage import Damage
from modfix.guard.restore import restored

_PATIENCE = 0.5  # seconds in which a command ends that got the signal itself
Outcome = Literal["restored", "undone"]


class Mended(Struct, frozen=True):
    """A damaged file: what was broken, and whether it was put right or the file's change undone.

    `document` is the file as it is now.
    """

    path: Path
    outcome: Outcome
    damages: tuple[Damage, ...]
    before: Document
    document: Document


def run_command(command: Sequence[str]) -> int:
    """Run a command to its end; its exit code, as a shell reports it.

    It has our streams. Who stops us (a signal, Ctrl-C) stops the command, and we wait for it:
    what it leaves has to be looked at. Raises ModfixError for a command that cannot be started.
    """
    try:
        process = subprocess.Popen(command)
    except (OSError, ValueError) as error:
        raise _unstartable(command[0], error) from None
    try:
        code = process.wait()
    except BaseException as stop:
        _end(process, getattr(stop, "code", 128 + signal.SIGTERM) - 128)
        raise
    return code if code >= 0 else 128 - code


def _end(process: subprocess.Popen[bytes], number: int) -> None:
    """Hand on the signal that stopped us, unless it (a terminal's Ctrl-C) has come there too."""
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
        process.wait()


def _unstartable(name: str, error: Exception) -> ModfixError:
    if isinstance(error, FileNotFoundError):
        todo = "install it, or give its path" if os.sep not in name else "look at the path"
        return ModfixError(f"no such command `{name}`", todo=todo)
    why = error.strerror if isinstance(error, OSError) else str(error)
    return ModfixError(f"`{name}` cannot be run: {why}")


def changed(before: Mapping[Path, bytes]) -> list[tuple[Path, bytes | None]]:
    """The files that a command changed, with their bytes now (None: gone or no longer a file)."""
    now = ((path, read_regular(path)) for path in before)
    return [(path, data) for path, data in now if data != before[path]]


def mend(path: Path, before: bytes, now: bytes, *, undo: bool) -> Mended | None:
    """Put a changed file right; None where nothing in it is damaged.

    With `undo` a damaged file gets its bytes from before, whatever could be restored. Raises
    ModfixError where the file cannot be written.
    """
    settings = config_for(path).settings
    old = _read(path, before)
    if old is None:
        return None  # it was no module before
    new = _read(path, now)
    found = _unreadable() if new is None else damages(old, new, settings)
    if not found:
        return None
    better = None if undo or new is None else restored(old, new, found, settings)
    after = better or old
    replace_file(path, now, after.to_bytes())
    return Mended(path, "restored" if better else "undone", tuple(found), old, after)


def _read(path: Path, data: bytes) -> Document | None:
    try:
        return Document.from_bytes(path, data)
    except ModfixError:
        return None


def _unreadable() -> list[Damage]:
    return [Damage("file", 0, -1, None, "", "the file can no longer be read as a module")]


def moved(
    gone: Iterable[tuple[Path, bytes]], created: Iterable[tuple[Path, bytes | None]]
) -> tuple[dict[Path, Path], list[Path], list[Path]]:
    """Files that were renamed (old name to new), those that are gone, those that are new."""
    new = dict(created)
    renamed: dict[Path, Path] = {}
    lost: list[Path] = []
    for path, data in gone:
        same = next((each for each, content in new.items() if content == data), None)
        if same is None:
            lost.append(path)
        else:
            renamed[path] = same
            del new[same]
    return renamed, lost, list(new)
