"""Where the command runs and what its output goes to: pipes, terminals, encodings, folders."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, DEFECTIVE, course_rule, module, run

ESCAPE = "\x1b["
CHECK = ("check", "--select", "RUN", "sums_dev.py")
DIFF = ("fix", "--diff", "--select", "RUN", "sums_dev.py")
SMILING = DEFECTIVE.replace(
    "test_double()\n", "test_double()  # \N{SLIGHTLY SMILING FACE} \u00fc\n"
)
NAMED = (
    'def check(self, module):\n    yield self.at(module.document.cells[0], "\\U0001F642 \\u00fc")'
)


def on_a_terminal(*arguments: str, cwd: Path, **env: str) -> str:
    """The output of the command on a pseudo-terminal."""
    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    process = subprocess.Popen(
        [*COMMAND, *arguments], cwd=cwd, stdout=theirs, stderr=theirs, stdin=theirs,
        env={**environment, "TERM": "xterm", **env},
    )  # fmt: skip
    os.close(theirs)
    chunks = []
    while chunk := _read(ours):
        chunks.append(chunk)
    os.close(ours)
    process.wait()
    return b"".join(chunks).decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux: the other side is closed
        return b""


@pytest.mark.parametrize(
    ("arguments", "env", "coloured"),
    [
        (CHECK, {}, True),
        (CHECK, {"NO_COLOR": "1"}, False),
        (("check", "nowhere.py"), {"NO_COLOR": "1"}, False),
        (DIFF, {}, True),
        (DIFF, {"NO_COLOR": "1"}, False),
    ],
)
def test_a_terminal_gets_colours_unless_it_wants_none(
    arguments: tuple[str, ...], env: dict[str, str], coloured: bool, tmp_path: Path
) -> None:
    module(tmp_path)
    output = on_a_terminal(*arguments, cwd=tmp_path, **env)
    assert len(output) > 20
    assert (ESCAPE in output) is coloured


def test_a_pipe_gets_no_colours(tmp_path: Path) -> None:
    module(tmp_path)
    result = run(*CHECK, "nowhere.py", cwd=tmp_path)
    assert "RUN101" in result.stdout and ESCAPE not in result.stdout + result.stderr


def test_a_reader_who_has_read_enough_sees_no_traceback(tmp_path: Path) -> None:
    module(tmp_path)
    many = "def found(self, module, cell):\n    yield from [self.at(cell, 'much')] * 5000"
    result = subprocess.run(
        f"{' '.join(COMMAND)} check --select ZZZ sums_dev.py | head -n 1",
        env={**os.environ, **course_rule(tmp_path, "ZZZ101", many)},
        shell=True, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (result.stdout, result.stderr) == ("sums_dev.py:1:1 ZZZ101 much\n", "")


@pytest.mark.parametrize(
    ("redirected", "code", "stderr"),
    [
        (">&-", 1, ""),
        ("2>&-", 1, ""),
        ("<&- >&- 2>&-", 1, ""),
        (">/dev/full", 2, "error: the system refused: No space left on device\n"),
    ],
)
def test_streams_that_are_closed_or_full(
    redirected: str, code: int, stderr: str, tmp_path: Path
) -> None:
    path = module(tmp_path)
    result = subprocess.run(
        f"{' '.join(COMMAND)} {' '.join(CHECK)} {redirected}",
        shell=True, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stderr) == (code, stderr)
    assert path.read_text() == DEFECTIVE


def test_closed_streams_do_not_end_up_in_a_module(tmp_path: Path) -> None:
    path = module(tmp_path)
    command = f"{' '.join(COMMAND)} fix --write --no-verify --select RUN sums_dev.py"
    subprocess.run(f"{command} <&- >&- 2>&-", shell=True, cwd=tmp_path, check=True)
    assert path.read_text().endswith('if __name__ == "__main__":\n    test_double()\n')
    assert [each.name for each in tmp_path.iterdir()] == ["sums_dev.py"]


ENCODINGS = [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
             {"PYTHONIOENCODING": "ascii"}]  # fmt: skip


@pytest.mark.parametrize("env", ENCODINGS, ids=str)
def test_output_that_has_no_emoji_replaces_them_in_messages(
    env: dict[str, str], tmp_path: Path
) -> None:
    module(tmp_path)
    env = {**env, **course_rule(tmp_path, "ZZZ101", NAMED)}
    shown = run("check", "--select", "ZZZ", "sums_dev.py", cwd=tmp_path, env=env)
    assert shown.returncode == 1 and shown.stderr == ""
    assert shown.stdout.startswith(
        ("sums_dev.py:1:1 ZZZ101 \N{SLIGHTLY SMILING FACE} \u00fc\n",
         "sums_dev.py:1:1 ZZZ101 \\U0001f642 \\xfc\n")
    )  # fmt: skip


def test_json_is_ascii(tmp_path: Path) -> None:
    module(tmp_path)
    env = {"PYTHONIOENCODING": "ascii", **course_rule(tmp_path, "ZZZ101", NAMED)}
    result = run("check", "--select", "ZZZ", "--output-format", "json", "sums_dev.py",
                 cwd=tmp_path, env=env)  # fmt: skip
    assert result.stdout.isascii()
    assert json.loads(result.stdout)[0]["message"] == "\N{SLIGHTLY SMILING FACE} \u00fc"


@pytest.mark.parametrize("env", ENCODINGS[1:], ids=str)
def test_a_diff_is_bytes_whatever_the_output_can_say(env: dict[str, str], tmp_path: Path) -> None:
    module(tmp_path, SMILING)
    result = run(*DIFF, cwd=tmp_path, env=env, text=False)
    assert result.returncode == 1 and result.stderr == b""
    assert "\n-test_double()  # \N{SLIGHTLY SMILING FACE} \u00fc\n".encode() in result.stdout


@pytest.mark.parametrize("named", ["../c/sums_dev.py", "{folder}/sums_dev.py", "../c", "{folder}"])
def test_another_current_folder(named: str, tmp_path: Path) -> None:
    path = module(tmp_path / "c")
    (tmp_path / "c" / "modfix.toml").write_text("select = ['RUN']\n")
    (tmp_path / "elsewhere").mkdir()
    named = named.format(folder=path.parent)
    result = run("check", named, cwd=tmp_path / "elsewhere")
    shown = named if named.endswith(".py") else f"{named}/sums_dev.py"
    assert result.stdout.startswith(f"{shown}:10:1 RUN101 ")
    assert result.stdout.endswith(
        "Found 1 error in 1 module (1 fixable with `modfix fix --write`).\n"
    )
