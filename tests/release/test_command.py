"""`modfix release` as people use it: what it shows, writes and refuses to write."""

from __future__ import annotations

import json
from pathlib import Path

import jupytext
import nbformat
import pytest

from tests.cli.running import module, run
from tests.verify.test_grades import ADD, GOOD, TEST, cell

HIDDEN = ADD + cell(
    "test-add",
    TEST,
    "assert add(1, 2) == 3\n# BEGIN HIDDEN TESTS\nassert add(2, 2) == 4\n# END HIDDEN TESTS",
)


def test_without_an_output_it_shows_and_writes_nothing(tmp_path: Path) -> None:
    path = module(tmp_path, HIDDEN)
    before = path.read_bytes()
    result = run("release", ".", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == (
        "sums_dev.py\n"
        "  solutions cleared      1 region in 1 cell (1 line)\n"
        "  cells blanked          none\n"
        "  hidden tests removed   1 region in 1 cell\n"
        "  mark schemes removed   none\n"
        "  points by tests        4 in 1 cell\n"
        "  points by hand         none\n"
        "  releasable\n"
    )
    assert [each.name for each in tmp_path.iterdir()] == ["sums_dev.py"]
    assert path.read_bytes() == before


def test_the_diff_is_what_is_taken_from_the_students(tmp_path: Path) -> None:
    module(tmp_path, HIDDEN)
    lines = run("release", ".", "--diff", cwd=tmp_path).stdout.split("\n")
    gone = [line for line in lines if line.startswith("-")]
    assert "-    return a + b" in gone and "-assert add(2, 2) == 4" in gone
    assert "+    raise NotImplementedError()" in lines


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (("--output", "student.py"), "student.py"),
        (("--output", "student.ipynb"), "student.ipynb"),
        (("--output", "students"), "students/part/sums_dev.py"),
        (("--output", "students/", "--to", "ipynb"), "students/part/sums_dev.ipynb"),
    ],
)
def test_it_writes_where_it_is_told(
    arguments: tuple[str, ...], written: str, tmp_path: Path
) -> None:
    module(tmp_path, HIDDEN, name="course/part/sums_dev.py")
    result = run("release", "course", *arguments, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith(f"  written to {written}\n")
    path = tmp_path / written
    sources = [each.source for each in jupytext.read(path, fmt=_format(path)).cells]
    assert sources == [
        "def add(a, b):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
        "assert add(1, 2) == 3",
    ]
    if path.suffix == ".ipynb":
        nbformat.validate(json.loads(path.read_text()))


def _format(path: Path) -> str:
    return "ipynb" if path.suffix == ".ipynb" else "py:percent"


def test_scripts_keep_their_line_ends_and_encoding(tmp_path: Path) -> None:
    path = tmp_path / "sums_dev.py"
    text = f"# -*- coding: latin-1 -*-\n# %%\nname = 'é'\n\n{HIDDEN}".replace("\n", "\r\n")
    path.write_bytes(text.encode("latin-1"))
    assert run("release", path, "--output", "out.py", cwd=tmp_path).returncode == 0
    data = (tmp_path / "out.py").read_bytes()
    assert "name = 'é'".encode("latin-1") in data and data.count(b"\n") == data.count(b"\r\n")


REFUSED = [
    (("--output", "sums_dev.py"), "sums_dev.py: this is the instructor's own file"),
    (("--output", "."), "--output: the output is the current folder"),
    (("--output", "there.py"), "there.py: this file exists; nothing was written; `--force`"),
    (("--output", "there.ipynb", "--to", "py"), "--output there.ipynb: --to asks for `.py`"),
    (("--force",), "--force and --to are for --output"),
    (("--output", "sums_dev.py/x.py"), "sums_dev.py/x.py: cannot be written"),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_it_overwrites_nothing(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    path = module(tmp_path, GOOD)
    (tmp_path / "there.py").write_text("mine")
    before = path.read_bytes()
    result = run("release", "sums_dev.py", *arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith(f"error: {said}"), result.stderr
    assert path.read_bytes() == before and (tmp_path / "there.py").read_text() == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["sums_dev.py", "there.py"]


def test_force_replaces_an_earlier_release(tmp_path: Path) -> None:
    module(tmp_path, GOOD)
    (tmp_path / "out.py").write_text("earlier")
    result = run("release", "sums_dev.py", "--output", "out.py", "--force", cwd=tmp_path)
    assert result.returncode == 0 and "YOUR CODE HERE" in (tmp_path / "out.py").read_text()


def test_several_modules_need_a_folder_and_places_of_their_own(tmp_path: Path) -> None:
    module(tmp_path, GOOD, name="a/sums_dev.py")
    module(tmp_path, GOOD, name="b/sums_dev.py")
    one = run("release", ".", "--output", "out.ipynb", cwd=tmp_path)
    assert one.returncode == 2 and "2 modules and one file to write them to" in one.stderr
    same = run("release", "a", "b", "--output", "out", cwd=tmp_path)
    assert same.returncode == 2 and "would be one file" in same.stderr
    apart = run("release", ".", "--output", "out", cwd=tmp_path)
    assert apart.returncode == 0
    assert (tmp_path / "out/a/sums_dev.py").is_file() and (tmp_path / "out/b/sums_dev.py").is_file()


def test_a_release_that_is_held_back_is_not_written(tmp_path: Path) -> None:
    module(tmp_path, GOOD.replace("    ### END SOLUTION\n", ""))
    result = run("release", "sums_dev.py", "--output", "out.py", cwd=tmp_path)
    assert result.returncode == 1 and not (tmp_path / "out.py").exists()
    first = result.stdout.split("\n")[0]
    assert first == (
        "sums_dev.py:3:5 refused ClearSolutions: no end solution statement found; "
        "write its END marker below the region"
    )
    assert "  not releasable: 1 refusal of nbgrader\n" in result.stdout


def test_strict_holds_back_for_warnings(tmp_path: Path) -> None:
    text = GOOD + "\n# %%\n# answer: return a + b or so\n" + cell("x", TEST, "assert math")
    module(tmp_path, "# %%\nx = 1\n" + text + cell("i", {**TEST, "grade": False, "locked": False,
           "solution": True}, "import math"))  # fmt: skip
    loose = run("release", "sums_dev.py", cwd=tmp_path)
    assert loose.returncode == 0 and "releasable: 1 warning" in loose.stdout, loose.stdout
    assert run("release", "sums_dev.py", "--strict", cwd=tmp_path).returncode == 1


def test_what_cannot_be_read_is_told_and_the_others_are_released(tmp_path: Path) -> None:
    module(tmp_path, GOOD)
    (tmp_path / "broken.ipynb").write_text("{")
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": []}]}
    (tmp_path / "old.ipynb").write_text(json.dumps(old))
    result = run("release", ".", cwd=tmp_path)
    assert result.returncode == 2
    assert "a notebook of format 3 cannot be released" in result.stderr
    assert "broken.ipynb" in result.stderr and "releasable" in result.stdout


def test_options_that_nest_too_deeply_are_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("# %% a=" + '{"b": ' * 5_000 + "\nprint(1)\n")
    result = run("release", "m.py", cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith("error: m.py") and result.stderr.count("\n") == 1
