"""What counts as a configuration when the folder of the cache is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from modfix.config import config_for, forget_configs
from modfix.errors import ModfixError
from modfix.lint.course_root import nearest_configuration
from tests.cli.running import module, run

# The text of a `pyproject.toml` and whether it configures modfix.
PROJECTS = [
    ("[tool.modfix]\n", True),
    ("[tool.modfix.nbgrader]\ntext-stub = 'x'\n", True),
    ("[ tool . 'modfix' ]\n", True),
    ('["tool"."modfix"]\n', True),
    ("[tool]\nmodfix = {select = ['RUN']}\n", True),
    ("[tool]\nmodfix.select = ['RUN']\n", True),
    ("tool.modfix.select = ['RUN']\n", True),
    ("tool = {modfix = {select = ['RUN']}}\n", True),
    ("[tool.modfix]\r\nselect = ['RUN']\r\n", True),
    ("[tool]\nmodfix = 3\n", True),  # wrong, and told so
    ("[tool.modfix\n", True),  # broken: nobody knows, and it is told so
    ("[project]\nname = 'modfix'\n", False),
    ("[project]\ndependencies = ['modfix>=0.1']\n", False),
    ("[project.scripts]\nmodfix = 'modfix.cli:main'\n", False),
    ("[tool.ruff]\nexclude = ['modfix']\n", False),
    ("# [tool.modfix]\n", False),
    ("text = '''\n[tool.modfix]\n'''\n", False),
    ("[tool.modfixer]\n", False),
    ("[other.tool.modfix]\n", False),
    ("[tool]\nother.modfix = 1\n", False),
    ("", False),
]


@pytest.mark.parametrize(("text", "expected"), PROJECTS)
def test_a_project_counts_where_it_has_a_table_for_modfix(
    text: str, expected: bool, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text(text, newline="")
    found = nearest_configuration(str(tmp_path / "m_dev.py"))
    assert (found is not None and found[0] == str(tmp_path / "pyproject.toml")) is expected


@pytest.mark.parametrize(("text", "expected"), PROJECTS)
def test_that_is_what_the_settings_come_from(text: str, expected: bool, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text, newline="")
    forget_configs()
    try:
        counts = config_for(tmp_path / "m_dev.py").path is not None
    except ModfixError:
        counts = True
    assert counts is expected


def test_the_cache_of_a_course_is_not_put_beside_a_project_that_only_names_modfix(
    tmp_path: Path,
) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\ndependencies = ['modfix']\n")
    course = tmp_path / "course"
    module(course, "# %%\nx = 1\n")
    env = {"XDG_CACHE_HOME": str(tmp_path / "user"), "MODFIX_CACHE_DIR": ""}
    run("check", "course", cwd=tmp_path, env=env)
    assert not (tmp_path / ".modfix_cache").exists()
    (tmp_path / "pyproject.toml").write_text("[tool.modfix]\n")
    run("check", "course", cwd=tmp_path, env=env)
    assert (tmp_path / ".modfix_cache").exists()
