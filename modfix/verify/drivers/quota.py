"""What all processes of a run may use together: disk, memory, processes.

Each limit has a cheap reading of the whole machine. When that has moved by more than the limit the
run's own files or processes are counted, for others use the machine too; and, as what others give
back may hide what the run takes, every now and then without a reason.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .descendants import LINUX, descendants

if TYPE_CHECKING:  # PERF
    from collections.abc import Callable
    from typing import Any

_MIB = 1 << 20
_LOOKS = 20  # from one count without a reason to the next
MARGIN = 256 * _MIB  # bytes of memory that a driver may claim to report a MemoryError


class Quota:
    """The limits of one order, counted from now on."""

    def __init__(self, order: dict[str, Any]) -> None:
        scratch = order["scratch"]
        copied = _disk_used(scratch)
        self._gauges = [
            _Gauge(
                "disk",
                order["disk"] * _MIB,
                lambda: -_disk_free(scratch),
                lambda: _disk_used(scratch) - copied,
            )
        ]
        if LINUX:
            memory = order["memory"] * _MIB + MARGIN
            self._gauges += [
                _Gauge("processes", order["processes"], _tasks, _own_tasks),
                _Gauge("memory", memory, lambda: -_memory_free(), _own_memory),
            ]

    def exceeded(self) -> str:
        """The name of a limit that does not hold, or ""."""
        return next((gauge.name for gauge in self._gauges if gauge.exceeded()), "")


class _Gauge:
    def __init__(
        self, name: str, limit: int, whole: Callable[[], int], own: Callable[[], int]
    ) -> None:
        self.name = name
        self.limit = limit
        self.whole = whole
        self.own = own
        self.base = whole()
        self.looks = 0

    def exceeded(self) -> bool:
        """Whether the run's own use is over the limit."""
        now = self.whole()
        self.looks += 1
        if now - self.base <= self.limit and self.looks % _LOOKS:
            return False
        own = self.own()
        self.base = now - own  # the rest is the use of others
        return own > self.limit


def _disk_free(folder: str) -> int:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


def _disk_used(folder: str) -> int:
    """Bytes on disk of a folder's files; links are not followed."""
    used = 0
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    used += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError:  # gone meanwhile, or locked by course code
            continue
    return used


def _tasks() -> int:
    """Processes and threads of the whole machine: proc(5), /proc/loadavg, the fourth field."""
    return int(_text("/proc/loadavg").split()[3].partition("/")[2])


def _own_tasks() -> int:
    return sum(process.threads for process in descendants().values())


def _memory_free() -> int:
    for line in _text("/proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


def _own_memory() -> int:
    return sum(process.resident for process in descendants().values())


def _text(path: str) -> str:
    with open(path, encoding="ascii") as file:  # noqa: PTH123 (PERF)
        return file.read()
