"""What every driver does around its task: watch for exits, and say how the task ended."""

from __future__ import annotations

import contextlib
import faulthandler
import signal
import sys
from collections.abc import Callable
from typing import Any

from .record import Record

Drive = Callable[[dict[str, Any], Record], None]


def start(drive: Drive, job: dict[str, Any]) -> None:
    """Run a driver on a job.

    The last event of a task that came to its end is `finished`; modfix takes its absence for what
    it is, so that no way of ending a process early can pass.
    """
    record = Record(job)
    record.watch_exits()
    # Where the module is when the supervisor says (by this signal) that its time is up, and where
    # it was when it crashed.
    stack = open(job["stack"], "w", encoding="utf-8")  # noqa: SIM115, PTH123 (open to the end)
    faulthandler.enable(file=stack, all_threads=False)
    faulthandler.register(signal.SIGUSR2, file=stack, all_threads=False)
    try:
        drive(job, record)
    except SystemExit as error:
        record.exit("sys.exit", error.code, error.__traceback__)
        raise
    except BaseException as error:  # whatever course code raises is the answer, not ours to judge
        _room_to_report(error)
        record.error(error)
        _flush()
        sys.exit(1)
    record.event("finished")


def _room_to_report(error: BaseException) -> None:
    """After a MemoryError, raise the limit by the margin that was kept for this."""
    if isinstance(error, MemoryError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed, or None
            stream.flush()
