"""What stands beside a document: asked for lazily, remembered, never in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.document.folder import Folder
from modfix.lint.discover import read_document
from modfix.syntax.index import read_module
from tests.cli.running import without_privileges


def test_names_and_bytes_beside_a_module(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("# %%\nx = 1\n")
    (tmp_path / "answers.csv").write_bytes(b"1,2\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.txt").write_bytes(b"a")
    folder = read_module(
        read_document(tmp_path / "m.py"), settings_from({}, where="tests"), {}
    ).folder
    assert folder.names() == ("answers.csv", "data", "m.py")
    assert folder.names("data") == ("a.txt",)
    assert folder.read("answers.csv") == b"1,2\n"
    assert folder.read("../" + tmp_path.name + "/data/a.txt") == b"a"


def test_a_document_from_nowhere_has_no_neighbours() -> None:
    folder = Document.from_bytes(Path("pyproject.toml.py"), b"# %%\nx = 1\n").folder
    assert (folder.names(), folder.read("pyproject.toml")) == ((), None)
    assert folder.asked.listings == {} and folder.asked.digests == {}


def test_what_was_asked_is_remembered_and_answered_alike(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    folder = Folder(tmp_path)
    assert folder.asked.listings == {} and folder.asked.digests == {}
    assert (folder.names(), folder.read("a"), folder.read("b")) == (("a",), b"old", None)
    before = folder.asked
    (tmp_path / "a").write_bytes(b"new")
    assert (folder.read("a"), folder.asked) == (b"old", before)
    assert before.listings == {"": ("a",)} and before.digests["b"] is None
    again = Folder(tmp_path)
    again.names(), again.read("a"), again.read("b")
    assert again.asked.listings == before.listings and again.asked.digests != before.digests


def test_edits_keep_the_surroundings(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("# %%\nx = 1\n")
    document = read_document(tmp_path / "m.py")
    assert document.edited([]).folder is document.folder


@pytest.mark.parametrize("name", ["folder", "pipe", "loop", "gone", "a\0b", "n" * 300, "null"])
def test_what_is_no_readable_file_has_no_bytes(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "null").symlink_to(os.devnull)
    os.mkfifo(tmp_path / "pipe")
    assert Folder(tmp_path).read(name) is None


def test_what_may_not_be_read_has_no_bytes_and_no_names(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0)
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "secret").chmod(0)
    asks = "f = Folder(Path()); print(f.read('secret'), f.names('shut'))"
    program = f"from pathlib import Path; from modfix.document.folder import Folder; {asks}"
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        preexec_fn=without_privileges,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == "None ()\n"
    assert Folder(tmp_path / "gone").names() == ()
