"""The repaired module 17 is released: nbgrader takes it, it grades, and it says what it costs to
follow the document to the letter."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import is_grade
from nbgrader.validator import Validator

from modfix.config import config_for
from modfix.document.document import Document
from modfix.verify.run import verify
from modfix.verify.verdict import StepResult
from tests.course import copy_course, modfix

POINTS, TESTS = 50, 7


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Module 17 repaired, the warning about its imports cell accepted as a fix."""
    return repaired(tmp_path_factory.mktemp("accepted"), "--unsafe-fixes")


def repaired(folder: Path, *options: str) -> Path:
    """A repaired copy of module 17."""
    path = copy_course(folder)
    assert modfix("fix", path, "--write", "--no-verify", *options).returncode == 0
    return path


def grades(path: Path) -> StepResult:
    """The step `grades` on a module."""
    document = Document.from_bytes(path, path.read_bytes())
    (result,) = verify(document, config_for(path).settings, only=["grades"]).steps
    return result


def test_nbgrader_takes_the_release_and_gives_an_unsolved_one_nothing(
    accepted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = accepted.with_name("release.ipynb")
    result = modfix("release", accepted, "--output", out)
    assert result.returncode == 0, result.stdout
    assert f"points by tests        {POINTS} in {TESTS} cells" in result.stdout
    notebook = nbformat.read(out, as_version=4)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert sum(is_grade(cell) for cell in notebook.cells) == TESTS
    monkeypatch.chdir(out.parent)
    # All tests fail, and no cell has another checksum than nbgrader computes for it.
    found = Validator().validate(out.name)
    assert list(found) == ["failed"] and len(found["failed"]) == TESTS


def test_the_three_grades_are_right_once_the_imports_are_given(accepted: Path) -> None:
    result = grades(accepted)
    assert (result.outcome, result.reason, len(result.judged)) == ("passed", "", TESTS)


def test_following_the_document_to_the_letter_is_told_and_passes(tmp_path: Path) -> None:
    result = grades(repaired(tmp_path))
    assert (result.outcome, result.reason) == (
        "passed",
        f"the perfect student gets 0 of {POINTS} points: `cell-imports` is released blank, so `np` "
        "is gone (NBG301, a warning)",
    )
    assert len(result.faults) == TESTS and all(f.startswith("perfect ") for f in result.faults)
