"""What only looks at a course runs nothing of it: no module, no configuration, no plugin."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, DEFECTIVE, module

TRACE = "import pathlib; pathlib.Path({trace!r}).touch()\n"
# Files that some tool would run when it meets them.
RUN_BY_OTHERS = (
    "conftest.py",  # pytest
    "nbgrader_config.py",
    "jupyter_config.py",
    "jupyter_nbconvert_config.py",
    ".jupytext.py",
    "ipython_config.py",
    "setup.py",
    "noxfile.py",
    "sitecustomize.py",  # Python itself
    "usercustomize.py",
    # modules that modfix imports, under their names
    "click.py",
    "msgspec.py",
    "libcst/__init__.py",
    "jupytext/__init__.py",
    "nbformat.py",
    "numpy.py",
    "json.py",
    "modfix_rules/__init__.py",
    "sums_dev/__init__.py",
)
LOOKING = [
    ("check",),
    ("check", "--output-format", "json"),
    ("fix", "--diff"),
    ("fix", "--write", "--no-verify"),
    ("config",),
    ("suppress", "--reason", "as it was"),
    ("baseline",),
    ("rules",),
    ("explain", "RUN101"),
    ("--help",),
]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A folder full of code that leaves a trace when it is run."""
    folder = tmp_path / "course"
    line = TRACE.format(trace=str(tmp_path / "trace"))
    for name in RUN_BY_OTHERS:
        module(folder, line, name)
    module(folder, f"# %%\n{line}\n{DEFECTIVE}")
    module(folder, "{}", "jupytext.toml")
    module(folder, '[nothing.else]\nnbgrader = "c.run()"\n', "pyproject.toml")
    info = folder / "evil-1.0.dist-info"
    module(info, "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n", "METADATA")
    module(info, "[modfix.rules]\nevil = conftest:rules\n", "entry_points.txt")
    return folder


@pytest.mark.parametrize("arguments", LOOKING, ids=" ".join)
def test_looking_runs_nothing(arguments: tuple[str, ...], course: Path) -> None:
    result = _run(course, *arguments)
    assert result.returncode in (0, 1), result.stderr
    assert not (course.parent / "trace").exists()
    assert "evil" not in result.stdout
    written = "--write" in arguments
    assert ((course / "sums_dev.py").read_text().endswith("    test_double()\n")) is written


@pytest.mark.parametrize(
    "text", ["import os", "select = __import__('os').system('touch trace')", "select = ['${x}']"]
)
def test_a_configuration_is_read_and_never_evaluated(text: str, course: Path) -> None:
    (course / "modfix.toml").write_text(text)
    result = _run(course, "check")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert not (course.parent / "trace").exists() and not (course / "trace").exists()


def test_rules_of_a_course_s_own_are_run_unless_it_is_isolated(course: Path) -> None:
    (course / "modfix.toml").write_text("local-rules = ['setup.py']")
    assert _run(course, "check", "--isolated", "sums_dev.py").returncode == 1
    assert not (course.parent / "trace").exists()
    _run(course, "check", "sums_dev.py")
    assert (course.parent / "trace").exists()


def test_verification_does_run_it(course: Path) -> None:
    _run(course, "verify", "--sandbox", "none", "sums_dev.py")
    assert (course.parent / "trace").exists()


def _run(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        [*COMMAND, *arguments], cwd=course, env=environment, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
