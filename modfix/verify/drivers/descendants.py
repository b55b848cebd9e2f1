"""The processes that come of this one: found, counted, ended.

PERF: this and what it imports begins with every run of course code; so no pathlib, no typing.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections import namedtuple

LINUX = sys.platform.startswith("linux")
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_ROUNDS = 400
_PAUSE = 0.005  # seconds between two rounds


# A row of the process table: numbers of the parent and the group, a letter, bytes in memory.
Process = namedtuple("Process", "parent state group threads resident")


def adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own (prctl(2)); Linux only."""
    if LINUX:
        _prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Be killed when the parent ends (prctl(2)); Linux only."""
    if LINUX:
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def descendants(unreaped: int = 0) -> dict[int, Process]:
    """The living processes that descend from this one (none where there is no /proc).

    Dead children are reaped, but for the one whose status its owner still wants.
    """
    table = _table()
    found: set[int] = set()
    fresh = {os.getpid()}
    while fresh:
        fresh = {pid for pid, process in table.items() if process.parent in fresh}
        found |= fresh
    dead = {pid for pid in found if table[pid].state in "ZX"}
    for pid in dead - {unreaped}:
        with contextlib.suppress(ChildProcessError):  # the child of another
            os.waitpid(pid, os.WNOHANG)
    return {pid: table[pid] for pid in found - dead}


def end_all(unreaped: int = 0) -> None:
    """Kill every descendant, again and again while new ones appear.

    Whole groups first: the kernel lets no fork slip through a signal to a group.
    """
    own = {0, 1, os.getpgrp()}
    for _ in range(_ROUNDS):
        alive = descendants(unreaped)
        if not alive:
            return
        for group in {process.group for process in alive.values()} - own:
            end_group(group)
        for pid in alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_PAUSE)


def end_group(group: int) -> None:
    """Kill a process group, if it is still there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def tasks_of(user: int) -> int:
    """How many processes and threads a user has (0 where there is no /proc)."""
    owned = 0
    for pid, process in _table().items():
        with contextlib.suppress(OSError):
            owned += process.threads * (os.stat(f"/proc/{pid}").st_uid == user)  # noqa: PTH116
    return owned


def _table() -> dict[int, Process]:
    """Every process, from /proc/<pid>/stat (proc(5))."""
    found = {}
    page = os.sysconf("SC_PAGE_SIZE")
    for entry in os.scandir("/proc") if LINUX else ():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # gone meanwhile
                with open(f"{entry.path}/stat", errors="replace") as file:  # noqa: PTH123 (PERF)
                    stat = file.read()
                field = stat[stat.rindex(")") + 2 :].split()
                rest = (int(field[2]), int(field[17]), int(field[21]) * page)
                found[int(entry.name)] = Process(int(field[1]), field[0], *rest)
    return found
