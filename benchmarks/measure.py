"""Times of commands, taken in turns so that a loaded machine slows all of them alike."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PYTHON = sys.executable
MODFIX = str(Path(PYTHON).with_name("modfix"))


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, the folder to run it in, and what is done before each run (not timed)."""

    arguments: Sequence[str]
    folder: Path
    before: Callable[[], object] = lambda: None

    def run(self) -> None:
        """Run it; whatever it finds, it must not crash."""
        ended = subprocess.run(
            self.arguments, cwd=self.folder, env=environment(), check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        if ended.returncode < 0 or b"Traceback" in ended.stderr:
            raise SystemExit(f"{' '.join(self.arguments)}: {ended.stderr.decode()[-800:]}")


def environment() -> dict[str, str]:
    """The environment as people have it: Python keeps what it compiles."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def python(code: str, *arguments: object) -> list[str]:
    """The command line of a piece of Python."""
    return [PYTHON, "-c", code, *map(str, arguments)]


@dataclass(frozen=True, slots=True)
class Time:
    """Seconds by the wall, and of processors (a command with its children)."""

    wall: float
    cpu: float


def in_turns(commands: Mapping[str, Command], rounds: int) -> dict[str, Time]:
    """The best time of each command in so many rounds, after one that is not counted."""
    taken: dict[str, list[Time]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            command.before()
            one = timed(command)
            if number:
                taken[name].append(one)
    return {
        name: Time(min(each.wall for each in times), min(each.cpu for each in times))
        for name, times in taken.items()
    }


def timed(command: Command) -> Time:
    """One run."""
    before, began = _children(), time.perf_counter()
    command.run()
    return Time(time.perf_counter() - began, _children() - before)


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def peak_memory(command: Command) -> float:
    """The largest resident size of one process of a command, in MB."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    shown = subprocess.run(
        python(code, *command.arguments), cwd=command.folder, env=environment(),
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return int(shown.stdout) / 1000  # Linux: KiB
