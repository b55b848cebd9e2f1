"""The record of a driver: events, one JSON object a line, in a file that modfix reads later."""

from __future__ import annotations

import json
import os
import sys
import traceback
from types import FrameType, TracebackType
from typing import Any

LONGEST = 2000  # characters of a message


class Record:
    """Writes events. Opens the file each time: course code may close descriptors that it finds."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.path: str = job["events"]
        self.nonce: str = job["nonce"]
        self.module: str = job["module"]

    def event(self, kind: str, **facts: object) -> None:
        """Append one event."""
        line = json.dumps({"nonce": self.nonce, "event": kind, **facts}) + "\n"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)

    def error(self, error: BaseException, kind: str = "error", **facts: object) -> None:
        """An exception: its types, message, and the lines of the module that it passed."""
        frames = self.lines(error.__traceback__)
        if isinstance(error, SyntaxError) and error.filename == self.module and error.lineno:
            frames.append([error.lineno, ""])
        kinds = [each.__name__ for each in type(error).__mro__]
        message = _text_of(error)[:LONGEST]
        last = _last_frame(error.__traceback__)
        self.event(kind, kinds=kinds, message=message, frames=frames, last=last, **facts)

    def exit(self, how: str, code: object, trace: TracebackType | None) -> None:
        """The module ends the process by itself. A text as exit code means 1 (sys.exit)."""
        number = code if isinstance(code, int) else 0 if code is None else 1
        self.event("exit", how=how, code=number, frames=self.lines(trace))

    def lines(self, trace: TracebackType | None) -> list[list[Any]]:
        """Line and function of each frame in the module, the deepest last."""
        walked = ((f.f_code.co_filename, n, f.f_code.co_name) for f, n in traceback.walk_tb(trace))
        return [[line, name] for file, line, name in walked if file == self.module]

    def watch_exits(self) -> None:
        """Note who calls os._exit, which leaves no exception (a forked child's call is its own)."""
        leave, pid = os._exit, os.getpid()

        def noted(status: int) -> None:
            if os.getpid() == pid:
                frames = self.stack()
                self.event("exit", how="os._exit", code=status, frames=frames)
            leave(status)

        os._exit = noted  # type: ignore[assignment]

    def stack(self) -> list[list[Any]]:
        """Line and function of each frame in the module that is running now, the deepest last."""
        found: list[list[Any]] = []
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self.module:
                found.append([frame.f_lineno, frame.f_code.co_name])
            frame = frame.f_back
        return found[::-1]


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as broken:  # a __str__ of course code may raise anything
        return f"<its message cannot be shown: {type(broken).__name__}>"


def _last_frame(trace: TracebackType | None) -> list[Any]:
    """File and line at which the exception was raised."""
    frames = [(f.f_code.co_filename, line) for f, line in traceback.walk_tb(trace)]
    return list(frames[-1]) if frames else []
