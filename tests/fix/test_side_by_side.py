"""Repairs of modules in different folders are proven side by side, told and written in order."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, DEFECTIVE, GUARDED, module, only_run, run
from tests.cli.test_stopping import APART, ENDLESS, PATIENCE, alive, children_of

SECONDS = re.compile(r" +\d+\.\d s|/\S*/(one|four)/")
FIX = ("fix", "--write", "--select", "RUN", "--no-cache", *APART)
# It does not run any more once it is repaired: the repair is refused.
SELF_SEEING = (
    DEFECTIVE
    + '\n# %%\nassert "__na" + "me__" not in open(__file__).read().split("SE" + "LF")[0]\n'
)
COURSE = {
    "a/slow_dev.py": DEFECTIVE + "\n# %%\nimport time\ntime.sleep(1.5)\n",
    "b/refused_dev.py": SELF_SEEING,
    "c/whole_dev.py": GUARDED,
    "d/sums_dev.py": DEFECTIVE,
    "d/more_dev.py": DEFECTIVE,
    "e/broken.ipynb": "{",
    "f/failing_dev.py": DEFECTIVE + "\n# %%\n1 / 0\n",
    "g/sums_dev.py": DEFECTIVE,
}
# Waits for the other one, which it would do for ever if that came after it.
MEETING = """\
# %%
import pathlib, time
pathlib.Path({own!r}).touch()
until = time.monotonic() + {patience}
while not pathlib.Path({other!r}).exists():
    assert time.monotonic() < until
    time.sleep(0.02)

"""
# Fails where another one of the folder runs at the same time.
ALONE = """\
# %%
import pathlib, time
mark = pathlib.Path({mark!r})
mark.mkdir()
time.sleep(0.3)
mark.rmdir()

"""


@pytest.mark.parametrize("command", [FIX, ("check", "--fix", *FIX[2:])], ids=["fix", "check"])
def test_it_says_and_writes_what_it_does_one_after_the_other(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    shown, written = [], []
    for name, jobs in (("one", "1"), ("four", "4")):
        course = tmp_path / name
        for path, text in COURSE.items():
            module(course, text, path)
        only_run(course)
        done = run(*command, "--jobs", jobs, *COURSE, "h/missing_dev.py", cwd=course)
        shown.append([SECONDS.sub("", each) for each in (done.stdout, done.stderr)])
        shown[-1].append(str(done.returncode))
        written.append({path: (course / path).read_text() for path in COURSE})
    assert shown[0] == shown[1] and written[0] == written[1]
    text = "".join(shown[1])
    assert "missing_dev.py: no such file" in text and "makes `direct execution` fail" in text
    assert written[1]["g/sums_dev.py"] == GUARDED and written[1]["b/refused_dev.py"] == SELF_SEEING


def test_proofs_run_at_the_same_time(tmp_path: Path) -> None:
    marks = [str(tmp_path / f"mark{n}") for n in range(2)]
    paths = [
        module(
            tmp_path / f"c{n}",
            MEETING.format(own=marks[n], other=marks[1 - n], patience=PATIENCE) + DEFECTIVE,
        )
        for n in range(2)
    ]
    only_run(tmp_path)
    shown = run(*FIX, "--jobs", "2", "c0", "c1", cwd=tmp_path)
    assert shown.returncode == 0, shown.stdout
    assert all(path.read_text().endswith(GUARDED) for path in paths)


def test_modules_of_one_folder_wait_for_each_other(tmp_path: Path) -> None:
    text = ALONE.format(mark=str(tmp_path / "mark")) + DEFECTIVE
    paths = [module(tmp_path / "c", text, f"m{n}_dev.py") for n in range(3)]
    only_run(tmp_path)
    assert run(*FIX, "--jobs", "4", "c", cwd=tmp_path).returncode == 0
    assert all(path.read_text().endswith(GUARDED) for path in paths)


def test_a_stop_ends_all_proofs(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    told = [tmp_path / f"told{n}" for n in range(3)]
    paths = [
        module(tmp_path / f"c{n}", ENDLESS.format(told=str(each)) + DEFECTIVE)
        for n, each in enumerate(told)
    ]
    before = [path.read_text() for path in paths]
    only_run(tmp_path)
    process = subprocess.Popen(
        [*COMMAND, *FIX, "--jobs", "3", "c0", "c1", "c2"], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip
    children = [child for each in told for child in children_of(each)]
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + signal.SIGINT
    assert stderr == "error: stopped by SIGINT; every file is whole, the old or the new\n"
    assert [path.read_text() for path in paths] == before
    assert list(temporary.iterdir()) == []
    assert len(children) == 6 and not any(map(alive, children))
