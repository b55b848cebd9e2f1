"""Sessions of an editor; those of a module of tests share one server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.server.editor import Editor


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """A session for many cases, each with documents of its own."""
    session = Editor(tmp_path_factory.mktemp("a course with spaces, é and 😀"))
    yield session
    assert session.shut_down() == 0
    assert "Traceback" not in session.errors.decode(), session.errors.decode()


@pytest.fixture
def folder(editor: Editor, request: pytest.FixtureRequest) -> Path:
    """A new folder below the root of the session."""
    number = len(list(editor.root.iterdir()))
    made = editor.root / f"{number} {request.node.originalname}"
    made.mkdir()
    return made


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Editor]:
    """A session of one test's own."""
    made = Editor(tmp_path)
    yield made
    with suppress(ProcessLookupError):
        made.process.kill()
