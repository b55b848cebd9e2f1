"""`modfix check --watch`: a real process that sees real changes, and ends in order."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, GUARDED, module, run


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("paths", [[], ["."], ["sums_dev.py"]])
def test_every_change_is_checked(paths: list[str], number: signal.Signals, tmp_path: Path) -> None:
    path = module(tmp_path)
    process = subprocess.Popen(
        [*COMMAND, "check", "--watch", "--select", "RUN", *paths],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline().startswith("sums_dev.py:10:1 RUN101")
    assert process.stdout.readline().startswith("Found 1 error")
    assert "watching for changes" in process.stderr.readline()
    path.write_text(GUARDED)
    assert process.stdout.readline() == "All checks passed (1 module).\n"
    assert "watching for changes" in process.stderr.readline()
    (tmp_path / "modfix.toml").write_text("select = 3\n")  # told, and the watch goes on
    assert process.stderr.readline().startswith("error: modfix.toml:1: `select`: expected")
    assert "watching for changes" in process.stderr.readline()
    process.send_signal(number)
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 128 + number


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    result = run("check", "--watch", "nowhere", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (2, "error: nowhere: no such file or folder\n")
