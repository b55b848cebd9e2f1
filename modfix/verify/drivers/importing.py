"""Imports the module and watches: what it prints, which tests it runs, what `__all__` names."""

from __future__ import annotations

import sys
import warnings
from fnmatch import fnmatchcase
from types import FrameType, ModuleType
from typing import Any

from .loading import load
from .record import Record


def drive(job: dict[str, Any], record: Record) -> None:
    """Import the module, then everything that it exports."""
    # Warnings depend on the versions of Python and of packages; they are not the module's prints.
    warnings.simplefilter("ignore")
    watched = _Watch(job, record)
    sys.stdout = _Noted(sys.stdout, watched)
    sys.stderr = _Noted(sys.stderr, watched)
    sys.setprofile(watched.on_call)
    try:
        module = load(job["module"])
    finally:
        sys.setprofile(None)
    _check_exports(module, record)
    exec(f"from {module.__name__} import *", {})


def _check_exports(module: ModuleType, record: Record) -> None:
    exported = getattr(module, "__all__", ())
    if isinstance(exported, (list, tuple)):
        missing = [str(name) for name in exported if not hasattr(module, str(name))]
        if missing:
            record.event("missing", names=missing)


class _Watch:
    """Notes the first print and the first call of each test while the module is imported."""

    def __init__(self, job: dict[str, Any], record: Record) -> None:
        self.record = record
        self.module: str = job["module"]
        self.patterns: list[str] = job["patterns"]
        self.called: set[str] = set()
        self.printed = False

    def on_call(self, frame: FrameType, event: str, _: object) -> None:
        """The profile function: notes calls of the module's own functions that are tests."""
        code = frame.f_code
        if event != "call" or code.co_filename != self.module or code.co_name in self.called:
            return
        qualified = getattr(code, "co_qualname", code.co_name)  # from 3.11 on
        if qualified != code.co_name or not self._is_test(code.co_name):
            return
        self.called.add(code.co_name)
        self.record.event("called", name=code.co_name, frames=self.record.stack()[:-1])

    def _is_test(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)

    def on_print(self) -> None:
        """Note where the first print comes from: lines of the module, and the file that prints."""
        if self.printed:
            return
        self.printed = True
        caller = sys._getframe(2)
        where = [caller.f_code.co_filename, caller.f_lineno]
        self.record.event("printed", frames=self.record.stack(), last=where)


class _Noted:
    """A text stream that tells of writes and is the original otherwise."""

    def __init__(self, stream: Any, watched: _Watch) -> None:
        self._stream = stream
        self._watched = watched

    def write(self, text: str) -> Any:
        """Write to the original stream."""
        if text:
            self._watched.on_print()
        return self._stream.write(text)

    def writelines(self, lines: Any) -> None:
        """Write to the original stream."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
