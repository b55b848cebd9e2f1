"""What real tools do to course modules, and what the guard makes of it."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbformat
import pytest

from modfix.document.directives import read_directives
from modfix.document.document import Document
from modfix.guard.advice import advice, tool_of
from tests.cli.running import COMMAND, without_privileges
from tests.cli.running import run as run_modfix
from tests.generated import generated, library_files

BIN = Path(sys.executable).parent
ENV = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


def flags(grade_id: str, **values: object) -> str:
    base = {"grade": False, "grade_id": grade_id, "locked": False, "schema_version": 3}
    return json.dumps({**base, "solution": False, "task": False, **values})


SCRIPT = f"""\
# %% nbgrader={flags("imports", locked=True)}
#| default_exp core
#| export
import os,sys
__all__ = ["f"]

# %% [markdown]
# Some text

# %% nbgrader={flags("f", solution=True)} tags=["a"]
#| export
def f(x):
    ### BEGIN SOLUTION
    return sys.path+[ x ]
    ### END SOLUTION

# %% nbgrader={flags("test-f", grade=True, locked=True, points=1)}
assert f(1)[-1]==1
### BEGIN HIDDEN TESTS
assert f(2)[-1]==2
### END HIDDEN TESTS

# %%
#|eval: false
print( os.name )
"""
FORMATTED = SCRIPT
for ugly, pretty in (("os,sys", "os, sys"), ("+[ x ]", " + [x]"), ("( os.name )", "(os.name)")):
    FORMATTED = FORMATTED.replace(ugly, pretty).replace("]==", "] == ")


def run(*command: str, cwd: Path, **options: object) -> subprocess.CompletedProcess[str]:
    return run_modfix("guard", *command, cwd=cwd, env=ENV, **options)


def notebook_of(script: str) -> str:
    text: str = nbformat.writes(jupytext.reads(script, fmt="py:percent"))
    return text


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "m.py"
    path.write_text(SCRIPT)
    return path


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "m.ipynb"
    path.write_text(notebook_of(SCRIPT))
    return path


def without_blank_lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def test_black_formats_and_directives_stay(script: Path) -> None:
    result = run("--", "black", "-q", ".", cwd=script.parent)
    assert (result.returncode, result.stdout) == (0, "")
    assert without_blank_lines(script.read_text()) == without_blank_lines(FORMATTED)
    lines = result.stderr.splitlines()
    assert len(lines) == 4
    assert lines[1] == (
        "guard: m.py:3: cell 0 `imports`: `#| export` became `# | export`; restored; to prevent "
        "it: black has no setting for it: use `ruff format`, or exclude the file"
    )
    again = run("--", "black", "-q", ".", cwd=script.parent)
    assert again.returncode == 0 and len(again.stderr.splitlines()) == 4


def test_ruff_format_damages_nothing(script: Path, notebook: Path) -> None:
    result = run("--", "ruff", "format", "-q", ".", cwd=script.parent)
    assert (result.returncode, result.stderr) == (0, "")
    assert without_blank_lines(script.read_text()) == without_blank_lines(FORMATTED)
    assert "sys.path + [x]" in notebook.read_text()


def cleaned_by_nbdev(folder: Path) -> list[str]:
    """`nbdev-clean` where it is installed; else what its `clean.clean_cell` does to metadata.

    (nbdev 3 brings some fifteen packages; it was measured by hand: both do the same.)
    """
    if shutil.which("nbdev-clean"):
        return ["nbdev-clean", "--fname", "m.ipynb"]
    program = folder / "nbdev_clean"
    program.write_text(
        f"#!{sys.executable}\n"
        "import json, pathlib\n"
        "path = pathlib.Path('m.ipynb')\n"
        "notebook = json.loads(path.read_text())\n"
        "for cell in notebook['cells']:\n"
        "    kept = {k: v for k, v in cell['metadata'].items() if k == 'hide_input'}\n"
        "    cell['metadata'] = kept\n"
        "    if cell['cell_type'] == 'code':\n"
        "        cell['execution_count'] = None\n"
        "path.write_text(json.dumps(notebook, sort_keys=True, indent=1, ensure_ascii=False))\n"
    )
    program.chmod(0o755)
    return ["./nbdev_clean"]


CLEANERS: list[tuple[Callable[[Path], list[str]], str]] = [
    (lambda _: ["nb-clean", "clean", "m.ipynb"], "--preserve-cell-metadata-field nbgrader"),
    (cleaned_by_nbdev, "allowed_cell_metadata_keys"),
]


@pytest.mark.parametrize(("cleaner", "setting"), CLEANERS, ids=["nb-clean", "nbdev-clean"])
def test_metadata_survive_cleaning_and_outputs_do_not(
    cleaner: Callable[[Path], list[str]], setting: str, notebook: Path
) -> None:
    whole = json.loads(notebook.read_text())
    for number, cell in enumerate(whole["cells"]):
        cell["metadata"]["scrolled"] = True
        if cell["cell_type"] == "code":
            cell["execution_count"] = number + 1
    notebook.write_text(json.dumps(whole, indent=1) + "\n")
    result = run("--", *cleaner(notebook.parent), cwd=notebook.parent)
    assert result.returncode == 0, result.stderr
    now = json.loads(notebook.read_text())
    kept = [cell["metadata"].get("nbgrader") for cell in now["cells"]]
    assert kept == [cell["metadata"].get("nbgrader") for cell in whole["cells"]]
    assert now["cells"][2]["metadata"]["tags"] == ["a"]
    assert not any("scrolled" in cell["metadata"] for cell in now["cells"])
    assert all(cell.get("execution_count") is None for cell in now["cells"])
    lines = result.stderr.splitlines()
    assert len(lines) == 4 and all(setting in line for line in lines)
    assert "cell 0 `imports`: its `nbgrader` metadata is gone; restored" in lines[0]


def test_a_sync_that_filters_metadata_leaves_them_in_the_script(tmp_path: Path) -> None:
    head = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n\n"
    (tmp_path / "m.py").write_text(head + SCRIPT)
    whole = json.loads(notebook_of(head + SCRIPT))
    whole["metadata"]["jupytext"]["cell_metadata_filter"] = "-all"
    (tmp_path / "m.ipynb").write_text(json.dumps(whole, indent=1) + "\n")
    os.utime(tmp_path / "m.py", (1, 1))
    result = run("--", "jupytext", "--sync", "-q", "m.ipynb", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "m.py:" in result.stderr and "cell_metadata_filter: all" in result.stderr
    markers = [line for line in SCRIPT.split("\n") if line.startswith("# %%")]
    text = (tmp_path / "m.py").read_text()
    assert [line for line in text.split("\n") if line.startswith("# %%")] == markers


MOVED = """\
# %%
#| export
import sys
import os

