"""Scratch folders that killed runs left are removed; nothing else is."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from modfix.verify.drivers.clearing import remove_tree
from modfix.verify.scratch import remove_stale_scratch, scratch_folder


def test_what_killed_runs_left_is_removed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left, used, mine = (
        tmp_path / f"modfix-scratch-{name}" for name in ("a1b2c3_4", "used5678", "x")
    )
    for each in (left / "work" / "locked", used, mine, tmp_path / "modfix-notes"):
        each.mkdir(parents=True)
    (tmp_path / "modfix-scratch-12345678").write_text("a file")
    (tmp_path / "modfix-scratch-abcdefgh").symlink_to(mine)
    (left / "work" / "locked").chmod(0)
    handle = os.open(used, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with scratch_folder(tmp_path / "course" / "m.py", b"") as scratch:
        remove_stale_scratch()
        assert scratch.module.exists()
    os.close(handle)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        *("modfix-notes", "modfix-scratch-12345678", "modfix-scratch-abcdefgh"),
        *("modfix-scratch-used5678", "modfix-scratch-x"),
    ]


def test_no_tree_is_too_deep_and_no_folder_too_locked(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "a" / "b").mkdir(parents=True)
    outside.mkdir()
    (outside / "kept").write_text("1")
    (root / "link").symlink_to(outside)
    here = os.open(root, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d" * 20, dir_fd=here)
        below = os.open("d" * 20, os.O_RDONLY, dir_fd=here)
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=below))
        os.symlink(outside, "link", dir_fd=below)
        os.close(here)
        here = below
    os.fchmod(here, 0)
    os.close(here)
    (root / "a").chmod(0)
    remove_tree(str(root))
    assert not root.exists() and (outside / "kept").read_text() == "1"
    remove_tree(str(root))  # gone is gone
