"""The hooks, with the real pre-commit, in a scratch repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEFECTIVE = '''\
# %%
#| export
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %%
def test_unit_double():
    assert double(2) == 4, "double(2) is 4"

test_unit_double()
'''


def git(*arguments: str, cwd: Path) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """modfix as it stands in this checkout, as a repository that pre-commit can clone."""
    folder = tmp_path_factory.mktemp("hooks") / "modfix"
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "build", "*.egg-info", "__pycache__", ".*_cache"
    )
    shutil.copytree(ROOT, folder, ignore=ignored)
    git("init", "-q", cwd=folder)
    git("add", "-A", cwd=folder)
    git("commit", "-qm", "modfix", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def course(hooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one defective module, a plain Python file, and both hooks."""
    folder = tmp_path_factory.mktemp("course")
    git("init", "-q", cwd=folder)
    (folder / "01_double_dev.py").write_text(DEFECTIVE, encoding="utf-8")
    (folder / "plain.py").write_text("print('no module')\n", encoding="utf-8")
    (folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks}\n  rev: HEAD\n  hooks:\n"
        "  - id: modfix-check\n  - id: modfix-fix\n",
        encoding="utf-8",
    )
    git("add", "-A", cwd=folder)
    return folder


def run(hook: str, course: Path) -> subprocess.CompletedProcess[str]:
    home = course.parent / "pre-commit-home"
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", hook, "--all-files"],
        cwd=course,
        env={**os.environ, "PRE_COMMIT_HOME": str(home), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_hooks_report_then_repair_then_pass(course: Path) -> None:
    before = run("modfix-check", course)
    assert before.returncode == 1
    assert "01_double_dev.py:13:1 RUN101" in before.stdout
    repair = run("modfix-fix", course)
    assert repair.returncode == 1 and "files were modified by this hook" in repair.stdout
    assert 'if __name__ == "__main__":' in (course / "01_double_dev.py").read_text()
    after = run("modfix-check", course)
    assert after.returncode == 0, after.stdout
