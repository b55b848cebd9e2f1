"""A run that is stopped: by the person, by the system, by a kill in the middle of a write."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, DEFECTIVE, GUARDED, module, only_run, run

PATIENCE = 60  # seconds until a test gives up; none asserts a time
APART = ("--sandbox", "none")  # the module tells the numbers of its processes out here
ENDLESS = """\
# %%
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path({told!r}).write_text(f"{{os.getpid()}} {{child.pid}} .")
time.sleep(600)

"""


@pytest.mark.parametrize(
    ("number", "command"),
    [
        (signal.SIGINT, ("fix", "--write", "--select", "RUN", *APART)),
        (signal.SIGINT, ("verify", *APART)),
        (signal.SIGTERM, ("fix", "--write", "--select", "RUN", *APART)),
        (signal.SIGHUP, ("verify", *APART)),
    ],
)
def test_a_run_that_is_stopped_while_it_verifies_leaves_nothing(
    number: signal.Signals, command: tuple[str, ...], tmp_path: Path
) -> None:
    told, temporary = tmp_path / "told", tmp_path / "tmp"
    temporary.mkdir()
    text = ENDLESS.format(told=str(told)) + DEFECTIVE
    path = module(tmp_path / "c", text)
    only_run(tmp_path / "c")
    process = subprocess.Popen(
        [*COMMAND, *command, "c"], cwd=tmp_path, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env={**os.environ, "TMPDIR": str(temporary)},
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # may be ignored in the tests
    )  # fmt: skip
    children = children_of(told)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + number
    assert stderr == f"error: stopped by {number.name}; every file is whole, the old or the new\n"
    assert path.read_text() == text
    assert sorted(each.name for each in path.parent.iterdir()) == ["modfix.toml", "sums_dev.py"]
    assert list(temporary.iterdir()) == []
    assert not any(alive(child) for child in children)


def children_of(told: Path) -> list[int]:
    """The processes that the module says it is, when it has said so."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        words = told.read_text().split() if told.exists() else []
        if words[-1:] == ["."]:
            return [int(word) for word in words[:-1]]
        time.sleep(0.05)
    raise AssertionError("the module was never run")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or " Z " not in state.read_text()


# Where the process is killed, and what the file holds then.
KILLED = [
    ("tempfile.mkstemp", "after", DEFECTIVE),
    ("os.fsync", "before", DEFECTIVE),
    ("pathlib.Path.replace", "before", DEFECTIVE),
    ("pathlib.Path.replace", "after", GUARDED),
]
KILLING = """
import os, pathlib, signal, sys, tempfile
owner, name, when = {owner}, {name!r}, {when!r}
original = getattr(owner, name)

def killing(*arguments, **options):
    result = original(*arguments, **options) if when == "after" else None
    os.kill(os.getpid(), signal.SIGKILL)

from modfix.cli import main
import modfix.fix.transaction
setattr(owner, name, killing)
main(["fix", "--write", "--no-verify", "--select", "RUN", "sums_dev.py"])
"""


@pytest.mark.parametrize(("function", "when", "expected"), KILLED)
def test_a_kill_at_any_instant_leaves_a_whole_file_and_the_next_run_clears_up(
    function: str, when: str, expected: str, tmp_path: Path
) -> None:
    path = module(tmp_path)
    owner, _, name = function.rpartition(".")
    program = KILLING.format(owner=owner, name=name, when=when)
    killed = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_text() == expected
    assert run("fix", "--write", "--no-verify", "--select", "RUN", cwd=tmp_path).returncode == 0
    assert path.read_text() == GUARDED
    assert [each.name for each in tmp_path.iterdir()] == ["sums_dev.py"]
