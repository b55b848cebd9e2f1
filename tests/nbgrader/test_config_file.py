"""What `nbgrader_config.py` says is read without running it, and yields to modfix.toml."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from modfix.config import config_for
from modfix.nbgrader.config_file import NbgraderConfig, read_config_file
from tests.cli.running import module, run


def read(text: str) -> NbgraderConfig:
    """The configuration of a text."""
    return read_config_file(Path("nbgrader_config.py"), dedent(text).encode())


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ('ClearSolutions.begin_solution_delimeter = "#A"', "begin-solution", "#A"),
        ('ClearSolutions.end_solution_delimeter = "#B"', "end-solution", "#B"),
        ('ClearSolutions.text_stub = ""', "text-stub", ""),
        ('ClearSolutions.code_stub = {"julia": "#"}', "code-stub", {"julia": "#"}),
        ('ClearSolutions.code_stub = "pass"', "code-stub", {"python": "pass"}),
        ('ClearHiddenTests.begin_test_delimeter = "#A"', "begin-hidden-tests", "#A"),
        ('ClearHiddenTests.end_test_delimeter = "#B"', "end-hidden-tests", "#B"),
        ('ClearMarkScheme.begin_mark_scheme_delimeter = "#A"', "begin-mark-scheme", "#A"),
        ('ClearMarkScheme.end_mark_scheme_delimeter = "#B"', "end-mark-scheme", "#B"),
        ("ClearMarkScheme.check_attachment_leakage = False", "check-attachment-leakage", False),
        ('CourseDirectory.ignore = ["*.py"]', "ignored-files", ["*.py"]),
        (
            "ClearHiddenTests.enforce_metadata = False",
            "enforce-metadata",
            ["solution", "mark-scheme"],
        ),
    ],
)
def test_each_option_is_taken(line: str, key: str, value: object) -> None:
    assert read(f"c = get_config()\nc.{line}").table == {key: value}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("c.ClearSolutions.text_stub = STUB", "3: `ClearSolutions.text_stub` is computed"),
        ("c.ClearSolutions.text_stub = 'a' + 'b'", "is computed, and this file is not run"),
        ("c.ClearSolutions.code_stub.update(python='x')", "is not simply set to a value"),
        ("c.CourseDirectory.ignore += ['x']", "`CourseDirectory.ignore` is not simply set"),
        ("if True:\n    c.ClearSolutions.text_stub = 'a'", "4: `ClearSolutions.text_stub` is not"),
        ("c.ClearSolutions.text_stub = 1", "is no text"),
        ("c.ClearSolutions.code_stub = {1: 'a'}", "is no table of texts"),
        ("c.CourseDirectory.ignore = 'x'", "is no list of texts"),
        ("c.ClearSolutions.begin_solution_delimeter = ''", "is empty"),
        ("c.(", "3: this is no Python"),
        ("x = '\0'", "this is no Python"),
    ],
)
def test_what_is_no_literal_is_said_once_and_ignored(text: str, said: str) -> None:
    found = read(f"import os\nc = get_config()\n{text}")
    assert found.table == {}
    (warning,) = found.warnings
    assert said in warning and warning.endswith("; ignored")


def test_other_options_and_comments_are_none_of_ours() -> None:
    text = "c.CourseDirectory.course_id = os.environ['C']\n# c.ClearSolutions.text_stub = X\n"
    found = read(text)
    assert (found.table, found.warnings) == ({}, ())


def test_nothing_is_executed(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    read(f"open({str(mark)!r}, 'w')\nc.ClearSolutions.text_stub = open({str(mark)!r}, 'w').name")
    assert not mark.exists()


def test_the_nearest_file_counts_and_modfix_toml_wins(tmp_path: Path) -> None:
    course = tmp_path / "course"
    folder = course / "source" / "ps1"
    folder.mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").write_text("c.ClearSolutions.text_stub = 'far'")
    (course / "nbgrader_config.py").write_text(
        "c.ClearSolutions.text_stub = 'near'\n"
        "c.ClearSolutions.begin_solution_delimeter = '#A'\n"
        "c.ClearSolutions.code_stub = {'python': 'pass', 'R': 'stop()'}\n"
    )
    (course / "modfix.toml").write_text(
        '[nbgrader]\nbegin-solution = "#B"\n[nbgrader.code-stub]\npython = "..."\n'
    )
    found = config_for(folder / "ps1.ipynb").settings.nbgrader
    assert (found.text_stub, found.begin_solution) == ("near", "#B")
    assert found.code_stub == {"python": "...", "R": "stop()"}
    assert found.end_solution == "END SOLUTION"
    assert config_for(tmp_path / "a.py").settings.nbgrader.text_stub == "far"


def test_a_stub_of_ones_own_leaves_those_of_other_languages(tmp_path: Path) -> None:
    (tmp_path / "modfix.toml").write_text('[nbgrader.code-stub]\njulia = "# YOUR CODE"\n')
    stubs = config_for(tmp_path / "a.py").settings.nbgrader.code_stub
    assert stubs["julia"] == "# YOUR CODE" and "NotImplementedError" in stubs["python"]


def test_the_command_warns_once_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c.ClearSolutions.text_stub = f()\n")
    module(tmp_path)
    module(tmp_path, name="more_dev.py")
    result = run("check", ".", "--select", "RUN", cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.count("warning: ") == 1
    assert "nbgrader_config.py:1: `ClearSolutions.text_stub` is computed" in result.stderr


def test_a_configuration_that_is_named_lies_over_it_too(tmp_path: Path) -> None:
    course = tmp_path / "course"
    course.mkdir()
    (course / "nbgrader_config.py").write_text("c.ClearSolutions.text_stub = f()\n")
    (tmp_path / "other.toml").write_text('select = ["RUN"]\n')
    module(course)
    result = run("check", "course", "--config", "other.toml", cwd=tmp_path)
    assert result.returncode == 1 and "`ClearSolutions.text_stub` is computed" in result.stderr
