"""Daemons, bombs and kills: no process of course code survives, and none takes the machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.verify.modules import levels, needs_bwrap, step, write

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="looks into /proc, as the supervisor does"
)
PATIENCE = 30  # seconds until a test gives up; none asserts a time


def alive(mark: str) -> list[str]:
    """The processes whose command line holds a mark."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if mark.encode() in command:
            found.append(process.name)
    return found


@pytest.fixture
def mark(request: pytest.FixtureRequest) -> str:
    return f"modfix-test-{os.getpid()}-{abs(hash(request.node.name))}"


# Two processes in sessions of their own, without our environment.
DAEMONS = """
import os, subprocess, sys, time
for _ in range(2):
    subprocess.Popen(
        [sys.executable, '-c', 'import time; time.sleep(600)', '{mark}'],
        start_new_session=True, env={{}}, close_fds=False,
    )
"""
ENDLESS = f"# %%{DAEMONS}time.sleep(600)\n"
# What it does after it has started them, and what is told. In a sandbox its parent is out of reach.
ENDS = {
    "ends": ("", "left 2 processes behind, which were ended"),
    "hangs": ("time.sleep(60)", "did not finish within 3 s"),
    "fails": ("1 / 0", "ZeroDivisionError: division by zero"),
    "leaves": ("os._exit(3)", "exited with code 3 by itself (os._exit)"),
    "kills itself": ("os.kill(os.getpid(), 9)", "killed by signal 9 (SIGKILL)"),
    "kills its group": ("os.killpg(0, 9)", "killed by signal 9 (SIGKILL)"),
}
KILLS = "os.kill(os.getppid(), 9); time.sleep(60)"


@pytest.mark.parametrize("level", levels())
@pytest.mark.parametrize(("act", "reason"), ENDS.values(), ids=ENDS)
def test_daemons_are_ended(act: str, reason: str, level: str, mark: str, tmp_path: Path) -> None:
    text = DAEMONS.format(mark=mark) + act + "\n"
    result = step(write(tmp_path, text), "run", timeout=3, sandbox=level)
    assert result.outcome == "failed" and result.reason.startswith(reason), result
    assert alive(mark) == []


@pytest.mark.parametrize(
    ("level", "reason"),
    [
        ("none", "ended the process that watches over it"),
        pytest.param("bwrap", "did not finish within 3 s", marks=needs_bwrap()),
    ],
)
def test_the_kill_of_its_parent(level: str, reason: str, mark: str, tmp_path: Path) -> None:
    text = DAEMONS.format(mark=mark) + KILLS
    result = step(write(tmp_path, text), "run", timeout=3, sandbox=level)
    assert result.outcome == "failed" and result.reason.startswith(reason), result
    assert alive(mark) == []


def test_the_stop_of_its_parent(mark: str, tmp_path: Path) -> None:
    text = DAEMONS.format(mark=mark) + "os.kill(os.getppid(), 19); time.sleep(60)"
    result = step(write(tmp_path, text), "run", timeout=1, sandbox="none")
    assert result.reason.startswith("did not finish within 1 s"), result
    assert alive(mark) == []


# 2,048 processes, of which no more than the limit and those of an instant come about.
BOMB = """
import os, sys, time
if '{mark}' not in sys.argv:
    os.execv(sys.executable, [sys.executable, __file__, '{mark}'])
for _ in range(11):
    if os.fork() == 0 and {apart}:
        os.setsid()
time.sleep(60)
"""


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("level", levels())
def test_a_bomb_of_forks(level: str, apart: bool, mark: str, tmp_path: Path) -> None:
    text = BOMB.format(mark=mark, apart=apart)
    result = step(write(tmp_path, text), "run", timeout=30, processes=64, sandbox=level)
    assert result.outcome == "failed"
    # Root has no limit of its own: the supervisor counts.
    counted = "ran more than 64 processes at once (settings: verify.processes)"
    refused = "exited with code 1 before it was done"  # in a process that was not watched: exec
    assert result.reason in (counted, refused), result
    assert alive(mark) == []


@pytest.mark.parametrize("level", levels())
def test_memory_of_many_processes(level: str, mark: str, tmp_path: Path) -> None:
    text = """
        import os, time
        for _ in range(6):
            if os.fork() == 0:
                break
        held = b"x" * (200 << 20)
        time.sleep(60)
    """
    result = step(write(tmp_path, text), "run", timeout=30, memory=512, sandbox=level)
    assert result.reason == "used more than 512 MiB in all its processes (settings: verify.memory)"


@pytest.mark.parametrize("level", levels())
def test_what_no_machine_has(level: str, tmp_path: Path) -> None:
    document = write(tmp_path, "# %%\nwhole = bytearray(100 << 30)\n")
    result = step(document, "run", sandbox=level)
    assert result.reason == "used more than 4096 MiB (settings: verify.memory)"
    assert result.place is not None and result.place.line == 2


@pytest.mark.parametrize("folder", ["here", "tempfile.gettempdir()"])
@pytest.mark.parametrize("level", levels())
def test_a_disk_full_of_files(level: str, folder: str, tmp_path: Path) -> None:
    text = f"""
        import itertools, os, tempfile, time
        here = os.getcwd()
        for number in range(200):
            with open(os.path.join({folder}, f"{{number}}.bin"), "wb") as file:
                file.write(os.urandom(1 << 20))
        time.sleep(60)
    """
    result = step(write(tmp_path, text), "run", timeout=30, disk=32, sandbox=level)
    assert result.reason == "wrote more than 32 MiB (settings: verify.disk)"


@pytest.mark.parametrize("level", levels())
def test_nothing_outlives_modfix(level: str, mark: str, tmp_path: Path) -> None:
    temporary, document = tmp_path / "tmp", write(tmp_path, ENDLESS.format(mark=mark))
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "modfix", "verify", "--sandbox", level, document.path.name],
        cwd=tmp_path, env={**os.environ, "TMPDIR": str(temporary)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    wait_until(lambda: len(alive(mark)) == 2)
    process.kill()
    process.wait()
    wait_until(lambda: alive(mark) == [] and list(temporary.iterdir()) == [])


def wait_until(condition) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
