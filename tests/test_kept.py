"""The folder of a cache: git passes over it, whoever made it and however far they came."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from modfix.kept import make_cache_folder, write_kept

# Makes the folder and is gone in front of the given step of the file system.
KILLED = """
import os, sys
from modfix.kept import make_cache_folder
left = int(sys.argv[2])
def step(event, arguments):
    global left
    if event in ("os.mkdir", "open", "os.rename"):
        left -= 1
        if left < 0:
            os._exit(9)
sys.addaudithook(step)
make_cache_folder(sys.argv[1])
"""


def test_a_run_that_was_killed_leaves_no_folder_that_git_sees(tmp_path: Path) -> None:
    for steps in range(99):
        folder = tmp_path / str(steps) / "cache"
        command = [sys.executable, "-c", KILLED, str(folder), str(steps)]
        done = subprocess.run(command, check=False)
        assert write_kept(str(folder / "a.run"), 1)
        assert (folder / ".gitignore").read_text() == "*\n"
        assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: ")
        if done.returncode == 0:
            assert steps > 4
            return
        assert done.returncode == 9
    raise AssertionError("it never came to an end")


@pytest.mark.parametrize("name", ["a.txt", ".git", "b.run"])
def test_a_folder_that_somebody_else_made_stays_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("theirs")
    make_cache_folder(str(tmp_path))
    assert [each.name for each in tmp_path.iterdir()] == [name]
