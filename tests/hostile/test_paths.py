"""What stands where a module should: nothing is waited for, nothing keeps from the rest."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from modfix.cli.selection import Selection
from modfix.document.document import Document
from modfix.errors import ModfixError
from modfix.lint.discover import module_files, read_document
from tests.cli.running import module, run, without_privileges
from tests.hostile.measured import measured

CLEAN = "# %%\nx = 1\n"
NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
Make = Callable[[Path], None]


def loop(path: Path) -> None:
    """Two links that lead to each other."""
    path.symlink_to(f"{path.name}.other")
    path.with_name(f"{path.name}.other").symlink_to(path.name)


def endless_name(path: Path) -> None:
    """A link to a name that no file system has."""
    path.symlink_to("x" * 300)


NO_FILE = "error: {0}: this is not a file; name a module or a folder\n"
# What is named on the command line, how it is made, and the line that it is told.
NAMED: dict[str, tuple[str, Make, str]] = {
    "a pipe": ("p.py", os.mkfifo, NO_FILE),
    "a pipe for a notebook": ("p.ipynb", os.mkfifo, NO_FILE),
    "a link to a device": ("z.py", lambda path: path.symlink_to("/dev/zero"), NO_FILE),
    "a link to a terminal": ("t.py", lambda path: path.symlink_to("/dev/tty"), NO_FILE),
    "a link to itself": (
        "l.py", lambda path: path.symlink_to(path.name),
        "error: {0}: cannot be read: Too many levels of symbolic links\n"),
    "links in a ring": (
        "l.py", loop, "error: {0}: cannot be read: Too many levels of symbolic links\n"),
    "a link to a name that is too long": (
        "l.py", endless_name, "error: {0}: cannot be read: File name too long\n"),
    "a module under a file": (
        "f.py/m.py", lambda path: path.parent.write_text(CLEAN),
        "error: {0}: cannot be read: Not a directory\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_what_is_no_module_is_told_and_the_rest_is_checked(name: str, tmp_path: Path) -> None:
    named, make, line = NAMED[name]
    make(tmp_path / named)
    module(tmp_path, CLEAN, "good.py")
    result = measured(["check", named, "good.py"], tmp_path)
    assert (result.code, result.err) == (2, line.format(named))
    assert result.out == "All checks passed (1 module).\n"


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/stdin", "/dev/full"])
def test_a_device_is_no_file(device: str, tmp_path: Path) -> None:
    result = measured(["check", device], tmp_path)
    assert (result.code, result.out, result.err) == (2, "", NO_FILE.format(device))


def test_a_folder_of_oddities_is_walked_around(tmp_path: Path) -> None:
    for number, (named, make, _) in enumerate(NAMED.values()):
        (tmp_path / str(number)).mkdir()
        if "/" not in named:
            make(tmp_path / str(number) / named)
    (tmp_path / "back").symlink_to(tmp_path)
    (tmp_path / "m.py" / "m.ipynb").mkdir(parents=True)
    module(tmp_path, CLEAN, "z/good.py")
    result = measured(["check"], tmp_path)
    assert result.out == "All checks passed (1 module).\n"
    assert result.err == "error: 6/l.py: cannot be read: File name too long\n"
    assert result.code == 2


NAMES = [b"new\nline.py", b"tab\t.py", b"esc\x1b[2J.py", b"\xff\xfe.py", b"bell\x07.ipynb",
         b"a\xe2\x80\xaeb.py", b" .py", b"-n.py", b"--help.py", b"quote'\".py", b"$(id).py",
         "é𝒳.py".encode(), b"%s{}.py"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_said_in_one_line(name: bytes, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_text("# %%\ndef f(:\n" if path.suffix == ".py" else "{")
    expected = 1 if path.suffix == ".py" else 2
    for arguments in (["check"], ["check", "--", path.name], ["fix", "--diff"]):
        result = measured([*arguments, "--"] if len(arguments) == 1 else arguments, tmp_path)
        assert result.code == expected, result
        shown = result.out.splitlines()[:1] + result.err.splitlines()
        assert all(line.isprintable() for line in shown)
        assert len(result.err.splitlines()) == (expected == 2)
    found = measured(["check", "--output-format", "json"], tmp_path).out
    assert [each["path"] for each in json.loads(found)] in ([path.name], [])


OWN_RULE = """
from modfix.rule import Rule

class Named(Rule):
    \"\"\"A cell.\"\"\"

    code, name = "OWN101", "a-cell"

    def check(self, module):
        yield self.at(module.document.cells[0], "seen")
