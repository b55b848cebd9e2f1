"""Modules are verified side by side and printed in their order; a stop leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

from tests.cli.running import COMMAND, module, only_run, run
from tests.cli.terminal import on_terminal
from tests.cli.test_stopping import APART, ENDLESS, PATIENCE, alive, children_of

SECONDS = re.compile(r"\d+\.\d s")
TEXTS = (
    "# %%\nimport time\ntime.sleep(1.5)\n",
    "# %%\n1 / 0\n",
    "# %%\nx = 1\n",
    "# %%\nprint('said')\nraise SystemExit(3)\n",
    "\x00 no module",
    "# %%\ny = 2\n",
)


def test_side_by_side_it_prints_what_it_prints_one_after_the_other(tmp_path: Path) -> None:
    names = [module(tmp_path, text, f"m{n}_dev.py").name for n, text in enumerate(TEXTS)]
    only_run(tmp_path)
    alone, beside = (
        run("verify", "--no-cache", "--jobs", jobs, *names, cwd=tmp_path, stderr=subprocess.STDOUT)
        for jobs in ("1", "4")
    )
    assert SECONDS.sub("", alone.stdout) == SECONDS.sub("", beside.stdout)
    assert alone.returncode == beside.returncode and beside.stdout.count("verified") >= 4


def test_a_stop_ends_all_that_runs(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    told = [tmp_path / f"told{n}" for n in range(3)]
    for n, each in enumerate(told):
        module(tmp_path / "c", ENDLESS.format(told=str(each)), f"m{n}_dev.py")
    only_run(tmp_path / "c")
    process = subprocess.Popen(
        [*COMMAND, "verify", "--jobs", "3", *APART, "c"], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip
    children = [child for each in told for child in children_of(each)]
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + signal.SIGINT
    assert stderr == "error: stopped by SIGINT; every file is whole, the old or the new\n"
    assert list(temporary.iterdir()) == []
    assert len(children) == 6 and not any(map(alive, children))


def test_a_terminal_shows_what_takes_long_and_how_long(tmp_path: Path) -> None:
    for n in range(2):
        module(tmp_path, "# %%\nimport time\ntime.sleep(2.5)\n", f"m{n}_dev.py")
    only_run(tmp_path)
    shown = on_terminal("verify", "--no-cache", "--jobs", "2", cwd=tmp_path)
    assert re.search(r"\] 0/2 m[01]_dev\.py: direct execution [12] s\x1b\[K", shown.text)
    assert shown.returncode == 0 and shown.plain.count("verified: 1 passed") == 2
