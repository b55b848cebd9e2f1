"""Every command on every odd file: one line or none, an exit code that is designed, no loss."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from modfix.cli import main
from tests.hostile.measured import measured
from tests.hostile.odd_files import ODD

# The arguments around a name, and whether the command may change the file that is named.
COMMANDS: dict[str, tuple[tuple[str, ...], bool]] = {
    "check": (("check", "--no-cache", "{}"), False),
    "check as JSON": (("check", "--no-cache", "--output-format", "json", "{}"), False),
    "check of standard input": (("check", "-", "--stdin-filename", "{}"), False),
    "fix --diff": (("fix", "--diff", "--unsafe-fixes", "{}"), False),
    "fix --write": (("fix", "--write", "--no-verify", "--unsafe-fixes", "{}"), True),
    "fix of standard input": (("fix", "-", "--stdin-filename", "{}"), False),
    "release": (("release", "{}"), False),
    "release --output": (("release", "--output", "out", "{}"), False),
    "baseline": (("baseline", "{}"), False),
    "suppress": (("suppress", "--reason", "why", "{}"), True),
    "guard": (("guard", "--paths", "{}", "--", "true"), False),
    "config": (("config", "{}"), False),
}
# What starts the course's code costs a process or more for each file.
RUNNING: dict[str, tuple[tuple[str, ...], bool]] = {
    "verify": (("verify", "{}"), False),
    "fix --write, proven": (("fix", "--write", "{}"), True),
}
OUR_FILES = (".modfix-baseline.json", ".modfix_cache")


def arrange(folder: Path, name: str) -> tuple[Path, bytes | None]:
    """Make an odd file beside a configuration; its path, and its bytes if it is a plain file."""
    path = ODD[name](folder)
    (folder / "modfix.toml").write_text('[verify]\nsteps = ["run"]\ntimeout = 20\n')
    plain = path.is_file() and not path.is_symlink()
    return path, path.read_bytes() if plain else None


def judge(code: int, out: str, err: str, folder: Path) -> None:
    """Assert what holds of every command and every file."""
    assert "Traceback" not in out + err and "itself failed" not in err, err
    assert "rule-failed" not in out
    assert code in (0, 1, 2)
    if code == 2:
        lines = [line for line in err.splitlines() if line.strip()]
        assert lines and all(line.startswith("error:") for line in lines), err
    stray = [each.name for each in folder.glob(".modfix-*") if each.name not in OUR_FILES]
    assert stray == []


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("command", COMMANDS)
def test_in_process(
    command: str,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    arguments, writes = COMMANDS[command]
    path, before = arrange(tmp_path, name)
    monkeypatch.chdir(tmp_path)
    if "--stdin-filename" in arguments:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(before or b"")))
    with pytest.raises(SystemExit) as stopped:
        main([each.format(path.name) for each in arguments])
    out, err = capfd.readouterr()
    code = stopped.value.code or 0
    assert isinstance(code, int)
    judge(code, out, err, tmp_path)
    if before is not None and not writes:
        assert path.read_bytes() == before


@pytest.mark.long
@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("command", [*COMMANDS, *RUNNING])
def test_in_a_process_of_its_own(command: str, name: str, tmp_path: Path) -> None:
    arguments, writes = (COMMANDS | RUNNING)[command]
    path, before = arrange(tmp_path, name)
    result = measured([each.format(path.name) for each in arguments], tmp_path, patience=60)
    judge(result.code, result.out, result.err, tmp_path)
    if before is not None and not writes:
        assert path.read_bytes() == before
