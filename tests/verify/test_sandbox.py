"""What course code can reach inside a sandbox and without one, and which one is taken."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from modfix.errors import ModfixError
from modfix.verify.run import verify
from modfix.verify.sandbox import Sandbox, sandbox_for
from modfix.verify.verdict import StepResult
from tests.cli.running import module, only_run, run
from tests.verify.modules import needs_bwrap, settings, step, write

BWRAP = needs_bwrap()


def in_bwrap(tmp_path: Path, text: str, **table: object) -> StepResult:
    """A module directly executed in the sandbox."""
    return step(write(tmp_path / "course", text), "run", sandbox="bwrap", **table)


@pytest.fixture
def listener() -> Iterator[int]:
    """A port of this machine on which something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


CONNECTING = "import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=5)\n"


@BWRAP
def test_the_network_is_out_of_reach(tmp_path: Path, listener: int) -> None:
    result = in_bwrap(tmp_path, CONNECTING.format(port=listener))
    assert result.reason.startswith("ConnectionRefusedError")
    far = in_bwrap(tmp_path, "import socket\nsocket.create_connection(('192.0.2.1', 80))\n")
    assert far.reason == "OSError: [Errno 101] Network is unreachable"
    assert "the sandbox (bwrap) has no network; `--sandbox none`" in far.detail


def test_without_a_sandbox_the_network_is_there(tmp_path: Path, listener: int) -> None:
    text = CONNECTING.format(port=listener)
    assert step(write(tmp_path, text), "run", sandbox="none").outcome == "passed"


@BWRAP
def test_a_server_of_its_own_works(tmp_path: Path) -> None:
    text = """
        import socket
        server = socket.create_server(("127.0.0.1", 0))
        socket.create_connection(server.getsockname())
        assert socket.create_server(("localhost", 0))
    """
    assert in_bwrap(tmp_path, text).outcome == "passed"


# What it does to a file `there` of the source tree; none succeeds.
HARM = {
    "overwrites": "there.write_text('2')",
    "appends": "there.open('a').write('2')",
    "removes": "there.unlink()",
    "changes the mode": "there.chmod(0)",
    "renames": "there.rename(there.with_name('x'))",
    "writes beside": "there.with_name('new').write_text('2')",
    "links": "import os; os.link(there, there.with_name('new'))",
}


@BWRAP
@pytest.mark.parametrize("act", HARM.values(), ids=HARM)
def test_the_source_tree_is_read_only(act: str, tmp_path: Path) -> None:
    there = tmp_path / "course" / "data.txt"
    there.parent.mkdir()
    there.write_text("1")
    text = f"import pathlib\nthere = pathlib.Path({str(there)!r})\n{{}}\n"
    assert in_bwrap(tmp_path, text.format("assert there.read_text() == '1'")).outcome == "passed"
    before = there.stat()
    result = in_bwrap(tmp_path, text.format(act))
    assert result.reason.startswith("OSError: [Errno 30] Read-only file system"), result
    assert "lets the module write to its own folder" in result.detail
    after = there.stat()
    assert (there.read_text(), after.st_mode, after.st_mtime) == (
        "1", before.st_mode, before.st_mtime,
    )  # fmt: skip
    assert sorted(each.name for each in there.parent.iterdir()) == ["data.txt", "sums_dev.py"]


@BWRAP
def test_what_it_may_write(tmp_path: Path) -> None:
    text = """
        import pathlib, tempfile
        for folder in (".", "/tmp", "/var/tmp", "/dev/shm", tempfile.gettempdir(), pathlib.Path.home()):
            pathlib.Path(folder, "own").write_text("x")
        for folder in ("/", "/dev", "/run", "/etc", "/usr", "/proc/sys/kernel"):
            try:
                pathlib.Path(folder, "own").write_text("x")
            except OSError:
                continue
            if pathlib.Path(folder).is_dir():
                raise AssertionError(folder)
    """  # noqa: E501
    assert in_bwrap(tmp_path, text).outcome == "passed"
    assert not Path(tempfile.gettempdir(), "own").exists()


