"""`modfix baseline` and `modfix suppress`: taking modfix in with a thousand old findings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import DEFECTIVE, GUARDED, module, run

RUN = ("--select", "RUN")
NAME = ".modfix-baseline.json"
OTHER = DEFECTIVE.replace("double", "treble")


def check(folder: Path, *more: str) -> tuple[int, list[str]]:
    """The exit code, and the first word of each finding's line."""
    result = run("check", *RUN, "-q", *more, cwd=folder)
    return result.returncode, [line.split(" ")[0] for line in result.stdout.splitlines()]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of two modules, their findings recorded."""
    module(tmp_path, name="01/a_dev.py")
    module(tmp_path, OTHER, "02/b_dev.py")
    result = run("baseline", *RUN, cwd=tmp_path)
    assert result.stdout == f"Recorded 2 findings of 2 modules in {NAME}.\n"
    assert (result.returncode, result.stderr) == (0, "")
    return tmp_path


def test_known_findings_do_not_fail(course: Path) -> None:
    assert check(course) == (0, [])
    whole = run("check", *RUN, cwd=course)
    assert whole.stdout == "All checks passed (2 modules). 2 known findings left out.\n"
    assert check(course, "--no-baseline")[0] == 1


@pytest.mark.parametrize(
    "text",
    [
        "# %%\nx = 1\n\n" + DEFECTIVE,
        DEFECTIVE + "\n# %%\ny = 2\n",
        DEFECTIVE.replace("2 * x", "x + x"),
        DEFECTIVE.replace("# %%\ndef test", "# %% a title\ndef test"),
        "# %%\ndef test_double():\n    assert double(2) == 4\n\ntest_double()\n\n"
        "# %%\ndef double(x):\n    return 2 * x\n",
    ],
    ids=["a cell before", "a cell after", "an edit elsewhere", "a title", "cells moved"],
)
def test_a_known_finding_stays_known(text: str, course: Path) -> None:
    module(course, text, "01/a_dev.py")
    assert check(course) == (0, [])


def test_a_renamed_file_stays_known_and_a_copy_does_not(course: Path) -> None:
    (course / "01" / "a_dev.py").rename(course / "01" / "renamed_dev.py")
    assert check(course) == (0, [])
    module(course, OTHER, "02/copy_dev.py")
    assert check(course) == (1, ["02/copy_dev.py:10:1"])


def test_only_new_findings_fail(course: Path) -> None:
    module(course, DEFECTIVE + "\ntest_double()\n", "01/a_dev.py")
    assert check(course) == (1, ["01/a_dev.py:12:1"] * 2)  # RUN101 and RUN104
    module(course, DEFECTIVE + OTHER, "01/a_dev.py")
    assert check(course) == (1, ["01/a_dev.py:20:1"])


def test_what_no_longer_applies_is_told_and_taken_out(course: Path) -> None:
    module(course, GUARDED, "01/a_dev.py")
    told = f"{NAME}: nothing is found any more for 1 entry of the baseline"
    result = run("check", *RUN, cwd=course)
    assert result.returncode == 0 and result.stderr.startswith(told)
    assert run("check", "--select", "CMP", cwd=course).stderr == ""  # RUN was not looked for
    assert run("check", *RUN, "02", cwd=course).stderr == ""  # 01 was not looked at
    pruned = run("baseline", *RUN, "--prune", cwd=course)
    assert (pruned.returncode, pruned.stderr) == (0, "")
    entries = json.loads((course / NAME).read_text())["findings"]
    assert [entry["path"] for entry in entries] == ["02/b_dev.py"]
    assert run("check", *RUN, cwd=course).stderr == ""
    module(course, DEFECTIVE, "01/a_dev.py")
    assert check(course)[0] == 1


def test_pruning_says_that_there_is_nothing_to_take_out(course: Path) -> None:
    before = (course / NAME).read_bytes()
    result = run("baseline", *RUN, "--prune", cwd=course)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"{NAME}: nothing to take out.\n"
    assert (course / NAME).read_bytes() == before
    (course / NAME).unlink()
    result = run("baseline", *RUN, "--prune", cwd=course)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "Nothing to take out: there is no baseline here.\n"


def test_recording_one_module_keeps_the_others(course: Path) -> None:
    module(course, GUARDED, "01/a_dev.py")
    run("baseline", *RUN, "01", cwd=course)
    entries = json.loads((course / NAME).read_text())["findings"]
    assert [entry["path"] for entry in entries] == ["02/b_dev.py"]


def test_the_configuration_names_another_file(tmp_path: Path) -> None:
    module(tmp_path / "course")
    (tmp_path / "course" / "modfix.toml").write_text("baseline = 'known.json'\n")
    run("baseline", *RUN, "course", cwd=tmp_path)
    assert (tmp_path / "course" / "known.json").is_file()
    assert check(tmp_path)[0] == 0


def test_a_baseline_that_cannot_be_written_is_named_as_seen_from_here(tmp_path: Path) -> None:
    module(tmp_path)
    (tmp_path / "modfix.toml").write_text("baseline = 'no/known.json'\n")
    result = run("baseline", *RUN, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "error: no/known.json: cannot be written: No such file or directory\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this is no baseline: Input data was truncated"),
        ("[]", "this is no baseline: Expected `object`, got `array`"),
        ('{"version": 2, "findings": []}', "a baseline of version 2; this modfix reads 1"),
    ],
)
def test_a_broken_baseline_is_told(text: str, message: str, tmp_path: Path) -> None:
    module(tmp_path)
    (tmp_path / NAME).write_text(text)
    result = run("check", *RUN, cwd=tmp_path)
    assert result.returncode == 2 and result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"error: {NAME}: {message}")
    assert run("baseline", *RUN, cwd=tmp_path).returncode == 2  # other modules' entries are in it
    assert "remove it and write it anew with `modfix baseline`" in result.stderr
    (tmp_path / NAME).unlink()
    assert run("baseline", *RUN, cwd=tmp_path).returncode == 0
    assert check(tmp_path)[0] == 0


def test_a_baseline_that_is_not_there_yet_is_told_with_what_writes_it(tmp_path: Path) -> None:
    module(tmp_path)
    (tmp_path / "modfix.toml").write_text("baseline = 'known.json'\n")
    told = run("check", *RUN, cwd=tmp_path)
    assert told.returncode == 2 and told.stderr.endswith("; write it with `modfix baseline`\n")


def test_fix_repairs_known_findings_but_none_that_is_left_fails_it(course: Path) -> None:
    (course / "modfix.toml").write_text("unfixable = ['RUN101']\n")
    assert run("fix", *RUN, "--write", "--no-verify", cwd=course).returncode == 0


SUPPRESSED = {
    "a call": (DEFECTIVE, "test_double()  # modfix: ignore[RUN101] why"),
    "a call that goes on": (
        DEFECTIVE.replace("test_double()\n", "test_double(\n)\n"),
        "test_double(  # modfix: ignore[RUN101] why",
    ),
    "behind a backslash": (
        "# %%\ndef test_x():\n    pass\n\n# %%\ny = 1\n\ntest_x \\\n    ()\n",
        "# modfix: ignore[RUN101] why\ntest_x \\\n    ()",
    ),
    "another suppression there": (
        DEFECTIVE.replace("test_double()\n", "test_double()  # modfix: ignore[CMP101] so\n"),
        "test_double()  # modfix: ignore[CMP101, RUN101] so",
    ),
}


@pytest.mark.parametrize("case", SUPPRESSED)
def test_suppress_writes_one_comment_and_nothing_else(case: str, tmp_path: Path) -> None:
    text, line = SUPPRESSED[case]
    path = module(tmp_path, text)
    result = run("suppress", *RUN, "--reason", "why", cwd=tmp_path)
    assert result.stdout == "Suppressed 1 finding in 1 module.\n"
    assert (result.returncode, result.stderr) == (0, "")
    assert line in path.read_text() and check(tmp_path) == (0, [])
    compile(path.read_text(), "x", "exec")
    assert run("suppress", *RUN, "--reason", "y", cwd=tmp_path).stdout == "Nothing to suppress.\n"


def test_suppress_covers_every_finding_of_the_course_module(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "modules" / "17_compression" / "compression_dev.py"
    path = module(tmp_path, shipped.read_text(encoding="utf-8"))
    before = path.read_text()
    assert run("suppress", "--reason", "later", cwd=tmp_path).returncode == 0
    assert run("check", "--strict", cwd=tmp_path).returncode == 0
    kept = [line.partition("  # modfix: ")[0] for line in path.read_text().split("\n")]
    assert [line for line in kept if not line.startswith("# modfix:")] == before.split("\n")


MAGICS = ["%%writefile notes.py\nx = 1\n", "%%html\n<p>\n", "#| echo: false\n%%bash\nls\n"]


@pytest.mark.parametrize("magic", MAGICS)
def test_suppress_writes_nothing_into_the_text_of_a_cell_magic(magic: str, tmp_path: Path) -> None:
    path = module(tmp_path, f"{DEFECTIVE}\n# %%\n{magic}")
    codes = ("--select", "NBG101")
    assert run("suppress", *codes, "--reason", "why", cwd=tmp_path).returncode == 0
    marker = '# %% tags=["modfix: ignore[NBG101] why"]'
    assert path.read_text().endswith(f"\n{marker}\n{magic}")
    assert run("check", *codes, cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("reason", ["", "two\nlines"])
def test_suppress_wants_a_reason(reason: str, tmp_path: Path) -> None:
    module(tmp_path)
    result = run("suppress", "--reason", reason, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (
        2,
        "error: --reason wants a reason, on one line\n",
    )
