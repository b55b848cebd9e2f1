"""Small modules to verify, and a short way to verify them."""

from pathlib import Path
from textwrap import dedent

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.settings import Settings
from modfix.verify.run import verify
from modfix.verify.sandbox import sandbox_for
from modfix.verify.verdict import StepResult


def settings(**verify_table: object) -> Settings:
    """The default settings, with some under `[verify]`."""
    return settings_from({"verify": verify_table}, where="tests")


def write(folder: Path, text: str, name: str = "sums_dev.py") -> Document:
    """Write a module and read it back."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(dedent(text).lstrip("\n").encode())
    return Document.from_bytes(path, path.read_bytes())


def step(document: Document, name: str, **verify_table: object) -> StepResult:
    """The result of one step."""
    (result,) = verify(document, settings(**verify_table), only=[name]).steps
    return result


def line_of(document: Document, text: str) -> int:
    """The line of the file in which a text first occurs."""
    return document.text[: document.text.index(text)].count("\n") + 1


def needs_bwrap() -> pytest.MarkDecorator:
    """Leaves a test out where bubblewrap cannot be used, and says why."""
    found = sandbox_for("auto")
    return pytest.mark.skipif(not found.bwrap, reason=found.why)


def levels() -> list[object]:
    """Every sandbox, as parameters of a test."""
    return ["none", pytest.param("bwrap", marks=needs_bwrap())]
