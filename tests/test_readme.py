"""Everything that the README shows is what really prints."""

import re
import shutil
import venv
from pathlib import Path

import pytest

from tests.course import copy_course
from tests.readme import (
    FIRST_STEPS,
    README,
    RULES,
    rendered,
    rule_index,
    run,
    session,
    without_times,
)


def test_the_readme_shows_what_really_prints() -> None:
    text = README.read_text(encoding="utf-8")
    assert without_times(rendered(text)) == without_times(text)


def test_a_newcomers_five_commands_do_what_the_readme_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a new environment, in this order, on a course without configuration, and nothing else.

    NOTE: what is shown was once true only where pre-commit had been installed for another reason.
    A minute, most of it waiting for packages (some 25 s of a processor); nothing cheaper tells
    whether the first command brings all that the other four need.
    """
    shown = FIRST_STEPS.search(README.read_text(encoding="utf-8"))
    assert shown is not None
    install = [line.partition("#")[0].strip() for line in shown[1].splitlines()]
    assert len(install) + len(re.findall(r"^\$ ", shown[2], re.MULTILINE)) == 5
    checkout = tmp_path / "checkout"
    beside = shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__")
    shutil.copytree(README.parent, checkout, ignore=beside)
    venv.create(tmp_path / "env", with_pip=True)
    programs = tmp_path / "env" / "bin"
    for command in install:
        run(command, checkout, programs)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "hooks"))
    copy_course(tmp_path / "course")
    assert session(shown[2], tmp_path / "course", programs) == shown[2]
    assert (programs / "pre-commit").exists()  # none of another environment was taken


def test_the_index_of_rules_is_what_the_rules_say() -> None:
    assert RULES.read_text(encoding="utf-8") == rule_index()


def test_every_make_target_that_the_readme_names_exists() -> None:
    makefile = (README.parent / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README.read_text("utf-8"), re.MULTILINE))
    assert named and all(f"\n{target}:" in makefile for target in named)


def test_every_file_that_the_readme_links_exists() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README.read_text(encoding="utf-8"))
    assert [link for link in links if not (README.parent / Path(link)).exists()] == []
