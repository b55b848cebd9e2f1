"""A bar for what takes longer than a second: on stderr, only on a terminal, gone at the end."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from modfix.errors import one_line

Item = TypeVar("Item")
_PATIENCE = 1.0  # seconds that pass without a bar
_WIDTH = 24
_drawn = False  # whether the terminal's last line is a bar: there is one terminal


class Bar:
    """How far a piece of work of `total` parts has come. `patience` is in seconds."""

    def __init__(self, total: int, *, patience: float = _PATIENCE) -> None:
        self.total = max(total, 1)
        self.visible = _on_terminal()
        self.begin = time.monotonic() + patience

    def show(self, done: int, what: str) -> None:
        """Draw it with `done` parts done, in the place of the one before."""
        global _drawn
        if not self.visible or time.monotonic() < self.begin:
            return
        full = _WIDTH * min(done, self.total) // self.total
        line = f"[{'#' * full}{'-' * (_WIDTH - full)}] {done}/{self.total} {one_line(what)}"
        _drawn = True
        sys.stderr.write(f"\r{line[: _columns() - 1]}\x1b[K")
        sys.stderr.flush()


def wipe() -> None:
    """Take the bar away, if there is one: something else is to be printed."""
    global _drawn
    if _drawn:
        _drawn = False
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def followed(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """The items, with a bar while each is worked out, and none while it is looked at."""
    bar = Bar(total)
    try:
        for done, item in enumerate(items, 1):
            wipe()
            yield item
            if done < total:
                bar.show(done, what)
    finally:
        wipe()


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80


def _on_terminal() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