"""


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (("rules",), "RUN101"),
        (("explain", "RUN101"), "Fix safety"),
        (("check",), "a_dev.py:1:1 OWN101 seen"),
        (("check", "--show-settings"), "local-rules"),
        (("cache", "info"), "0 runs"),
    ],
)
def test_folders_of_code_and_of_the_course_may_have_names_of_no_text(
    command: tuple[str, ...], shown: str, tmp_path: Path
) -> None:
    course, code = (tmp_path / os.fsdecode(name) for name in (b"caf\xe9", b"\xff"))
    module(course / "own", OWN_RULE, os.fsdecode(b"\xfe.py"))
    module(course, CLEAN, "a_dev.py")
    (course / "modfix.toml").write_text('local-rules = ["own"]\n')
    code.mkdir()
    env = {"PYTHONPATH": str(code), "XDG_CACHE_HOME": str(tmp_path), "MODFIX_CACHE_DIR": ""}
    for _ in range(2):
        told = run(*command, cwd=course, env=env)
        assert shown in told.stdout and told.stderr == ""


def test_a_file_that_vanishes_after_it_was_found_is_told(tmp_path: Path) -> None:
    path = module(tmp_path, CLEAN)
    [found] = module_files([tmp_path]).files
    path.unlink()
    with pytest.raises(ModfixError, match="cannot be read: No such file"):
        read_document(found)


REPLACEMENTS: dict[str, tuple[Make, str]] = {
    "a pipe": (os.mkfifo, "this is not a file"),
    "a folder": (Path.mkdir, "this is not a file"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "this is not a file"),
    "a ring of links": (loop, "cannot be read: Too many levels of symbolic links"),
}


@pytest.mark.parametrize("name", REPLACEMENTS)
def test_what_takes_a_files_place_after_it_was_found_is_not_waited_for(
    name: str, tmp_path: Path
) -> None:
    make, message = REPLACEMENTS[name]
    path = module(tmp_path, CLEAN)
    [found] = module_files([tmp_path]).files
    path.unlink()
    make(path)
    reader = threading.Thread(target=lambda: told.append(_told(found)), daemon=True)
    told: list[str] = []
    reader.start()
    reader.join(60)
    assert told and message in told[0]


def _told(path: Path) -> str:
    try:
        read_document(path)
    except ModfixError as error:
        return str(error)
    return ""


def test_a_folder_that_a_file_replaces_is_told(tmp_path: Path) -> None:
    path = module(tmp_path / "c", CLEAN)
    [found] = module_files([tmp_path]).files
    path.unlink()
    path.parent.rmdir()
    path.parent.write_text("")
    assert "cannot be read: Not a directory" in _told(found)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="takes rights from root by prctl")
def test_a_folder_whose_files_may_not_be_looked_at_leaves_the_others(tmp_path: Path) -> None:
    module(tmp_path / "a", CLEAN)
    module(tmp_path / "b", CLEAN)
    (tmp_path / "a").chmod(0o444)  # its names can be listed, nothing in it can be asked about
    result = run("check", cwd=tmp_path, preexec_fn=without_privileges)
    (tmp_path / "a").chmod(0o755)
    assert result.stdout == "All checks passed (1 module).\n"
    assert result.stderr == "error: a/sums_dev.py: cannot be read: Permission denied\n"
    assert result.returncode == 2


@pytest.mark.long
def test_folders_nest_as_deep_as_names_can_be_long(tmp_path: Path) -> None:
    deep = Path(*["d"] * 1_200)  # the time grows with the square
    here = os.open(".", os.O_RDONLY)
    os.chdir(tmp_path)
    try:
        _dig(deep)
        (deep / "m.py").write_text(CLEAN)
        result = measured(["check"], tmp_path)
    finally:
        os.fchdir(here)
        os.close(here)
    assert (result.code, result.err) == (0, "")
    assert result.out == "All checks passed (1 module).\n"


def _dig(path: Path) -> None:
    """`mkdir(parents=True)` without its recursion."""
    for number in range(1, len(path.parts) + 1):
        Path(*path.parts[:number]).mkdir(exist_ok=True)


@pytest.mark.parametrize("name", ["modfix.toml", "pyproject.toml", "nbgrader_config.py"])
def test_a_configuration_that_is_a_pipe_is_none(name: str, tmp_path: Path) -> None:
    module(tmp_path, CLEAN)
    os.mkfifo(tmp_path / name)
    assert measured(["check"], tmp_path).code == 0


def test_a_path_of_a_link_is_found_once(tmp_path: Path) -> None:
    path = module(tmp_path, CLEAN)
    (tmp_path / "again.py").symlink_to(path)
    assert len(Selection([tmp_path, path, tmp_path / "again.py"]).files()) == 1
    assert read_document(path).to_bytes() == Document.from_bytes(path, CLEAN.encode()).to_bytes()
