"""The command on a real terminal: what it shows there, and what a person types."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.cli.running import COMMAND

PATIENCE = 60  # seconds until a test gives up; none asserts a time
_STEERING = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Shown:
    """What a terminal got, and how the command ended."""

    text: str
    returncode: int

    @property
    def plain(self) -> str:
        """The text without colours."""
        return _STEERING.sub("", self.text)


def on_terminal(
    *arguments: str,
    cwd: Path,
    types: Sequence[tuple[str, str]] = (),
    stdout: int | None = None,
    env: dict[str, str] | None = None,
) -> Shown:
    """Run the command on a terminal; `types` are what to wait for and what is typed then.

    With `stdout`, standard output goes there, and the terminal shows the rest.
    """
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments], cwd=cwd, stdin=theirs, stderr=theirs,
        stdout=theirs if stdout is None else stdout, start_new_session=True,
        preexec_fn=_take_terminal, env={**os.environ, "TERM": "xterm", **(env or {})},
    )  # fmt: skip
    os.close(theirs)
    text, left = "", list(types)
    until = time.monotonic() + PATIENCE
    while True:
        if time.monotonic() > until:
            process.kill()
            raise AssertionError(f"it waits for something: {text}")
        if left and left[0][0] in text[_typed(text, types, left) :]:
            os.write(mine, left.pop(0)[1].encode())
        if not select.select([mine], [], [], 0.1)[0]:
            continue
        try:
            data = os.read(mine, 65536)
        except OSError:  # Linux tells the end so
            break
        if not data:
            break
        text += data.decode(errors="replace")
    os.close(mine)
    assert not left, f"it never asked for {left}: {text}"
    return Shown(text.replace("\r\n", "\n"), process.wait(PATIENCE))


def _typed(text: str, types: Sequence[tuple[str, str]], left: Sequence[tuple[str, str]]) -> int:
    """Where the text begins that was shown after all that has been typed."""
    at = 0
    for prompt, _ in types[: len(types) - len(left)]:
        at = text.index(prompt, at) + len(prompt)
    return at


def _take_terminal() -> None:
    """Make the terminal the process's own, so that Ctrl-C reaches it."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
