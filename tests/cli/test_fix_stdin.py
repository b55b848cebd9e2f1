"""`fix -`: the repaired text on standard output, byte for byte, and whatever happens no less."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import DEFECTIVE, GUARDED, course_rule, module, only_run, run

CRLF = "\r\n"
# Name, what is read and what is printed.
TEXTS = [
    ("m_dev.py", DEFECTIVE.encode(), GUARDED.encode()),
    ("m_dev.py", DEFECTIVE.replace("\n", CRLF).encode(), GUARDED.replace("\n", CRLF).encode()),
    ("m_dev.py", DEFECTIVE.encode("utf-8-sig"), GUARDED.encode("utf-8-sig")),
    (
        "m_dev.py",
        f"# coding: latin-1\n# \xe9\n{DEFECTIVE}".encode("latin-1"),
        f"# coding: latin-1\n# \xe9\n{GUARDED}".encode("latin-1"),
    ),
    ("m_dev.py", DEFECTIVE.encode().rstrip(b"\n"), GUARDED.encode().rstrip(b"\n")),
    ("m_dev.py", GUARDED.encode(), GUARDED.encode()),
    ("m_dev.py", b"", b""),
    ("m_dev.py", b"# %%\nx = (\n\x0c\xc2\x85\t", b"# %%\nx = (\n\x0c\xc2\x85\t"),
]
FIX = ("fix", "-", "--select", "RUN101")


@pytest.mark.parametrize(("name", "text", "expected"), TEXTS)
@pytest.mark.parametrize("command", [FIX, ("check", "--fix", "-", "--select", "RUN101")])
def test_the_text_comes_out_repaired(
    command: tuple[str, ...], name: str, text: bytes, expected: bytes, tmp_path: Path
) -> None:
    result = run(*command, "--stdin-filename", name, cwd=tmp_path, input=text, text=False)
    assert result.stdout == expected, result.stderr
    assert list(tmp_path.iterdir()) == []


# What is read, options, exit code and what stands on standard error.
LEFT = [
    (DEFECTIVE, (), 0, "Fixed 1 finding. All checks passed (1 module).\n"),
    (DEFECTIVE, ("--quiet",), 0, ""),
    (DEFECTIVE, ("--exit-non-zero-on-fix",), 1, "Fixed 1 finding. All checks passed (1 module).\n"),
    (GUARDED, (), 0, "All checks passed (1 module).\n"),
    (f"{DEFECTIVE}\n# %%\nx = (\n", ("--quiet",), 1, "stdin.py:14:5 FMT001 "),
    (DEFECTIVE, ("--output-format", "json"), 0, "[]\n"),
]


@pytest.mark.parametrize(("text", "options", "code", "stderr"), LEFT)
def test_what_is_left_stands_on_stderr(
    text: str, options: tuple[str, ...], code: int, stderr: str, tmp_path: Path
) -> None:
    result = run(*FIX, *options, cwd=tmp_path, input=text)
    assert (result.returncode, result.stdout) == (code, text.replace(DEFECTIVE, GUARDED))
    assert result.stderr.startswith(stderr) and bool(result.stderr) is bool(stderr)


# Bytes that cannot be repaired, and what is told: they come out as they went in.
UNREADABLE = [
    ("m_dev.py", b"\x00\x01", "this is a binary file"),
    ("m_dev.py", b"# %%\n# \xff\n", "not UTF-8"),
    ("m.ipynb", b'{"cells": [', "this is not a notebook that can be read"),
]


@pytest.mark.parametrize(("name", "data", "what"), UNREADABLE)
def test_what_cannot_be_read_comes_out_as_it_went_in(
    name: str, data: bytes, what: str, tmp_path: Path
) -> None:
    result = run(*FIX, "--stdin-filename", name, cwd=tmp_path, input=data, text=False)
    assert (result.returncode, result.stdout) == (2, data)
    assert what in result.stderr.decode() and result.stderr.startswith(b"error: m")


def test_a_diff_is_a_patch_of_the_named_file(tmp_path: Path) -> None:
    result = run(*FIX, "--diff", "--stdin-filename", "c/m_dev.py", cwd=tmp_path, input=DEFECTIVE)
    assert result.stdout.startswith("--- a/c/m_dev.py\n+++ b/c/m_dev.py\n@@ ")
    assert result.returncode == 1  # as `fix --diff`: there is something to fix


BREAKING = """
def found(self, module, cell):
    if "return 3" not in cell.source:
        at = cell.source.index("return 2")
        yield self.at(cell, "m", self.fix(TextEdit(0, at, at + 8, "return 3")))
"""


def test_it_is_proven_when_that_is_asked_for(tmp_path: Path) -> None:
    env = course_rule(tmp_path, "ZZZ101", BREAKING)
    only_run(tmp_path)
    name = ("--stdin-filename", "m_dev.py")
    for rules, expected in [("ZZZ", DEFECTIVE), ("ZZZ,RUN", GUARDED)]:
        options = ("fix", "-", "--verify", *name, "--select", rules)
        result = run(*options, cwd=tmp_path, env=env, input=DEFECTIVE)
        assert (result.returncode, result.stdout) == (1, expected)
        assert "the fix of ZZZ101 makes `direct execution` fail" in result.stderr
    unproven = run("fix", "-", *name, "--select", "ZZZ", cwd=tmp_path, env=env, input=DEFECTIVE)
    assert (unproven.returncode, "return 3" in unproven.stdout) == (0, True)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("-", "--write"), "`-` is standard input, where --write has nothing to write to"),
        (("-", "m_dev.py"), "`-` stands for standard input and for nothing else beside it"),
        (("-", "--verify", "--no-verify"), "--verify runs what is repaired, --no-verify does not"),
    ],
)
def test_what_contradicts_it(options: tuple[str, ...], what: str, tmp_path: Path) -> None:
    module(tmp_path, name="m_dev.py")
    result = run("fix", *options, cwd=tmp_path, input=DEFECTIVE)
    assert result.returncode == 2 and result.stderr.startswith(f"error: {what}")
