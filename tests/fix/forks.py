"""Runs of the command that begin at once: a process that has imported modfix forks for each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Everything that a run imports is imported once; then a fork a line of input.
PROGRAM = """
import json, os, sys
import modfix.cli, modfix.cli.fix, modfix.fix.rounds, modfix.lint.discover
import modfix.fix.transaction, modfix.fix.proof
from modfix.lint.registry import rule_types
rule_types()
for line in sys.stdin:
    order = json.loads(line)
    pid = os.fork()
    if pid == 0:
        os.environ.update(order["env"])
        os.chdir(order["cwd"])
        told = os.open(order["told"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for descriptor in (0, 1, 2):
            os.dup2(told, descriptor)
        sys.stdout = open(1, "w", closefd=False)
        sys.stderr = open(2, "w", closefd=False)
        try:
            modfix.cli.main(order["arguments"])
        except SystemExit as end:
            sys.stdout.flush(), sys.stderr.flush()
            os._exit(int(end.code or 0))
    print(pid, flush=True)
    sys.stdin.readline()  # until then its number stays its own
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@dataclass(frozen=True)
class Forks:
    """One process that forks runs; their output goes to the file `told`."""

    server: subprocess.Popen[str]
    told: Path

    def start(self, *arguments: str, cwd: Path, env: dict[str, str]) -> int:
        """Begin a run; gives its process id."""
        assert self.server.stdin is not None and self.server.stdout is not None
        order = {"arguments": arguments, "cwd": str(cwd), "env": env, "told": str(self.told)}
        self.server.stdin.write(json.dumps(order) + "\n")
        self.server.stdin.flush()
        return int(self.server.stdout.readline())

    def end(self) -> int:
        """Wait for the run; gives its exit code (negative: a signal)."""
        assert self.server.stdin is not None and self.server.stdout is not None
        self.server.stdin.write("wait\n")
        self.server.stdin.flush()
        return int(self.server.stdout.readline())


@contextmanager
def forks(folder: Path) -> Iterator[Forks]:
    """A process that forks runs; it ends with the block."""
    server = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    try:
        yield Forks(server, folder / "told")
    finally:
        assert server.stdin is not None
        server.stdin.close()
        server.wait()
