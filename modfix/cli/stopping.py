"""Ctrl-C and its like: the run ends in order, with its scratch folder and processes removed."""

from __future__ import annotations

import signal
import threading
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_received: list[int] = []


class Stopped(BaseException):
    """Someone wants modfix to stop. Not an Exception: nothing on the way may take it for one."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.name = signal.Signals(number).name
        self.code = 128 + number  # as a shell reports it


def stop_in_order() -> None:
    """Let the signals that ask for an end raise `Stopped`, unless they are ignored (nohup)."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def _stop(number: int, _: FrameType | None) -> None:
    for each in _SIGNALS:  # a second Ctrl-C must not interrupt the clearing up
        signal.signal(each, signal.SIG_IGN)
    _received.append(number)
    raise Stopped(number)


def exit_code() -> int:
    """The exit code after a signal whose `Stopped` a library has taken for Ctrl-C."""
    return 128 + (_received[0] if _received else signal.SIGINT)
