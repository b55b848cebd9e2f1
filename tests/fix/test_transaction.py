"""A file is replaced whole or not at all."""

import fcntl
import itertools
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from modfix.errors import ModfixError
from modfix.fix.transaction import (
    Change,
    remove_stale,
    replace_file,
    replace_pair,
    require_writable,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "m_dev.py"
    path.write_bytes(b"old")
    path.chmod(0o640)
    return path


def test_content_is_replaced_and_permissions_stay(file: Path) -> None:
    replace_file(file, b"old", b"new")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["m_dev.py"]


def test_the_target_of_a_symlink_is_replaced_and_the_link_stays(file: Path) -> None:
    link = file.with_name("link.py")
    link.symlink_to(file.name)
    replace_file(link, b"old", b"new")
    assert link.is_symlink() and file.read_bytes() == b"new"


def test_a_file_that_someone_else_changed_is_not_overwritten(file: Path) -> None:
    with pytest.raises(ModfixError, match="changed by someone else.*run modfix again"):
        replace_file(file, b"what was read", b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in file.parent.iterdir()] == ["m_dev.py"]


def _alone(file: Path) -> None:
    replace_file(file, b"old", b"new")


def _as_a_pair(file: Path) -> None:
    half = file.with_suffix(".ipynb")
    half.write_bytes(b"old half")
    replace_pair(Change(file, b"old", b"new"), Change(half, b"old half", b"new half"))
    assert half.read_bytes() == b"new half"


@pytest.mark.parametrize("reading", [0, 1])
@pytest.mark.parametrize("write", [_alone, _as_a_pair])
def test_another_run_may_write_the_same_at_any_instant(
    file: Path, reading: int, write: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another run writes right after this one's n-th reading is no change by someone else."""
    read, count = Path.read_bytes, itertools.count()

    def overtaken(path: Path) -> bytes:
        data = read(path)
        if path == file and next(count) == reading:
            file.write_bytes(b"new")
        return data

    monkeypatch.setattr(Path, "read_bytes", overtaken)
    write(file)
    assert read(file) == b"new" and next(count) > reading
    assert not list(file.parent.glob(".modfix-*"))


def test_a_file_that_vanished_is_not_made_again(file: Path) -> None:
    file.unlink()
    with pytest.raises(ModfixError, match="removed by someone else.*nothing was written"):
        replace_file(file, b"old", b"new")
    with pytest.raises(ModfixError, match="removed by someone else.*nothing was written"):
        require_writable(file)
    assert not file.exists()


def test_unfinished_files_are_removed_but_not_another_writer_s(file: Path) -> None:
    left, written = file.with_name(".modfix-left.tmp"), file.with_name(".modfix-written.tmp")
    for each in (left, written):
        each.write_bytes(b"ne")
    with written.open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        remove_stale(file.parent)
    assert sorted(path.name for path in file.parent.iterdir()) == [written.name, file.name]


def test_a_full_disk_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ModfixError, match="No space left on device.*as it was"):
        replace_file(file, b"old", b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in file.parent.iterdir()] == ["m_dev.py"]


def test_a_read_only_file_is_refused_before_any_work(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(ModfixError, match="read-only; nothing was changed"):
        require_writable(file)
