"""Runs modfix in a process that is ended, as by a person who has lost patience, when it hangs."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MiB = 2**20
PATIENCE = 120  # seconds: a limit for what hangs, not a statement of speed


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to: its exit code (negative: the signal), output, seconds, peak memory."""

    code: int
    out: str
    err: str
    seconds: float
    peak: float  # MiB


def measured(
    arguments: Sequence[str | Path], cwd: Path, *, memory: int = 8192, patience: int = PATIENCE
) -> Run:
    """Run the command with a limit of address space (MiB) and of patience."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory * MiB, memory * MiB))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    command = [sys.executable, "-m", "modfix", *map(str, arguments)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        process = subprocess.Popen(
            command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=err, preexec_fn=limit
        )
        code, usage = _waited(process, start + patience)
        out.seek(0)
        err.seek(0)
        return Run(
            code,
            out.read().decode(errors="backslashreplace"),
            err.read().decode(errors="backslashreplace"),
            time.monotonic() - start,
            usage.ru_maxrss / 1024,
        )


def _waited(
    process: subprocess.Popen[bytes], deadline: float
) -> tuple[int, resource.struct_rusage]:
    """Wait for a process, no longer than our patience lasts."""
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage
        if time.monotonic() > deadline:
            process.kill()
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = -9
            raise TimeoutError(f"{process.args!r} hangs")
        time.sleep(0.02)