@BWRAP
def test_services_that_listen_in_shared_folders_are_hidden(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{folder}/socket")
        server.listen()
        text = "import socket\nsocket.socket(socket.AF_UNIX).connect({!r})\n"
        result = in_bwrap(tmp_path, text.format(f"{folder}/socket"))
    assert result.reason.startswith("FileNotFoundError")
    listing = "import os\nassert os.listdir('/run') == [], os.listdir('/run')"
    assert in_bwrap(tmp_path, listing).outcome == "passed"


@BWRAP
def test_it_sees_no_other_process_and_cannot_end_its_parent(tmp_path: Path) -> None:
    text = """
        import os, signal
        assert os.getppid() == 1
        assert sum(name.isdigit() for name in os.listdir("/proc")) == 2
        os.kill(1, signal.SIGKILL)
        os.kill(1, signal.SIGSTOP)
    """
    assert in_bwrap(tmp_path, text).outcome == "passed"


@BWRAP
def test_links_in_place_of_what_modfix_reads_lead_nowhere(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("1")
    text = f"""
        import os, pathlib, shutil
        control = pathlib.Path.home().parent / "control"
        shutil.rmtree(control)
        control.mkdir()
        for name in ("events.jsonl", "order.json", "ended.json", "stack.txt", "job.json"):
            (control / name).symlink_to({str(victim)!r})
    """
    assert in_bwrap(tmp_path, text).outcome == "failed"
    assert victim.read_text() == "1"


@BWRAP
def test_course_packages_in_hidden_folders_are_seen(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder, "pkg.py").write_text("x = 1\n")
        table = {"python-path": [folder]}
        assert in_bwrap(tmp_path, "import pkg\n", **table).outcome == "passed"


@BWRAP
def test_python_of_another_environment(tmp_path: Path) -> None:
    import venv

    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        venv.create(folder, symlinks=True, with_pip=False)
        result = in_bwrap(
            tmp_path, f"import sys\nassert sys.prefix == {folder!r}", python=f"{folder}/bin/python"
        )
    assert result.outcome == "passed", result


@BWRAP
def test_the_verdict_says_that_there_was_a_sandbox(tmp_path: Path) -> None:
    document = write(tmp_path, "x = 1")
    assert verify(document, settings(sandbox="bwrap"), only=["run"]).sandbox == "bwrap"
    assert verify(document, settings(), only=["run"]).sandbox == "bwrap"


def test_the_verdict_says_that_there_was_none(tmp_path: Path) -> None:
    document = write(tmp_path, "x = 1")
    assert verify(document, settings(sandbox="none"), only=["run"]).sandbox == "none"


# A `bwrap` on the PATH that does not work, as where namespaces are forbidden; or none.
UNUSABLE = {
    "absent": (None, "bubblewrap is not installed"),
    "forbidden": (
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n",
        "bubblewrap does not work here (No permissions to create new namespace)",
    ),
    "mute": ("#!/bin/sh\nexit 7\n", "bubblewrap does not work here (exit code 7)"),
    "no program": ("\x7f", "bubblewrap does not work here (Exec format error)"),
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="bubblewrap is for Linux only")
@pytest.mark.parametrize(("program", "why"), UNUSABLE.values(), ids=UNUSABLE)
def test_where_it_cannot_be_used(program: str | None, why: str, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    if program is not None:
        (tmp_path / "bin" / "bwrap").write_text(program)
        (tmp_path / "bin" / "bwrap").chmod(0o755)
    module(tmp_path, "# %%\nx = 1\n")
    only_run(tmp_path)
    env = {"PATH": str(tmp_path / "bin")}
    wanted = run("verify", "--sandbox", "bwrap", "sums_dev.py", cwd=tmp_path, env=env)
    assert (wanted.returncode, wanted.stderr) == (
        2,
        f"error: the sandbox `bwrap` cannot be used: {why}; "
        "install or allow bubblewrap, or choose `--sandbox auto` or `none`\n",
    )
    auto = run("verify", "sums_dev.py", cwd=tmp_path, env=env)
    assert (auto.returncode, auto.stderr) == (0, "")
    assert auto.stdout.splitlines()[-1] == f"verified: 1 passed (sandbox: none, {why})"


def test_the_command_line_counts_more_than_the_settings(tmp_path: Path) -> None:
    module(tmp_path)
    (tmp_path / "modfix.toml").write_text('[verify]\nsandbox = "none"\nsteps = ["run"]\n')
    given = run("verify", "sums_dev.py", cwd=tmp_path)
    assert given.stdout.endswith("verified: 1 passed (sandbox: none)\n")
    auto = run("fix", "--select", "RUN", "--sandbox", "auto", "sums_dev.py", cwd=tmp_path)
    assert f"running the repaired module (sandbox: {sandbox_for('auto')})\n" in auto.stdout


def test_an_unknown_sandbox_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModfixError, match="verify.sandbox"):
        settings(sandbox="docker")
    result = run("verify", "--sandbox", "docker", cwd=tmp_path)
    assert result.returncode == 2 and result.stderr.count("\n") == 1


def test_no_sandbox_is_no_command(tmp_path: Path) -> None:
    assert Sandbox().wrap(tmp_path) == []
    assert os.listdir(tmp_path) == []  # noqa: PTH208
