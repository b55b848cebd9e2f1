"""`fix --write` over many files, killed at any instant: every file is whole, nothing is left."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import DEFECTIVE, GUARDED, only_run
from tests.fix.forks import Forks, forks

FILES = 50
# A little work, and much writing: the instants are to fall into the writing, too.
PADDING = "# %% [markdown]\n" + "# A line of prose.\n" * 500
OLD, NEW = DEFECTIVE + PADDING, GUARDED + PADDING
FAST = ("fix", "--write", "--no-verify", "--select", "RUN101", ".")
PROVEN = ("fix", "--write", "--select", "RUN101", "--sandbox", "none", "--no-cache", ".")
PATIENCE = 60  # seconds until a test gives up; none asserts a time


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Forks]:
    (tmp_path / "course").mkdir()
    (tmp_path / "tmp").mkdir()
    with forks(tmp_path / "tmp") as server:
        yield server


@pytest.mark.parametrize(
    "instants", [15, pytest.param(200, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_many_files(instants: int, runs: Forks, tmp_path: Path) -> None:
    _kill_at_random_instants(FAST, FILES, instants, runs, tmp_path)


@pytest.mark.parametrize(
    "instants", [5, pytest.param(50, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_while_repairs_are_proven(instants: int, runs: Forks, tmp_path: Path) -> None:
    only_run(tmp_path / "course")
    _kill_at_random_instants(PROVEN, 3, instants, runs, tmp_path)


def _kill_at_random_instants(
    command: tuple[str, ...], files: int, instants: int, runs: Forks, tmp_path: Path
) -> None:
    course, env = tmp_path / "course", {"TMPDIR": str(tmp_path / "tmp")}
    paths = [course / f"m{number:02}_dev.py" for number in range(files)]
    beside = sorted(each.name for each in course.iterdir())
    whole = _duration(command, paths, runs, env)
    chosen = random.Random(17)
    found: set[int] = set()
    # A busy machine may be late every time: then some more, so that halfway is among them.
    for number in range(8 * instants):
        if number >= instants and found - {0, files}:
            break
        _write(paths)
        pid = runs.start(*command, cwd=course, env=env)
        time.sleep(chosen.random() * whole)
        os.kill(pid, signal.SIGKILL)
        assert runs.end() in (-signal.SIGKILL, 0)
        texts = [path.read_text() for path in paths]
        assert set(texts) <= {OLD, NEW}
        found.add(texts.count(NEW))
        assert _carried_through(command, paths, runs, env) == f"{files} modules; 0 left.\n"
        assert sorted(each.name for each in course.iterdir() if each not in paths) == beside
        _nothing_is_left(tmp_path / "tmp")
    assert found - {0, files}, "no run was killed halfway"


def _duration(
    command: tuple[str, ...], paths: list[Path], runs: Forks, env: dict[str, str]
) -> float:
    """The seconds of a run that nobody kills."""
    _write(paths)
    began = time.monotonic()
    _carried_through(command, paths, runs, env)
    return time.monotonic() - began


def _write(paths: list[Path]) -> None:
    for path in paths:
        path.write_text(OLD)


def _carried_through(
    command: tuple[str, ...], paths: list[Path], runs: Forks, env: dict[str, str]
) -> str:
    """Run to the end: every file is new then. Gives the end of what it says."""
    runs.start(*command, cwd=paths[0].parent, env=env)
    assert runs.end() == 0, runs.told.read_text()
    assert {path.read_text() for path in paths} == {NEW}
    return runs.told.read_text().partition(" in ")[2]


def _nothing_is_left(temporary: Path) -> None:
    """The supervisor of a killed run may still be at its work."""
    until = time.monotonic() + PATIENCE
    while {each.name for each in temporary.iterdir()} != {"told"}:
        assert time.monotonic() < until, list(temporary.iterdir())
        time.sleep(0.05)
