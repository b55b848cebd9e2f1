"""Runs one child under the supervisor, with limits, and keeps the head and tail of its output."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SUPERVISOR = Path(__file__).parent / "drivers" / "supervise.py"
LARGEST_FILE = 1 << 30  # bytes that a child may write into one file
KEPT = 64 << 10  # bytes of output kept from the beginning, and as many from the end
PATIENCE = 30  # seconds beyond a child's own after which its supervisor is given up


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of wall-clock time, and MiB of address space for each process."""

    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended.

    `code` is its exit status (negative: the signal that killed it; None: nobody saw its end),
    `left_behind` the number of processes that outlived it and were killed, `output` the beginning
    and the end of stdout and stderr together.
    """

    code: int | None
    timed_out: bool
    left_behind: int
    output: str


def run_process(
    argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], limits: Limits, control: Path
) -> Ended:
    """Run a child to its end, or to the end of its time; no process of it survives this call.

    `control` is a folder for the order and the report of the supervisor. Needs POSIX.
    """
    ended = control / "ended.json"
    order = control / "order.json"
    facts = {
        "argv": list(argv),
        "cwd": str(cwd),
        "env": dict(env),
        "seconds": limits.seconds,
        "memory": limits.memory,
        "file_size": LARGEST_FILE,
        "ended": str(ended),
        "scratch": str(control.parent),
    }
    order.write_text(json.dumps(facts), encoding="utf-8")
    output = _supervised(order, limits.seconds + PATIENCE)
    if not ended.is_file():
        return Ended(None, False, 0, output)
    said = json.loads(ended.read_text(encoding="utf-8"))
    return Ended(said["code"], said["timed_out"], said["left_behind"], output)


def _supervised(order: Path, seconds: float) -> str:
    # -I -S: nothing of the course or of site-packages is in the supervisor's way.
    supervisor = subprocess.Popen(
        [sys.executable, "-I", "-S", str(SUPERVISOR), str(order)],
        stdin=subprocess.PIPE,  # its end of life: closed when modfix is gone
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
        start_new_session=True,
    )
    assert supervisor.stdin is not None and supervisor.stdout is not None
    kept = BoundedOutput()
    try:
        _drain(supervisor.stdout.fileno(), kept, time.monotonic() + seconds)
    finally:
        supervisor.stdin.close()
        try:
            supervisor.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            supervisor.kill()
            supervisor.wait()
        supervisor.stdout.close()
    return kept.text()


def _drain(descriptor: int, kept: BoundedOutput, deadline: float) -> None:
    """Read until every holder of the pipe is gone, or the deadline."""
    while (rest := deadline - time.monotonic()) > 0:
        if select.select([descriptor], [], [], rest)[0]:
            chunk = os.read(descriptor, 1 << 16)
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
