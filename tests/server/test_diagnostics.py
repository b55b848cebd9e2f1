"""What an editor shows is what `modfix check` finds in the text that the editor has."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.course import MODULES
from tests.server.editor import MODFIX, Editor, line

EMOJI = '# %%\ndef test_a():\n    assert 1\n\n"😀"; test_a()\n'
TESTED = "# %%\ndef test_a():\n    assert 1\n\ntest_a()\n"
HALF = '# %%\ndef test_a(:\n    """\n\n# %%\nx = (1,\n'
NOTEBOOK = json.dumps(
    {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": ["def test_a():\n", "    assert '😀'\n", "'😀'; test_a()"],
            }
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 4,
    },
    indent=1,
    ensure_ascii=False,
)
# The name of the file, its text, and the language that the client gives it.
TEXTS = [
    ("plain.py", TESTED, "python"),
    ("emoji.py", EMOJI, "python"),
    ("crlf.py", EMOJI.replace("\n", "\r\n"), "python"),
    ("old mac.py", EMOJI.replace("\n", "\r"), "python"),
    ("feed.py", TESTED.replace("assert 1", "assert 1\n\f\n    x = '\u2028'"), "python"),
    ("half typed.py", HALF, "python"),
    ("suppressed.py", f"{TESTED[:-1]}  # modfix: ignore[RUN101]\n", "python"),
    ("unused.py", "# %%\nx = 1  # modfix: ignore[RUN101] once\n", "python"),
    ("latin.py", "# -*- coding: latin-1 -*-\n" + TESTED.replace("1", "'é'", 1), "python"),
    ("light.py", "# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n"
     "#       extension: .py\n#       format_name: light\n# ---\n\ndef test_a():\n    pass\n\n\n"
     "test_a()\n", "python"),
    ("text.md", "---\njupyter:\n  kernelspec:\n    display_name: Python 3\n    name: python3\n"
     "---\n\n```python\ndef test_a():\n    pass\n\ntest_a()\n```\n", "markdown"),
    ("notebook.ipynb", NOTEBOOK, "json"),
    ("crlf.ipynb", NOTEBOOK.replace("\n", "\r\n"), "json"),
    ("module.py", (MODULES / "17_compression" / "compression_dev.py").read_text("utf-8"), "python"),
]  # fmt: skip


def checked(folder: Path, name: str, text: str) -> list[dict[str, Any]]:
    """What `check` finds in a text that it reads from stdin."""
    encoding = "latin-1" if "latin-1" in text[:40] else "utf-8"
    done = subprocess.run(
        [MODFIX, "check", "-", "--stdin-filename", folder / name, "--output-format", "json"],
        input=text.encode(encoding),
        capture_output=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode < 2, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("name", "text", "language"), TEXTS, ids=[each[0] for each in TEXTS])
def test_the_findings_are_those_of_check(
    editor: Editor, folder: Path, name: str, text: str, language: str
) -> None:
    uri = (folder / name).as_uri()
    editor.open(uri, text, language)
    shown = editor.diagnostics(uri)
    expected = checked(folder, name, text)
    assert expected
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for diagnostic, finding in zip(shown, expected, strict=True):
        before = lines[finding["line"] - 1][: finding["column"] - 1]
        column = len(before.encode("utf-16-le")) // 2
        start = types.Position(finding["line"] - 1, column)
        severity = {"error": 1, "warning": 2}[finding["severity"]]
        assert (diagnostic.range.start, diagnostic.code) == (start, finding["code"])
        assert (diagnostic.message, diagnostic.severity) == (finding["message"], severity)
        assert diagnostic.source == "modfix"
        assert diagnostic.range.end > start
        assert diagnostic.range.end.line == start.line
    editor.close(uri)
    assert editor.diagnostics(uri, None) == []


@pytest.mark.parametrize(
    ("wanted", "agreed", "column"),
    [(None, "utf-16", 10), (["utf-8"], "utf-8", 14), (["utf-32", "utf-16"], "utf-32", 8)],
)
def test_columns_are_in_the_units_of_the_client(
    tmp_path: Path, wanted: list[str] | None, agreed: str, column: int
) -> None:
    editor = Editor(tmp_path, "--select", "SUP,RUN", encodings=wanted)
    assert str(editor.said.capabilities.position_encoding) == agreed
    uri = (tmp_path / "a.py").as_uri()
    editor.open(uri, '# %%\n"😀😀";  # modfix: ignore[RUN] so\n')
    (found,) = editor.diagnostics(uri)
    assert found.range.start == types.Position(1, column - 1)
    assert list(found.tags or ()) == [types.DiagnosticTag.Unnecessary]
    editor.close(uri)
    assert editor.shut_down() == 0


def test_a_change_is_seen_at_its_place(editor: Editor, folder: Path) -> None:
    uri = (folder / "typed.py").as_uri()
    editor.open(uri, "# %%\ndef test_a():\n    assert '😀'\n")
    assert [each.code for each in editor.diagnostics(uri)] == ["NBG101"]
    end = types.Position(3, 0)
    for number, key in enumerate("test_a()"):
        place = types.Position(3, number)
        version = editor.change(uri, key, types.Range(place, place))
    assert {each.code for each in editor.diagnostics(uri, version)} == {"NBG101", "RUN101"}
    version = editor.change(uri, "", types.Range(end, types.Position(3, 99)))
    assert [each.code for each in editor.diagnostics(uri, version)] == ["NBG101"]


def test_only_the_last_of_many_changes_is_reviewed(editor: Editor, folder: Path) -> None:
    uri = (folder / "fast.py").as_uri()
    editor.open(uri, TESTED)
    editor.diagnostics(uri)
    last = [editor.change(uri, TESTED + "#" * number) for number in range(30)][-1]
    editor.diagnostics(uri, last)
    assert len({each.version for each in editor.published if each.uri == uri}) < 10


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        ("file:///course/plain.py", "x = 1\n"),  # no cells
        ("file:///course/made.py", "# AUTOGENERATED! DO NOT EDIT!\n# %%\ntest_a()\n"),
        ("file:///course/.ipynb_checkpoints/a.py", TESTED),
        ("file:///course/notes.txt", TESTED),
        ("git:/course/a.py", TESTED),
        ("vscode-notebook-cell:/course/a.ipynb#1", TESTED),
        ("file:///", TESTED),
        ("", TESTED),
    ],
)
def test_what_is_no_module_is_left_alone(editor: Editor, uri: str, text: str) -> None:
    before = len(editor.published)
    editor.open(uri, text)
    assert editor.actions(uri, line(1)) == []
    assert editor.hover(uri, 0, 0) is None
    assert not any(each.diagnostics for each in editor.published[before:])
    editor.close(uri)


def test_a_buffer_without_a_file_is_checked_too(editor: Editor) -> None:
    editor.open("untitled:Untitled-1", TESTED)
    codes = [each.code for each in editor.diagnostics("untitled:Untitled-1")]
    assert codes == ["NBG101", "RUN101"]


# What is typed, and the beginning of what is said of it.
UNREADABLE = [
    ("a.ipynb", '{"cells": [\n{"cell_type": ', "this is not a notebook", 1),
    ("b.ipynb", "", "this is not a notebook", 0),
    ("c.py", "# %%\nx = '\x00'\n", "this is a binary file", 0),
    ("d.py", "# coding: ascii\n# %%\nx = 'é'\n", "`é` cannot be written in ASCII", 2),
    ("e.py", "# coding: no-such\n# %%\nx = 1\n", "unknown encoding `no-such`", 0),
    ("f.py", "# %%\nx = '\ud800'\n", "`\ud800` cannot be written in UTF-8", 1),
]


@pytest.mark.parametrize(("name", "text", "said", "number"), UNREADABLE)
def test_what_cannot_be_read_is_said_at_its_line(
    editor: Editor, folder: Path, name: str, text: str, said: str, number: int
) -> None:
    uri, messages = (folder / name).as_uri(), len(editor.messages)
    editor.open(uri, text)
    (found,) = editor.diagnostics(uri)
    assert found.message.startswith(said)
    assert (found.range.start.line, found.severity) == (number, types.DiagnosticSeverity.Error)
    assert len(editor.messages) == messages  # nobody wants one for each key
    assert editor.actions(uri, line(number + 1)) == []


HOSTILE = [
    "# %%\n" + "(" * 5000,
    "# %%\n" + "x = " + "[" * 900 + "]" * 900 + "\n",
    "# %%\n" * 3000,
    "# %%" + "\u202e\x1b[31m" * 50 + "\ntest_a()\n",
    "# %%\nif x:\n\ty = 1\n        z = 2\n",
    "# %%\nx = '''\n# %%\n",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_ends_the_server(editor: Editor, folder: Path, text: str) -> None:
    uri = (folder / "hostile.py").as_uri()
    editor.open(uri, text)
    assert editor.diagnostics(uri) is not None
    editor.close(uri)
