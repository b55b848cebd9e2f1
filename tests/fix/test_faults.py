"""A full disk, a read-only folder, two runs at once: every file stays whole.

Files that others change meanwhile are in `tests/cli/test_fix.py`, kills in `test_killed.py`.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, DEFECTIVE, GUARDED, module, run, without_privileges
from tests.fix.forks import forks

FIX = ("fix", "--write", "--select", "RUN101", "--sandbox", "none")
FAST = (*FIX, "--no-verify")


def test_a_limit_of_file_size_leaves_the_old_files(tmp_path: Path) -> None:
    small, large = module(tmp_path, name="a_dev.py"), module(tmp_path, name="b_dev.py")
    large.write_text(DEFECTIVE + "# more\n" * 100)
    result = run(*FAST, cwd=tmp_path, preexec_fn=lambda: _limited(400))
    assert result.returncode == 2
    told = "error: b_dev.py: cannot be written (File too large); the file is as it was\n"
    assert result.stderr == told
    assert small.read_text() == GUARDED and large.read_text() == DEFECTIVE + "# more\n" * 100
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a_dev.py", "b_dev.py"]


def test_no_room_for_a_scratch_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    path = module(tmp_path / "c", DEFECTIVE + "# more\n" * 100)
    env = {"TMPDIR": str(tmp_path / "tmp")}
    result = run(*FIX, "c", cwd=tmp_path, env=env, preexec_fn=lambda: _limited(400))
    assert result.returncode == 2
    assert result.stderr == (
        f"error: {tmp_path}/tmp: no scratch folder can be made for running the module (File too "
        "large); make room there, or set TMPDIR to another folder\n"
    )
    assert path.read_text() == DEFECTIVE + "# more\n" * 100
    assert list((tmp_path / "tmp").iterdir()) == []


def _limited(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


# In a mount namespace of its own: a disk of 64 KiB, filled to the last page.
ON_A_FULL_DISK = """
set -e
mount -t tmpfs -o size=64k none disk
cp course/* disk/
cat /dev/zero > disk/filling 2>/dev/null || true
cd disk
"$@" || code=$?
rm filling
cd ..
cp -a disk/. after/
exit ${code:-0}
"""


def _apart() -> list[str]:
    """The command that gives another its own mounts: root's, or one for everybody."""
    own = ["unshare", "--mount"]
    for each in (own, [*own, "--user", "--map-root-user"]):
        probe = [*each, "mount", "-t", "tmpfs", "none", "/mnt"]
        if shutil.which("unshare") and not subprocess.run(probe, capture_output=True).returncode:
            return each
    pytest.skip("nothing can be mounted here: neither root nor user namespaces")


def test_a_full_disk_leaves_the_old_files(tmp_path: Path) -> None:
    apart = _apart()
    for name in ("disk", "after"):
        (tmp_path / name).mkdir()
    for number in range(3):
        module(tmp_path / "course", name=f"m{number}_dev.py")
    result = subprocess.run(
        [*apart, "sh", "-c", ON_A_FULL_DISK, "sh", *COMMAND, *FAST, "."],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stderr.count("\n")) == (2, 3), result.stderr
    for number, line in enumerate(result.stderr.splitlines()):
        why = "cannot be written (No space left on device); the file is as it was"
        assert line == f"error: m{number}_dev.py: {why}"
    after = {each.name: each.read_text() for each in (tmp_path / "after").iterdir()}
    assert after == {f"m{number}_dev.py": DEFECTIVE for number in range(3)}


def test_a_read_only_folder_is_told_and_the_others_are_written(tmp_path: Path) -> None:
    closed, opened = module(tmp_path / "a"), module(tmp_path / "b")
    closed.parent.chmod(0o555)
    result = run(*FAST, cwd=tmp_path, preexec_fn=without_privileges)
    closed.parent.chmod(0o755)
    assert result.returncode == 2
    assert result.stderr == (
        "error: a/sums_dev.py: its folder is read-only; nothing was changed; "
        "allow writing there: a file is replaced by a finished new one\n"
    )
    assert (closed.read_text(), opened.read_text()) == (DEFECTIVE, GUARDED)


def test_two_runs_that_want_the_same(tmp_path: Path) -> None:
    assert _two_runs(tmp_path, "RUN101", "RUN101") == ({GUARDED}, {0})


def test_two_runs_that_want_different_things(tmp_path: Path) -> None:
    other = _alone(tmp_path / "x", "NBG101")
    both = _alone(tmp_path / "x", "RUN101")
    texts, ends = _two_runs(tmp_path, "RUN101", "NBG101")
    assert texts <= {DEFECTIVE, GUARDED, other, both} and ends <= {0, 2}
    for codes in ("RUN101", "NBG101"):
        run(*FAST[:2], "--no-verify", "--select", codes, "c", cwd=tmp_path)
    assert {each.read_text() for each in (tmp_path / "c").iterdir()} == {both}


def _alone(folder: Path, codes: str) -> str:
    """A module after a run of its own (and the runs before it)."""
    path = folder / "sums_dev.py"
    if not path.exists():
        module(folder)
    run("fix", "--write", "--no-verify", "--select", codes, cwd=folder)
    return path.read_text()


def _two_runs(tmp_path: Path, first: str, second: str) -> tuple[set[str], set[int]]:
    """Both at once over 50 files: the texts that the files hold then, and the exit codes."""
    course = tmp_path / "c"
    paths = [module(course, name=f"m{number:02}_dev.py") for number in range(50)]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with forks(tmp_path / "one") as one, forks(tmp_path / "two") as two:
        for each, codes in ((one, first), (two, second)):
            arguments = ("fix", "--write", "--no-verify", "--select", codes, ".")
            each.start(*arguments, cwd=course, env=dict(os.environ))
        ends = {one.end(), two.end()}
        told = [line for each in (one, two) for line in each.told.read_text().splitlines()]
    errors = [line for line in told if "error" in line]
    assert all(": changed by someone else while modfix was at work; " in each for each in errors)
    assert bool(errors) is (2 in ends)
    assert sorted(course.iterdir()) == paths
    return {path.read_text() for path in paths}, ends
