"""What git ignores is left out, as git itself says; a folder that is named is looked into."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from modfix.errors import ModfixError
from modfix.lint.discover import module_files
from tests.cli.running import module, run

FILES = ["a_dev.py", "old/b_dev.py", "old/keep_dev.py", "sub/c_dev.py", "sub/out/d_dev.py"]
CASES = {
    "nothing": {},
    "a folder": {".gitignore": "old/\n"},
    "a pattern": {".gitignore": "*_dev.py\n!c_dev.py\n"},
    "a folder's own file": {"sub/.gitignore": "out\n"},
    "taken in again below": {".gitignore": "*_dev.py\n", "sub/.gitignore": "!*.py\n"},
    "an anchored one": {".gitignore": "/a_dev.py\n/c_dev.py\n"},
    "one that is kept": {".gitignore": "old/*\n!old/keep_dev.py\n"},
    "comments and spaces": {".gitignore": "# old/\n\n  \nsub/out/   \n"},
    "no pattern": {".gitignore": "!\n\\\nold/\n"},
    "double stars": {".gitignore": "**/out/**\n"},
}


def git(*arguments: str, cwd: Path) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=cwd, check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.parametrize("case", CASES)
def test_it_is_what_git_says(case: str, tmp_path: Path) -> None:
    for name in FILES:
        module(tmp_path, name=name)
    git("init", "-q", cwd=tmp_path)
    for name, text in CASES[case].items():
        (tmp_path / name).write_text(text)
    listed = git("ls-files", "--others", "--exclude-standard", cwd=tmp_path).splitlines()
    expected = sorted(name for name in listed if name.endswith("_dev.py"))
    assert sorted(str(p.relative_to(tmp_path)) for p in module_files([tmp_path]).files) == expected
    # From below, what stands above up to the repository counts as well.
    if any(name.startswith("sub/") for name in expected):
        below = module_files([tmp_path / "sub"]).files
        names = sorted(str(path.relative_to(tmp_path)) for path in below)
        assert names == [name for name in expected if name.startswith("sub/")]


def test_what_is_named_is_looked_at_all_the_same(tmp_path: Path) -> None:
    for name in FILES:
        module(tmp_path, name=name)
    git("init", "-q", cwd=tmp_path)
    (tmp_path / ".gitignore").write_text("old/\na_dev.py\n")
    named = module_files([tmp_path / "old", tmp_path / "a_dev.py"]).files
    assert sorted(path.name for path in named) == ["a_dev.py", "b_dev.py", "keep_dev.py"]


def test_above_the_repository_nothing_counts(tmp_path: Path) -> None:
    module(tmp_path / "repository", name="a_dev.py")
    git("init", "-q", cwd=tmp_path / "repository")
    (tmp_path / ".gitignore").write_text("*.py\n")
    assert len(module_files([tmp_path / "repository"]).files) == 1


@pytest.mark.parametrize(
    ("settings", "checked"),
    [
        ("", ["sub/c_dev.py"]),
        ("respect-gitignore = false", ["old/b_dev.py", "sub/c_dev.py"]),
        ("include = ['old/**']\nrespect-gitignore = false", ["old/b_dev.py"]),
        ("include = ['c_*.py']", ["sub/c_dev.py"]),
        ("exclude = ['old/']\nrespect-gitignore = false", ["sub/c_dev.py"]),
    ],
)
def test_settings_say_what_is_taken(settings: str, checked: list[str], tmp_path: Path) -> None:
    for name in ("old/b_dev.py", "sub/c_dev.py"):
        module(tmp_path, name=name)
    (tmp_path / ".gitignore").write_text("old/\n")
    (tmp_path / "modfix.toml").write_text(settings)
    result = run("check", "-q", "--select", "RUN", cwd=tmp_path)
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == checked


def test_a_course_that_is_ignored_whole_is_told(tmp_path: Path) -> None:
    module(tmp_path)
    (tmp_path / ".gitignore").write_text("*\n")
    found = module_files([tmp_path])
    assert found.files == [] and isinstance(found.failures[0], ModfixError)
