"""The settings, suppressions and baselines that a check uses, and what happens when they change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import run
from tests.course import copy_course
from tests.server.editor import Editor

TEXT = "# %%\ndef test_a():\n    assert 1\n\ntest_a()\n"
RUN = 'select = ["RUN"]\n'
DEFAULT = {"NBG101", "RUN101"}

# A configuration (by the name of its file) and the codes that are then found.
SETTINGS = [
    ("modfix.toml", RUN, {"RUN101"}),
    ("modfix.toml", 'ignore = ["RUN"]\n', {"NBG101"}),
    ("modfix.toml", '[per-file-ignores]\n"*_dev.py" = ["NBG"]\n', {"RUN101"}),
    ("modfix.toml", 'standard = "nbdev"\n', {"RUN101"}),
    ("modfix.toml", 'exclude = ["*_dev.py"]\n', set()),
    ("pyproject.toml", f"[tool.modfix]\n{RUN}", {"RUN101"}),
    ("pyproject.toml", '[project]\nname = "modfix"\n', DEFAULT),
]


def codes(editor: Editor, uri: str, after: int = 0) -> set[str]:
    return {str(each.code) for each in editor.diagnostics(uri, after=after)}


@pytest.mark.parametrize(("name", "settings", "expected"), SETTINGS)
def test_settings_apply(
    editor: Editor, folder: Path, name: str, settings: str, expected: set[str]
) -> None:
    (folder / name).write_text(settings)
    uri = (folder / "a_dev.py").as_uri()
    editor.open(uri, TEXT)
    assert codes(editor, uri) == expected


def test_severity_is_the_courses(editor: Editor, folder: Path) -> None:
    (folder / "modfix.toml").write_text(f'{RUN}severity.RUN101 = "warning"\n')
    uri = (folder / "a_dev.py").as_uri()
    editor.open(uri, TEXT)
    assert [int(each.severity or 0) for each in editor.diagnostics(uri)] == [2]


def test_a_changed_configuration_is_looked_at_again(editor: Editor, folder: Path) -> None:
    uri = (folder / "a_dev.py").as_uri()
    editor.open(uri, TEXT)
    assert codes(editor, uri) == DEFAULT
    for text, expected in ((RUN, {"RUN101"}), ('ignore = ["RUN"]\n', {"NBG101"})):
        before = len(editor.published)
        (folder / "modfix.toml").write_text(text)
        editor.changed_on_disk(folder / "modfix.toml")
        assert codes(editor, uri, before) == expected
    before = len(editor.published)
    (folder / "modfix.toml").unlink()
    editor.save(uri)  # a client that watches no files still saves
    assert codes(editor, uri, before) == DEFAULT


def test_a_file_that_nothing_rests_on_changes_nothing(editor: Editor, folder: Path) -> None:
    uri = (folder / "a_dev.py").as_uri()
    editor.open(uri, TEXT)
    editor.diagnostics(uri)
    before = len(editor.published)
    editor.changed_on_disk(folder / "data.json", folder / "sub" / "other.py")
    editor.hover(uri, 0, 0)
    assert len(editor.published) == before


def test_nbgraders_own_configuration_counts(editor: Editor, folder: Path) -> None:
    uri = (folder / "a_dev.py").as_uri()
    editor.open(uri, "# %%\n# SOLUTION STARTS\nx = 1\n# SOLUTION ENDS\n### BEGIN SOLUTION\n")
    assert "NBG302" in codes(editor, uri)
    before = len(editor.published)
    config = folder / "nbgrader_config.py"
    config.write_text(
        'c.ClearSolutions.begin_solution_delimeter = "SOLUTION STARTS"\n'
        'c.ClearSolutions.end_solution_delimeter = "SOLUTION ENDS"\n'
    )
    editor.changed_on_disk(config)
    assert "NBG302" not in codes(editor, uri, before)


def test_a_baseline_hides_what_it_knows(editor: Editor, folder: Path) -> None:
    (folder / "a_dev.py").write_text(TEXT)
    uri = (folder / "a_dev.py").as_uri()
    editor.open(uri, TEXT)
    assert codes(editor, uri) == DEFAULT
    assert run("baseline", cwd=folder).returncode == 0
    before = len(editor.published)
    editor.changed_on_disk(folder / ".modfix-baseline.json")
    assert codes(editor, uri, before) == set()
    version = editor.change(uri, f"{TEXT}\n# %%\ndef test_b():\n    assert 1\n\ntest_b()\n")
    assert len(editor.diagnostics(uri, version)) == 2
    before = len(editor.published)
    (folder / ".modfix-baseline.json").write_text("[]")
    editor.changed_on_disk(folder / ".modfix-baseline.json")
    (found,) = editor.diagnostics(uri, version, before)
    assert "this is no baseline" in found.message


# What is wrong with a configuration, and the line that is named.
BROKEN = [('selct = ["RUN"]\n', "selct", 1), ('\nselect = ["RNU"]\n', "RNU", 2), ("\n\n= 1", "TOML", 3)]  # fmt: skip # noqa: E501


@pytest.mark.parametrize(("text", "word", "line"), BROKEN)
def test_a_broken_configuration_is_told_once_with_its_line(
    editor: Editor, folder: Path, text: str, word: str, line: int
) -> None:
    messages = len(editor.messages)
    (folder / "modfix.toml").write_text(text)
    uris = [(folder / name).as_uri() for name in ("a_dev.py", "b_dev.py")]
    for uri in uris:
        editor.open(uri, TEXT)
    for uri in uris:
        (found,) = editor.diagnostics(uri)
        assert (found.range.start.line, found.code) == (0, None)
        assert "modfix.toml" in found.message and word in found.message
        (related,) = found.related_information or ()
        assert related.location.uri == (folder / "modfix.toml").as_uri()
        assert related.location.range.start.line == line - 1
    (told,) = editor.messages[messages:]
    assert f"modfix.toml:{line}" in told.message and word in told.message
    before = len(editor.published)
    (folder / "modfix.toml").write_text(RUN)
    editor.changed_on_disk(folder / "modfix.toml")
    assert {code for uri in uris for code in codes(editor, uri, before)} == {"RUN101"}
    (folder / "modfix.toml").write_text(text)
    before = len(editor.published)
    editor.changed_on_disk(folder / "modfix.toml")
    for uri in uris:  # both: one that is closed before the other is looked at is news there again
        assert word in editor.diagnostics(uri, after=before)[0].message
    assert len(editor.messages) == messages + 2  # mended and broken again is news
    for uri in uris:
        editor.close(uri)


def test_the_course_is_told_by_arguments_too(tmp_path: Path) -> None:
    editor = Editor(tmp_path, "--select", "RUN", "--isolated", "--stdio")
    (tmp_path / "modfix.toml").write_text("nonsense = 1\n")
    uri = (tmp_path / "a_dev.py").as_uri()
    editor.open(uri, TEXT)
    assert codes(editor, uri) == {"RUN101"}
    assert editor.shut_down() == 0


def test_the_files_that_matter_are_watched(editor: Editor) -> None:
    (asked,) = editor.until(lambda: editor.watched)
    (registration,) = asked.registrations
    assert registration.method == "workspace/didChangeWatchedFiles"


def test_of_a_pair_only_what_is_saved_can_disagree(editor: Editor, folder: Path) -> None:
    copy_course(folder)
    path = folder / "a_dev.py"
    path.write_text("# %%\nx = 1\n")
    path.with_suffix(".ipynb").write_text(
        '{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],'
        ' "source": "x = 1\\ny = 2"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}'
    )
    (folder / "modfix.toml").write_text('select = ["FMT108"]\n')
    editor.open(path.as_uri(), "# %%\nx = 1\n")
    assert codes(editor, path.as_uri()) == {"FMT108"}
    version = editor.change(path.as_uri(), "# %%\nx = 3\n")
    assert editor.diagnostics(path.as_uri(), version) == []
