"""Where the time of a run goes, by phase and by rule: for `--timing`, and free without it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, ContextManager  # noqa: UP035  (a type only)


class Stopwatch:
    """Adds up exclusive times by name: what is timed inside of something else is not its own."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.counts: dict[str, int] = {}
        self._inside = [0.0]

    @contextmanager
    def lap(self, name: str) -> Iterator[None]:
        """Time what happens inside under a name."""
        began = time.perf_counter()
        self._inside.append(0.0)
        try:
            yield
        finally:
            whole = time.perf_counter() - began
            own = whole - self._inside.pop()
            self._inside[-1] += whole
            self.seconds[name] = self.seconds.get(name, 0.0) + own
            self.counts[name] = self.counts.get(name, 0) + 1


_running: list[Stopwatch] = []
_NOTHING: ContextManager[Any] = nullcontext()


def start() -> Stopwatch:
    """Time every lap from now on."""
    _running[:] = [Stopwatch()]
    return _running[0]


def lap(name: str) -> ContextManager[Any]:
    """Time what happens inside, where somebody asked for it."""
    return _running[0].lap(name) if _running else _NOTHING
