"""Starts the process of course code, and keeps its time and its limits: the `main` of a process.

In a sandbox it is the first process there (pid_namespaces(7)): nothing inside can kill it, and
everything inside ends with it. Outside it is the parent that course code sees, and may kill.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import sys
import time
from typing import TYPE_CHECKING

from .descendants import (
    LINUX,
    adopt_orphans,
    descendants,
    die_with_parent,
    end_all,
    end_group,
    tasks_of,
)
from .quota import MARGIN
from .wire import tell, told

if TYPE_CHECKING:  # PERF
    from typing import Any

# Workers of multiprocessing and kernels end by themselves when their parent is gone.
GRACE = 1.0
LAST_WORDS = 0.3  # seconds in which the process may say where it hangs
_MIB = 1 << 20


def main() -> None:
    """Carry out the order on standard input; reports go to the descriptor of the argument."""
    order, report = told(0), int(sys.argv[1])
    os.set_inheritable(report, False)
    adopt_orphans()
    tell(report, started=True)
    tasks = tasks_of(os.getuid()) + order["processes"]
    wake = _wake_on_child()
    process = os.fork()  # PERF: no subprocess, whose import takes longer than all this
    if not process:
        _become_course(order, tasks)
    tell(report, group=process)
    code, timed_out = _end(process, float(order["seconds"]), wake)
    left = 0 if code is None else _left_behind()
    if not LINUX:
        end_group(process)
    end_all(unreaped=process if code is None else 0)
    if code is None:
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    tell(report, code=code, timed_out=timed_out, left_behind=left)


def _become_course(order: dict[str, Any], tasks: int) -> None:
    """Turn this process, a fork, into that of course code."""
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(order["cwd"])
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        _limit(order, tasks)
        os.execvpe(order["argv"][0], order["argv"], order["env"])
    except OSError as error:
        os.write(2, f"{order['argv'][0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def _limit(order: dict[str, Any], tasks: int) -> None:
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = int(order["disk"]) * _MIB
    _lower(resource.RLIMIT_FSIZE, size, size)
    if LINUX:  # macOS refuses to limit the address space, and has no list of a user's tasks
        memory = int(order["memory"]) * _MIB
        _lower(resource.RLIMIT_AS, memory, memory + MARGIN)
        _lower(resource.RLIMIT_NPROC, tasks, tasks)


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


def _end(main: int, seconds: float, wake: int) -> tuple[int | None, bool]:
    """Wait for the process: its code (None: it still runs), and whether its time ran out.

    It still runs, too, when the supervisor wants the end, and closes our standard input.
    """
    deadline = time.monotonic() + seconds
    while (code := _reaped(main)) is None:
        rest = deadline - time.monotonic()
        ready = select.select([0, wake], [], [], rest)[0] if rest > 0 else []
        if 0 in ready or not ready:
            _last_words(main)
            return None, 0 not in ready
        os.read(wake, 4096)
    return code, False


def _reaped(main: int) -> int | None:
    """Reap every dead child; the exit code of the main one, if it is among them."""
    code = None
    with contextlib.suppress(ChildProcessError):  # none is left
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            if found[0] == main:
                code = os.waitstatus_to_exitcode(found[1])
    return code


def _last_words(main: int) -> None:
    """Let the driver's signal handler write down the line at which it stands."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(main, signal.SIGUSR2)
    time.sleep(LAST_WORDS)


def _left_behind() -> int:
    """How many descendants outlive the process and the time of grace."""
    deadline = time.monotonic() + GRACE
    while (alive := descendants()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return len(alive)
