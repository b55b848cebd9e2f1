"""Passed steps are kept by all that they ran on: the same inputs, no second run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from modfix.lint.cache_folder import clear, kept_verdicts
from modfix.settings import Settings
from modfix.verify.run import verify
from modfix.verify.verdict import Verdict
from tests.cli.running import module, only_run, run
from tests.verify.modules import settings, write

TEXT = """
# %%
import os, pathlib
import helping
assert helping.TWO == 2
assert pathlib.Path("table.csv").read_text() == "1,2"
print(os.environ.get("GREETING"))

# %%
def test_two():
    assert helping.TWO == 2

"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module with a file beside it that imports a package from a folder above."""
    monkeypatch.setenv("MODFIX_CACHE_DIR", str(tmp_path / "cache"))
    write(tmp_path, TEXT, "course/01_sums/sums_dev.py")
    (tmp_path / "course/01_sums/table.csv").write_text("1,2")
    (tmp_path / "course/helping").mkdir()
    (tmp_path / "course/helping/__init__.py").write_text("from helping.deep import TWO\n")
    (tmp_path / "course/helping/deep.py").write_text("TWO = 2\n")
    (tmp_path / "course/setup.py").write_text("")
    return tmp_path / "course"


def verdict(course: Path, own: Settings | None = None, text: str = TEXT) -> Verdict:
    """The cached verdict of two steps."""
    document = write(course, text, "01_sums/sums_dev.py")
    return verify(document, own or settings(), only=["run", "pytest"], cached=True)


def cached(found: Verdict) -> list[bool]:
    return [step.cached for step in found.steps]


def test_a_cached_verdict_is_the_one_that_was_worked_out(course: Path) -> None:
    first, second = verdict(course), verdict(course)
    assert cached(first) == [False, False] and cached(second) == [True, True]
    assert first.passed and [structs.replace(step, cached=False) for step in second.steps] == list(
        first.steps
    )


def _file(name: str, text: str) -> Callable[[Path], None]:
    return lambda course: (course / name).write_text(text) and None


def _variable(_: Path) -> None:
    os.environ["GREETING"] = "hello"


def _mode(course: Path) -> None:
    (course / "01_sums/table.csv").chmod(0o755)


CHANGES = {
    "a file beside the module": _file("01_sums/new.txt", "new"),
    "the mode of a file": _mode,
    "the package": _file("helping/__init__.py", "TWO = 1 + 1\n"),
    "what the package imports": _file("helping/deep.py", "TWO = 4 - 2\n"),
    "a module beside it": _file("other.py", "x = 1\n"),
    "a variable": _variable,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_changed_is_run_again(
    change: Callable[[Path], None], course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREETING", "")
    verdict(course)
    change(course)
    assert cached(verdict(course)) == [False, False]


def test_a_package_that_breaks_is_noticed_and_mended_is_remembered(course: Path) -> None:
    assert verdict(course).passed
    (course / "helping/deep.py").write_text("TWO = 3\n")
    assert [step.outcome for step in verdict(course).steps] == ["failed", "failed"]
    assert cached(verdict(course)) == [False, False]  # a failure is run again
    (course / "helping/deep.py").write_text("TWO = 2\n")
    assert cached(verdict(course)) == [True, True]


@pytest.mark.parametrize(
    ("own", "text"),
    [
        (settings(timeout=100), TEXT),
        (settings(sandbox="none", memory=2048), TEXT),
        (settings(), TEXT + "x = 1\n"),
    ],
)
def test_settings_and_text_count(own: Settings, text: str, course: Path) -> None:
    verdict(course)
    assert cached(verdict(course, own, text)) == [False, False]


def test_a_file_that_changes_while_the_steps_run_is_not_vouched_for(course: Path) -> None:
    document = write(course, TEXT, "01_sums/sums_dev.py")
    table = course / "01_sums/new.txt"

    def on_step(title: str, _: object) -> None:
        table.write_text(title)

    verify(document, settings(), only=["run"], on_step=on_step, cached=True)
    table.unlink()
    assert cached(verdict(course)) == [False, False]


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"\x91\x01"])
def test_a_damaged_file_is_as_none(damage: bytes, course: Path, tmp_path: Path) -> None:
    verdict(course)
    ((_, _, path),) = kept_verdicts(str(tmp_path / "cache"))
    Path(path).write_bytes(damage)
    assert cached(verdict(course)) == [False, False]
    assert cached(verdict(course)) == [True, True]
    clear(str(tmp_path / "cache"))
    assert kept_verdicts(str(tmp_path / "cache")) == []


def test_the_cache_may_be_a_file_that_nobody_can_write_to(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("MODFIX_CACHE_DIR", str(tmp_path / "taken"))
    verdict(course)
    assert verdict(course).passed and cached(verdict(course)) == [False, False]


def test_the_proof_of_a_repair_answers_the_verification_after_it(tmp_path: Path) -> None:
    module(tmp_path)
    only_run(tmp_path)
    assert run("fix", "--write", "--select", "RUN101", cwd=tmp_path).returncode == 0
    assert "direct execution               cached" in run("verify", cwd=tmp_path).stdout
    assert "1 verification," in run("cache", "info", cwd=tmp_path).stdout
    assert "cached" not in run("verify", "--no-cache", cwd=tmp_path).stdout
