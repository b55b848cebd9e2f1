"""Runs one process and leaves none: `python -I -S supervise.py <order file>`.

It stands between modfix and the code of a course. As the subreaper of everything that comes of
the process (prctl(2), PR_SET_CHILD_SUBREAPER) it inherits daemons too, also those that called
setsid; when the process ends, when its time is up, or when modfix itself is gone (its end of the
pipe on our standard input closes), it ends all of them. How it went is written to a JSON file.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LINUX = sys.platform.startswith("linux")
# Workers of multiprocessing and kernels end by themselves when their parent is gone.
GRACE = 1.0
LAST_WORDS = 0.3  # seconds in which the process may say where it hangs
MARGIN = 256 << 20  # bytes of memory that a driver may claim to report a MemoryError


class Abandoned(Exception):
    """modfix is gone."""


def main() -> None:
    """Carry out the order in the file that the only argument names."""
    order: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    wake = _wake_on_child()
    if LINUX:
        _prctl(PR_SET_CHILD_SUBREAPER, 1)
    process = subprocess.Popen(
        order["argv"],
        stdin=subprocess.DEVNULL,
        cwd=order["cwd"],
        env=order["env"],
        start_new_session=True,
        preexec_fn=lambda: _limit(order),  # no threads here: safe
    )
    try:
        timed_out = _wait(process, float(order["seconds"]), wake)
    except Abandoned:
        _end_all(process.pid)
        shutil.rmtree(order["scratch"], ignore_errors=True)  # nobody else is left to do it
        return
    left = 0 if timed_out else _left_behind(process.pid)
    _end_all(process.pid)
    ended = {"code": process.wait(), "timed_out": timed_out, "left_behind": left}
    Path(order["ended"]).write_text(json.dumps(ended), encoding="utf-8")


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _limit(order: dict[str, Any]) -> None:
    if LINUX:
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = int(order["file_size"])
    _lower(resource.RLIMIT_FSIZE, size, size)
    if LINUX:  # macOS refuses to limit the address space
        memory = int(order["memory"]) << 20
        _lower(resource.RLIMIT_AS, memory, memory + MARGIN)


def _lower(which: int, soft: int, hard: int) -> None:
    """Set a limit, or keep the one that is tighter already."""
    _, highest = resource.getrlimit(which)
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    resource.setrlimit(which, (soft, hard))


def _wake_on_child() -> int:
    """A descriptor that becomes readable when a child ends."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    return read


def _wait(process: subprocess.Popen[bytes], seconds: float, wake: int) -> bool:
    """Wait for the process; whether its time ran out. Raises Abandoned when modfix is gone."""
    deadline = time.monotonic() + seconds
    while process.poll() is None:
        rest = deadline - time.monotonic()
        if rest <= 0:
            _last_words(process)
            return True
        ready, _, _ = select.select([0, wake], [], [], rest)
        if 0 in ready:
            raise Abandoned
        if wake in ready:
            os.read(wake, 4096)
    return False


def _last_words(process: subprocess.Popen[bytes]) -> None:
    """Let the driver's signal handler write down the line at which it stands."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGUSR2)
    time.sleep(LAST_WORDS)


def _left_behind(main: int) -> int:
    """How many descendants outlive the process and the time of grace."""
    deadline = time.monotonic() + GRACE
    while (alive := _descendants(main)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return len(alive)


def _end_all(main: int) -> None:
    """Kill every descendant, again and again while new ones appear."""
    if not LINUX:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(main, signal.SIGKILL)
    for _ in range(200):
        alive = _descendants(main)
        if not alive:
            return
        for each in alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(each, signal.SIGKILL)
        time.sleep(0.005)


def _descendants(main: int) -> set[int]:
    """The living processes that descend from this one (none where there is no /proc).

    Dead ones that have become ours are reaped, but for `main`, whose Popen object does that.
    """
    processes = _processes()
    found: set[int] = set()
    fresh = {os.getpid()}
    while fresh:
        fresh = {pid for pid, (parent, _) in processes.items() if parent in fresh}
        found |= fresh
    dead = {pid for pid in found if processes[pid][1] in "ZX"}
    for pid in dead - {main}:
        with contextlib.suppress(ChildProcessError):  # the child of another
            os.waitpid(pid, os.WNOHANG)
    return found - dead


def _processes() -> dict[int, tuple[int, str]]:
    """Of every process: its parent and its state, from /proc/<pid>/stat (proc(5))."""
    found = {}
    for entry in os.scandir("/proc") if LINUX else ():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = Path(entry.path, "stat").read_text(encoding="utf-8", errors="replace")
                state, parent = stat[stat.rindex(")") + 2 :].split()[:2]
                found[int(entry.name)] = int(parent), state
    return found


if __name__ == "__main__":
    main()
