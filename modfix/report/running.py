"""What runs now and for how long, in the bar of a terminal, while its output is printed above."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from modfix.report.progress import Bar, wipe

_BEAT = 1.0  # seconds between two drawings


class Running:
    """The bar of `total` parts, of which `done` are done, with the oldest of what runs now."""

    def __init__(self, total: int) -> None:
        self.bar = Bar(total, patience=0)
        self.done = 0
        self._running: dict[str, tuple[str, float]] = {}
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._beat = threading.Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> Running:
        if self.bar.visible:
            self._beat.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self.bar.visible:
            self._beat.join()
        wipe()

    def begins(self, name: str, what: str) -> None:
        """Something begins, in the place of what had the same name."""
        with self._lock:
            self._running.pop(name, None)
            self._running[name] = (what, time.monotonic())
            self._draw()

    def ends(self, name: str) -> None:
        """What has this name runs no more."""
        with self._lock:
            self._running.pop(name, None)

    @contextmanager
    def cleared(self) -> Iterator[None]:
        """The terminal without the bar, for something to be printed."""
        with self._lock:
            wipe()
            yield

    def _go_on(self) -> None:
        while not self._over.wait(_BEAT):
            with self._lock:
                self._draw()

    def _draw(self) -> None:
        for name, (what, begin) in self._running.items():
            seconds = int(time.monotonic() - begin)
            took = f" {seconds} s" if seconds else ""
            self.bar.show(self.done, f"{name}: {what}{took}")
            return