# %%
### BEGIN SOLUTION
import json
import abc
### END SOLUTION
print(sys, os, json, abc)
"""
USED = """\
# %%
import math

# %%
# %timeit math.sqrt(2)
x = 1
"""
UNDONE = [
    (["isort", "-q", "m.py"], MOVED, "`sys` was moved to cell 1", "isort: skip_file"),
    (
        ["autoflake", "-i", "--remove-all-unused-imports", "m.py"],
        USED,
        "`math` is gone, and cell 1 needs it",
        "# noqa",
    ),
    (
        ["ruff", "check", "-q", "--select", "F401", "--fix", "m.py"],
        USED,
        "`math` is gone, and cell 1 needs it",
        'unfixable = ["F401"]',
    ),
    (["sed", "-i", "/END SOLUTION/d", "m.py"], SCRIPT, "`### END SOLUTION` is gone", "keep `sed`"),
    (["sed", "-i", "/HIDDEN/d", "m.py"], SCRIPT, "BEGIN HIDDEN TESTS` is gone", "keep `sed`"),
    (["sed", "-i", "s/^# %%.*//", "m.py"], SCRIPT, "this cell is gone", "keep `sed`"),
    (["sed", "-i", "s/def f/def g/", "m.py"], SCRIPT, "`f` is gone, and cell 3 needs it", ""),
    (["sed", "-i", "s/return /return (/", "m.py"], SCRIPT, "no longer parses", ""),
    (["sed", "-i", "s/ = ..f..$/ = []/", "m.py"], SCRIPT, "no longer names `f`", ""),
    (["sed", "-i", "s/.markdown.//", "m.py"], SCRIPT, "code now, it was markdown", ""),
    (["truncate", "-s", "0", "m.py"], SCRIPT, "this cell is gone", "keep `truncate`"),
    (
        ["sh", "-c", "printf '\\0' > m.py"],
        SCRIPT,
        "can no longer be read as a module",
        "keep the command from this file",
    ),
]


@pytest.mark.parametrize(("command", "text", "what", "setting"), UNDONE)
def test_what_cannot_be_put_back_is_undone_whole(
    command: list[str], text: str, what: str, setting: str, tmp_path: Path
) -> None:
    path = tmp_path / "m.py"
    path.write_text(text)
    (tmp_path / "other.py").write_text("# %%\ny = 2\n")
    result = run("--", *command, cwd=tmp_path)
    assert result.returncode == 1, result.stderr
    assert path.read_text() == text
    line = next(line for line in result.stderr.splitlines() if what in line)
    assert "the file's change was undone; to prevent it: " in line and setting in line


@pytest.mark.parametrize(
    ("command", "tool"),
    [
        (["black", "."], "black"),
        (["/usr/bin/my_tool", "m.py"], "my_tool"),
        (["python3", "-m", "black", "."], "black"),
        (["env", "X=1", "uv", "run", "isort", "."], "isort"),
        (["bash", "tidy.sh"], "tidy.sh"),
        (["sh", "-c", "black -q ."], "black"),
        (["bash", "-euc", "nbdev_clean --fname ."], "nbdev_clean"),
        (["sh", "-c", "isort . && black ."], ""),
        (["sh", "-c", "printf x > m.py"], ""),
        (["sh", "-c", "it's"], ""),
        (["sh", "-c"], ""),
        (["python", "-c", "open('m.py', 'w')"], ""),
        (["python", "-"], "python"),
    ],
)
def test_which_tool_a_command_runs(command: list[str], tool: str) -> None:
    assert tool_of(command) == tool


def test_the_setting_of_a_tool_is_named_behind_a_shell_too() -> None:
    behind = advice(["sh", "-c", "nbdev_clean"], "metadata")
    assert behind == advice(["nbdev_clean"], "metadata") != advice(["other"], "metadata")


KEPT = [
    (["sed", "-i", "s/^#|.*//", "m.py"], "`#|eval: false` is gone; restored"),
    (["sed", "-i", "s/, .solution.: true//", "m.py"], "its `nbgrader` metadata is changed"),
    (["sed", "-i", "s/ tags=..a..$//", "m.py"], "its `tags` metadata is gone"),
    (["sed", "-i", "s/^# %% nbgrader.*/# %%/", "m.py"], "its `nbgrader` metadata is gone"),
]


@pytest.mark.parametrize(("command", "what"), KEPT)
def test_what_is_unambiguous_is_restored(command: list[str], what: str, script: Path) -> None:
    result = run("--", *command, cwd=script.parent)
    assert result.returncode == 0 and what in result.stderr
    assert without_blank_lines(script.read_text()) == without_blank_lines(SCRIPT)
    whole = run("--undo", "--", *command, cwd=script.parent)
    assert whole.returncode == 1 and script.read_text().count("#| export") == 2


def test_directives_that_an_import_was_sorted_over_go_to_the_top_again(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("# %%\n#| export\nimport sys\n\n# %%\nx = sys\n")
    text = "# %%\nimport abc\n#| export\nimport sys\n\n# %%\nx = sys\n"
    (tmp_path / "sorted").write_text(text)
    result = run("--", "cp", "sorted", "m.py", cwd=tmp_path)
    assert result.returncode == 0 and "no longer stands at the top" in result.stderr
    now = (tmp_path / "m.py").read_text()
    assert now == "# %%\n#| export\nimport abc\nimport sys\n\n# %%\nx = sys\n"


def test_sorters_and_formatters_leave_every_module_whole(tmp_path: Path) -> None:
    rng, texts = random.Random(4), {}
    for number, path in enumerate(rng.sample(library_files()[:200], 6)):
        if text := generated(path, rng):
            texts[tmp_path / f"m{number}.py"] = text
            (tmp_path / f"m{number}.py").write_text(text)
    result = run("--", "sh", "-c", "isort -q . && black -q .", cwd=tmp_path)
    assert result.returncode == 1 and "restored" in result.stderr
    for path, text in texts.items():
        before, now = (Document.from_bytes(path, t.encode()) for t in (text, path.read_text()))
        for mine, their in zip(before.cells, now.cells, strict=True):
            assert (mine.kind, mine.metadata) == (their.kind, their.metadata)
            directives = [[d.name for d in read_directives(c.source)] for c in (mine, their)]
            assert directives[0] == directives[1] and "# |" not in their.source


def test_an_unused_import_may_go(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("# %%\n#| export\nimport os\nimport sys\n\n# %%\nx = sys\n")
    result = run("--", "autoflake", "-i", "--remove-all-unused-imports", "m.py", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "import os" not in (tmp_path / "m.py").read_text()


def test_streams_and_exit_code_are_the_command_s_own(script: Path) -> None:
    command = "cat; echo out; echo err >&2; exit 7"
    result = run("--", "sh", "-c", command, cwd=script.parent, input="in\n")
    assert (result.stdout, result.stderr, result.returncode) == ("in\nout\n", "err\n", 7)
    assert run("--", "sh", "-c", "kill -9 $$", cwd=script.parent).returncode == 137
    assert run("sh", "-c", "exit 3", cwd=script.parent).returncode == 3


FILES = [
    ("rm m.py", "guard: m.py: the command deleted it\n"),
    ("mv m.py n.py", "guard: m.py: the command renamed it to n.py\n"),
    ("cp m.py n.py", "guard: n.py: the command created it\n"),
]


@pytest.mark.parametrize(("command", "told"), FILES)
def test_files_that_come_and_go_are_told(command: str, told: str, script: Path) -> None:
    result = run("--", *command.split(), cwd=script.parent)
    assert (result.returncode, result.stderr) == (0, told)


USAGE = [
    ([], "error: which command? none is given"),
    (["--", "no-such-tool"], "error: no such command `no-such-tool`"),
    (["--", "./m.py"], "error: `./m.py` cannot be run: Permission denied"),
    (["--paths", "gone", "--", "true"], "error: gone: no such file or folder"),
    (["--pathz", "x", "--", "true"], "error: no such option `--pathz`"),
]


@pytest.mark.parametrize(("arguments", "told"), USAGE)
def test_wrong_usage_is_one_line(arguments: list[str], told: str, script: Path) -> None:
    result = run(*arguments, cwd=script.parent)
    assert result.returncode == 2 and result.stderr.startswith(told)
    assert result.stderr.count("\n") == 1


def test_only_the_paths_are_guarded(script: Path) -> None:
    (script.parent / "b").mkdir()
    other = script.parent / "b" / "n.py"
    other.write_text(SCRIPT)
    run("--paths", "b", "--", "black", "-q", ".", cwd=script.parent)
    assert "# | export" in script.read_text() and "#| export" in other.read_text()


def test_what_cannot_be_written_is_an_error_and_the_others_are_mended(script: Path) -> None:
    other = script.parent / "n" / "n.py"
    other.parent.mkdir()
    other.write_text(SCRIPT)
    command = "sed -i 's/^#|/# |/' m.py n/n.py; chmod a-w n"
    result = run("--", "sh", "-c", command, cwd=script.parent, preexec_fn=without_privileges)
    assert result.returncode == 2 and "n/n.py: cannot be written" in result.stderr
    assert script.read_text() == SCRIPT


def start(folder: Path, temporary: Path) -> subprocess.Popen[str]:
    """A guard whose command damages a file, says so and stays."""
    program = "sed -i 's/^#|/# |/' m.py; echo done; exec sleep 60"
    process = subprocess.Popen(
        [*COMMAND, "guard", "--", "sh", "-c", program],
        cwd=folder,
        env={**os.environ, **ENV, "TMPDIR": str(temporary)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "done\n"
    return process


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tmp")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_who_stops_the_guard_stops_the_command_and_files_are_mended(
    number: signal.Signals, script: Path, temporary: Path
) -> None:
    process = start(script.parent, temporary)
    process.send_signal(number)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 128 + number and "restored" in told
    assert script.read_text() == SCRIPT
    assert list(temporary.iterdir()) == []


def test_a_killed_guard_leaves_what_was_before(script: Path, temporary: Path) -> None:
    process = start(script.parent, temporary)
    process.kill()
    process.wait()
    os.killpg(process.pid, signal.SIGKILL)
    assert script.read_text() == SCRIPT.replace("#|", "# |")  # what the command itself did
    (copy,) = temporary.rglob("m.py")
    assert copy.read_text() == SCRIPT
    environment = {"env": {**ENV, "TMPDIR": str(temporary)}}
    again = run_modfix("guard", "--", "true", cwd=script.parent, **environment)
    assert again.returncode == 0 and f"are in {copy.parents[len(script.parts) - 2]}" in again.stderr
    assert copy.exists()


def test_what_a_killed_guard_was_writing_is_cleared_up(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("# %%\nx = 1\n")
    (tmp_path / ".modfix-killed.tmp").write_text("half")
    result = run_modfix("guard", "--", sys.executable, "-c", "", cwd=tmp_path)
    assert (result.returncode, sorted(each.name for each in tmp_path.glob(".modfix-*"))) == (0, [])
