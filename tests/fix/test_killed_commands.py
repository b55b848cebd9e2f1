"""Other commands that write, killed at any instant: every file is whole, and a next run goes on."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, DEFECTIVE, run

COMMANDS: dict[str, tuple[str, ...]] = {
    "baseline": ("baseline", "--select", "RUN", "."),
    "suppress": ("suppress", "--reason", "shown so", "--select", "RUN", "."),
    "add-config": ("check", "--add-config", "."),
}
PADDING = "# %% [markdown]\n" + "# A line of prose.\n" * 300


@pytest.mark.parametrize(
    "instants", [3, pytest.param(30, marks=pytest.mark.long)], ids=["few", "many"]
)
@pytest.mark.parametrize("name", COMMANDS)
def test_files_are_old_or_new(name: str, instants: int, tmp_path: Path) -> None:
    old = course(tmp_path / "undisturbed")
    began = time.monotonic()
    run(*COMMANDS[name], cwd=tmp_path / "undisturbed")
    whole = time.monotonic() - began
    new = files(tmp_path / "undisturbed")
    assert new != old
    chosen = random.Random(23)
    for number in range(instants):
        folder = tmp_path / str(number)
        course(folder)
        kill_after(whole * chosen.uniform(0.3, 1), COMMANDS[name], folder)
        for path, data in files(folder).items():
            assert data in (old.get(path), new.get(path)) or path.endswith(".tmp")
        run(*COMMANDS[name], cwd=folder)
        assert files(folder) == new


def kill_after(seconds: float, command: tuple[str, ...], folder: Path) -> None:
    """Start the command and kill it, unless it is done by then."""
    with subprocess.Popen([*COMMAND, *command], cwd=folder, stdout=-3, stderr=-3) as process:
        time.sleep(seconds)
        process.kill()


def course(folder: Path) -> dict[str, bytes]:
    """A folder of modules with something to find, and what is in it."""
    folder.mkdir()
    for number in range(12):
        (folder / f"m{number:02}_dev.py").write_text(DEFECTIVE + PADDING)
    return files(folder)


def files(folder: Path) -> dict[str, bytes]:
    """The content of every file, the cache apart."""
    found = (path for path in folder.rglob("*") if path.is_file())
    inside = {path.relative_to(folder): path for path in found}
    return {str(n): p.read_bytes() for n, p in inside.items() if ".modfix_cache" not in n.parts}
