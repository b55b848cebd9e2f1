"""Runs one child under the supervisor, with limits, and keeps the head and tail of its output."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, ValidationError, convert

from modfix.errors import ModfixError
from modfix.verify.drivers.wire import facts_of, tell

PACKAGE = Path(__file__).parents[2]  # the folder that `import modfix` is found in
_MAIN = "import sys; sys.path.append(sys.argv.pop(1)); from modfix.verify.drivers.{} import main; "
KEPT = 64 << 10  # bytes of output kept from the beginning, and as many from the end
PATIENCE = 30  # seconds beyond a child's own after which its supervisor is given up


class Limits(Struct, frozen=True):
    """Seconds of wall-clock time; MiB of address space for each process, and of memory for all;
    MiB written to the scratch folder; processes and threads at once."""

    seconds: float
    memory: int
    disk: int
    processes: int


class Ended(Struct, frozen=True):
    """How a child ended.

    `code` is its exit status (negative: the signal that killed it; None: nobody saw its end),
    `left_behind` the number of processes that outlived it and were killed, `output` the beginning
    and the end of stdout and stderr together, `exceeded` the limit that it was ended for ("disk",
    "memory", "processes", or "").
    """

    output: str
    code: int | None = None
    timed_out: bool = False
    left_behind: int = 0
    exceeded: Literal["", "disk", "memory", "processes"] = ""


def run_process(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    limits: Limits,
    scratch: Path,
    wrap: Sequence[str] = (),
) -> Ended:
    """Run a child to its end, or to the end of its time; no process of it survives this call.

    `scratch` is the folder that it may write into, which the supervisor removes if modfix is
    killed; `wrap` the command that starts another in a sandbox. Needs POSIX. Raises ModfixError
    when the sandbox cannot be made.
    """
    order = {
        "keeper": [*wrap, *_python("keep")],
        "argv": list(argv),
        "cwd": str(cwd),
        "env": dict(env),
        "seconds": limits.seconds,
        "memory": limits.memory,
        "disk": limits.disk,
        "processes": limits.processes,
        "scratch": str(scratch),
    }
    facts, output = _supervised(order, limits.seconds + PATIENCE)
    if wrap and facts and not facts.get("started"):
        why = next((line for line in output.splitlines() if line.strip()), "no reason given")
        raise ModfixError(f"the sandbox cannot be made: {why}", todo="try `--sandbox none`")
    return _ended(facts, output)


def _ended(facts: dict[str, Any], output: str) -> Ended:
    """The end that the supervisor reports; one that cannot be true is as good as none."""
    try:
        return convert({**facts, "output": output}, Ended)
    except ValidationError:
        return Ended(output=output)


def _python(driver: str) -> list[str]:
    """The command of a driver of ours: nothing of the course or of site-packages is in its way."""
    return [sys.executable, "-I", "-S", "-c", f"{_MAIN.format(driver)}main()", str(PACKAGE)]


class RunNoMore(BaseException):
    """The run is to end: no process begins any more. Not an Exception, as what asks for it."""


_ending = threading.Event()
_heard_end, _tell_end = os.pipe()  # readable for all who wait, once the run is to end


def run_no_more() -> None:
    """End the processes that other threads wait for, which then raise RunNoMore, for good."""
    _ending.set()
    os.write(_tell_end, b".")


def _supervised(order: dict[str, Any], seconds: float) -> tuple[dict[str, Any], str]:
    """What the supervisor reports (nothing, if it was killed), and the output of the child."""
    if _ending.is_set():
        raise RunNoMore
    heard, report = os.pipe()
    supervisor = subprocess.Popen(
        _python("supervise"),
        stdin=subprocess.PIPE,  # its end of life: closed when modfix is gone
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
        start_new_session=True,
        pass_fds=(report,),
    )
    os.close(report)
    assert supervisor.stdin is not None and supervisor.stdout is not None
    kept = BoundedOutput()
    try:
        tell(supervisor.stdin.fileno(), **order, report=report)
        _drain(supervisor, kept, time.monotonic() + seconds)
    finally:
        supervisor.stdin.close()
        try:
            supervisor.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            supervisor.kill()
            supervisor.wait()
        supervisor.stdout.close()
        said = os.read(heard, 1 << 16)
        os.close(heard)
    return facts_of(said), kept.text()


def _drain(supervisor: subprocess.Popen[bytes], kept: BoundedOutput, deadline: float) -> None:
    """Read until every holder of the pipe is gone, or the supervisor is, or the deadline."""
    assert supervisor.stdin is not None and supervisor.stdout is not None
    poll, output = select.poll(), supervisor.stdout.fileno()
    poll.register(output, select.POLLIN)
    poll.register(_heard_end, select.POLLIN)
    poll.register(supervisor.stdin, 0)  # POLLERR when nobody holds its other end any more
    while (rest := deadline - time.monotonic()) > 0:
        ready = dict(poll.poll(rest * 1000))
        if _heard_end in ready:
            raise RunNoMore
        if output not in ready:
            if ready:
                return
            continue
        chunk = os.read(output, 1 << 16)
        if not chunk:
            return
        kept.add(chunk)


class BoundedOutput:
    """The first and the last bytes of a stream of any length."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self._dropped = False

    def add(self, chunk: bytes) -> None:
        """Take the next bytes of the stream."""
        room = KEPT - len(self._head)
        self._head += chunk[:room]
        rest = chunk[room:]
        if rest:
            self._tail.append(rest)
            self._tail_size += len(rest)
        while self._tail and self._tail_size - len(self._tail[0]) > KEPT:
            self._tail_size -= len(self._tail.popleft())
            self._dropped = True

    def text(self) -> str:
        """What was kept, with a line that tells of a gap."""
        gap = b"\n[...]\n" if self._dropped else b""
        whole = bytes(self._head) + gap + b"".join(self._tail)
        return whole.decode("utf-8", errors="replace")
