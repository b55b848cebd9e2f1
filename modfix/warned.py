"""Python's warnings, let go or collected; in one thread at a time, for their filters are those of
the whole process."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_turns = threading.RLock()


@contextmanager
def unheard() -> Iterator[None]:
    """Without warnings: they are of the course's, not ours to print."""
    with _turns, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def heard() -> Iterator[list[warnings.WarningMessage]]:
    """Every warning is collected in the list."""
    with _turns, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught
