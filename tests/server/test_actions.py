"""What an editor offers to do, and the edits that it then makes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.course import MODULES
from tests.server.editor import MODFIX, Editor, edits_of, line, with_edits

TESTED = '# %%\ndef test_a():\n    assert "😀"\n\ntest_a()\n'
TWICE = f"{TESTED}\n# %%\ndef test_b():\n    assert 1\n\ntest_b()\n"
GUARD = 'if __name__ == "__main__":\n    '
UNNAMED = """\
# %% nbgrader={"grade": true, "grade_id": "a b", "locked": true, "points": 1, "solution": false, \
"schema_version": 3, "task": false}
assert True
"""
RUN = 'select = ["RUN"]\n'
FIX_ALL = "Fix all that is safe to fix (modfix)"


def opened(editor: Editor, folder: Path, text: str, settings: str = RUN) -> str:
    """The URI of a module that is open."""
    (folder / "modfix.toml").write_text(settings)
    uri = (folder / "a dev é.py").as_uri()
    editor.open(uri, text)
    editor.diagnostics(uri)
    return uri


def after(editor: Editor, uri: str, number: int, title: str) -> str:
    """The text after an action at a line."""
    return with_edits(editor.texts[uri], edits_of(editor.chosen(uri, line(number), title), uri))


RUN101 = "RUN101: guard it with `if __name__`"
# A text, a line, an action and what it makes of the text.
DONE = [
    (TESTED, 5, "RUN101", TESTED.replace("\ntest_a()", f"\n{GUARD}test_a()")),
    (TESTED, 5, "Ignore", TESTED.replace("\ntest_a()", "\ntest_a()  # modfix: ignore[RUN101]")),
    (TWICE, 5, "RUN101", TWICE.replace("\ntest_a()", f"\n{GUARD}test_a()")),
    (TWICE, 11, "Fix all 2 of RUN101",
     TWICE.replace("\ntest_a()", f"\n{GUARD}test_a()").replace("\ntest_b()", f"\n{GUARD}test_b()")),
]  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("text", "number", "begins", "expected"), DONE)
def test_an_action_makes_its_edit(
    editor: Editor, folder: Path, text: str, number: int, begins: str, expected: str, newline: str
) -> None:
    uri = opened(editor, folder, text.replace("\n", newline))
    titles = [each.title for each in editor.actions(uri, line(number))]
    (title,) = [title for title in titles if title.startswith(begins)]
    edit = editor.chosen(uri, line(number), title)
    assert with_edits(editor.texts[uri], edits_of(edit, uri)) == expected.replace("\n", newline)
    (changed,) = edit.document_changes or ()
    assert (changed.text_document.uri, changed.text_document.version) == (uri, 1)


def test_a_safe_fix_is_preferred_and_an_unsafe_one_says_so(editor: Editor, folder: Path) -> None:
    uri = opened(editor, folder, TESTED)
    fixes = [each for each in editor.actions(uri, line(5)) if each.title.startswith("RUN101")]
    assert [each.is_preferred for each in fixes] == [True]
    assert [str(each.diagnostics[0].code) for each in fixes if each.diagnostics] == ["RUN101"]
    editor.close(uri)
    uri = opened(editor, folder, UNNAMED, 'select = ["NBG202"]\n')
    (unsafe,) = [each for each in editor.actions(uri, line(1)) if each.title.startswith("NBG202:")]
    assert unsafe.title.endswith("(unsafe: it may change what the module does)")
    assert not unsafe.is_preferred
    assert FIX_ALL not in [each.title for each in editor.actions(uri, line(1))]
    assert edits_of(editor.chosen(uri, line(1), unsafe.title), uri)


MODULE_17 = (MODULES / "17_compression" / "compression_dev.py").read_text("utf-8")


@pytest.mark.parametrize("text", [TWICE, TWICE.replace("\n", "\r\n"), MODULE_17])
def test_fixing_all_is_what_fix_does(editor: Editor, folder: Path, text: str) -> None:
    uri = opened(editor, folder, text, "")
    done = subprocess.run(
        [MODFIX, "fix", "-", "--stdin-filename", folder / "a dev é.py"],
        input=text.encode(),
        capture_output=True,
        check=False,
    )
    assert done.stdout != text.encode()
    assert after(editor, uri, 1, FIX_ALL).encode() == done.stdout
    diff = subprocess.run(
        [MODFIX, "fix", "-", "--stdin-filename", folder / "a dev é.py", "--diff"],
        input=text.encode(),
        capture_output=True,
        check=False,
    )
    path = folder / "patched.py"
    path.write_bytes(text.encode())
    subprocess.run(["patch", "--binary", path], input=diff.stdout, check=True, capture_output=True)
    assert path.read_bytes() == done.stdout


def test_the_json_of_a_notebook_gets_every_fix(editor: Editor, folder: Path) -> None:
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [],
            "source": ["def test_a():\n", "    assert '😀'\n", "\n", "test_a()"]}  # fmt: skip
    whole = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    path = folder / "a.ipynb"
    done = subprocess.run(
        [MODFIX, "fix", "-", "--stdin-filename", path],
        input=text.encode(),
        capture_output=True,
        check=False,
    )
    editor.open(path.as_uri(), text, "json")
    fixed = after(editor, path.as_uri(), 1, FIX_ALL)
    assert fixed.encode() == done.stdout
    (made,) = json.loads(fixed)["cells"]
    assert made["metadata"]["nbgrader"]["grade"] and "__main__" in "".join(made["source"])


# The kinds that are asked for, and those that come.
KINDS = [
    (None, {"quickfix", "source.fixAll.modfix"}),
    (["quickfix"], {"quickfix"}),
    (["source"], {"source.fixAll.modfix"}),
    (["source.fixAll"], {"source.fixAll.modfix"}),
    (["source.fixAll.modfix"], {"source.fixAll.modfix"}),
    (["source.fixAll.ruff"], set()),
    (["refactor"], set()),
]


@pytest.mark.parametrize(("only", "expected"), KINDS)
def test_only_the_kinds_that_are_asked_for_come(
    editor: Editor, folder: Path, only: list[str] | None, expected: set[str]
) -> None:
    uri = opened(editor, folder, TESTED)
    found = editor.actions(uri, line(5), only)
    assert {str(getattr(each.kind, "value", each.kind)) for each in found} == expected


def test_an_action_of_an_older_text_is_refused(editor: Editor, folder: Path) -> None:
    uri = opened(editor, folder, TESTED)
    action = next(each for each in editor.actions(uri, line(5)) if each.title.startswith("RUN101"))
    editor.change(uri, f"# more\n{TESTED}")
    with pytest.raises(JsonRpcException) as raised:
        editor.resolve(action)
    assert raised.value.code == types.LSPErrorCodes.ContentModified.value


def test_an_action_whose_finding_is_gone_is_refused(editor: Editor, folder: Path) -> None:
    uri = opened(editor, folder, TESTED)
    action = next(each for each in editor.actions(uri, line(5)) if each.title.startswith("RUN101"))
    before = len(editor.published)
    (folder / "modfix.toml").write_text('ignore = ["RUN"]\n')
    editor.changed_on_disk(folder / "modfix.toml")
    editor.diagnostics(uri, after=before)
    with pytest.raises(JsonRpcException) as raised:
        editor.resolve(action)
    assert raised.value.code == types.LSPErrorCodes.ContentModified.value


@pytest.mark.parametrize("data", [None, {"uri": "a"}, {"uri": 1, "version": 1, "task": {}}])
def test_the_action_of_another_server_is_refused(editor: Editor, data: object) -> None:
    with pytest.raises(JsonRpcException):
        editor.resolve(types.CodeAction("x", data=data))


def test_actions_at_a_changed_text_are_of_that_text(editor: Editor, folder: Path) -> None:
    uri = opened(editor, folder, "# %%\nx = 1\n")
    version = editor.change(uri, TESTED)
    editor.texts[uri] = TESTED  # asked at once, before the text has come to rest
    (title,) = [e.title for e in editor.actions(uri, line(5)) if e.title.startswith("RUN101")]
    (changed,) = editor.chosen(uri, line(5), title).document_changes or ()
    assert changed.text_document.version == version


def test_a_client_that_asks_for_no_edits_later_gets_them_at_once(tmp_path: Path) -> None:
    editor = Editor(tmp_path, resolves=False, versions=False)
    uri = opened(editor, tmp_path, TESTED)
    found = editor.actions(uri, line(5))
    assert {each.title[:6] for each in found} == {"RUN101", "Ignore", "Fix al"}
    for each in found:
        assert each.edit is not None and each.edit.document_changes is None
        assert with_edits(TESTED, (each.edit.changes or {})[uri]) != TESTED
    assert editor.shut_down() == 0


def test_a_repair_that_is_refused_says_why(editor: Editor, folder: Path) -> None:
    (folder / "rules.py").write_text(
        "from modfix.rule import *\n\n"
        "class Breaks(Rule):\n"
        '    """Breaks."""\n\n'
        '    code, name, fixes = "ABC101", "breaks", (Applicability.SAFE,)\n\n'
        "    def check(self, module):\n        cell = module.document.cells[0]\n"
        '        if "(" not in cell.source:\n'
        '            yield self.at(cell, "x", Fix("y", (TextEdit(0, 0, 0, "("),)), start=0)\n'
    )
    uri = opened(editor, folder, "# %%\nx = 1\n", 'local-rules = ["rules.py"]\nselect = ["ABC"]\n')
    messages = len(editor.messages)
    with pytest.raises(JsonRpcException, match="leaves a cell that does not parse"):
        editor.chosen(uri, line(1), FIX_ALL)
    (told,) = editor.messages[messages:]
    assert (told.type, "ABC101" in told.message) == (types.MessageType.Warning, True)


def test_hovering_over_a_code_explains_it(editor: Editor, folder: Path) -> None:
    text = '# %%\nx = "😀"  # modfix: ignore[RUN101, NBG30] because\n'
    uri = opened(editor, folder, text)
    start = text.split("\n")[1].index("RUN101") + 1  # the emoji counts twice
    found = editor.hover(uri, 1, start + 3)
    assert found is not None and found.range is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert found.contents.kind == types.MarkupKind.Markdown
    said = subprocess.run(
        [MODFIX, "explain", "RUN101", "--output-format", "markdown"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.contents.value == said.stdout.rstrip("\n")
    assert (found.range.start.character, found.range.end.character) == (start, start + 6)
    several = editor.hover(uri, 1, start + 9)
    assert several is not None and "| NBG301 |" in str(several.contents)
    assert editor.hover(uri, 1, 1) is None
    assert editor.hover(uri, 99, 99) is None
