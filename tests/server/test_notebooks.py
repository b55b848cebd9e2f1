"""Notebooks that are open as cells: the cells are the module, each with places of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.course import findings
from tests.server.editor import Editor, edits_of, line, with_edits

CODE, MARKUP = types.NotebookCellKind.Code, types.NotebookCellKind.Markup
TEST = 'def test_a():\n    assert "😀"\n\n"😀"; test_a()'
GRADED = {
    "grade": True, "grade_id": "test-a", "locked": True, "points": 5, "schema_version": 3,
    "solution": False, "task": False,
}  # fmt: skip
RUN = 'select = ["RUN", "FMT", "NBG101", "NBG201", "SUP"]\n'


class Notebook:
    """A notebook as VS Code has it open."""

    def __init__(self, editor: Editor, path: Path) -> None:
        self.editor = editor
        self.path = path
        self.uri = path.as_uri()
        self.version = 0
        self.texts: dict[str, str] = {}

    def uri_of(self, name: str) -> str:
        """The URI of a cell, which says nothing of its place."""
        return f"vscode-notebook-cell:{self.path}#{name}"

    def cell(self, name: str, kind: types.NotebookCellKind, **nbgrader: Any) -> types.NotebookCell:
        metadata = {"id": name, "metadata": {"nbgrader": nbgrader} if nbgrader else {}}
        return types.NotebookCell(kind, self.uri_of(name), metadata)

    def text(self, name: str, text: str, language: str = "python") -> types.TextDocumentItem:
        self.texts[self.uri_of(name)] = text
        return types.TextDocumentItem(self.uri_of(name), language, 1, text)

    def open(
        self, cells: Sequence[types.NotebookCell], texts: Sequence[types.TextDocumentItem]
    ) -> None:
        metadata = {
            "metadata": {"kernelspec": {"display_name": "P", "name": "python3"}},
            "nbformat_minor": 5,
        }
        document = types.NotebookDocument(
            self.uri, "jupyter-notebook", self.version, list(cells), metadata
        )
        params = types.DidOpenNotebookDocumentParams(document, list(texts))
        self.editor.tell(self.editor.client.notebook_document_did_open, params)

    def change(self, cells: types.NotebookDocumentCellChanges) -> None:
        self.version += 1
        document = types.VersionedNotebookDocumentIdentifier(self.version, self.uri)
        event = types.NotebookDocumentChangeEvent(cells=cells)
        params = types.DidChangeNotebookDocumentParams(document, event)
        self.editor.tell(self.editor.client.notebook_document_did_change, params)

    def type(self, name: str, text: str, where: types.Range, version: int) -> None:
        """Type into a cell."""
        document = types.VersionedTextDocumentIdentifier(version, self.uri_of(name))
        change = types.TextDocumentContentChangePartial(where, text)
        content = types.NotebookDocumentCellContentChanges(document, [change])
        self.change(types.NotebookDocumentCellChanges(text_content=[content]))

    def close(self) -> None:
        every = [types.TextDocumentIdentifier(uri) for uri in self.texts]
        params = types.DidCloseNotebookDocumentParams(
            types.NotebookDocumentIdentifier(self.uri), every
        )
        self.editor.tell(self.editor.client.notebook_document_did_close, params)

    def diagnostics(self, name: str, version: int = 1, after: int = 0) -> list[types.Diagnostic]:
        return self.editor.diagnostics(self.uri_of(name), version, after)


@pytest.fixture
def notebook(editor: Editor, folder: Path) -> Notebook:
    """Prose, a test that runs at import (graded), and a cell that uses it."""
    (folder / "modfix.toml").write_text(RUN)
    made = Notebook(editor, folder / "a book é.ipynb")
    made.open(
        [made.cell("prose", MARKUP), made.cell("test", CODE, **GRADED), made.cell("more", CODE)],
        [made.text("prose", "# A title", "markdown"), made.text("test", TEST),
         made.text("more", "x = 1")],
    )  # fmt: skip
    return made


def test_each_finding_is_at_its_cell(notebook: Notebook) -> None:
    assert notebook.diagnostics("prose") == []
    (found,) = notebook.diagnostics("test")
    assert found.range.start == types.Position(3, 0)
    assert found.code == "RUN103"
    (found,) = notebook.diagnostics("more")
    assert (found.code, found.range) == (
        "NBG101", types.Range(types.Position(0, 0), types.Position(0, 5))
    )  # fmt: skip


def test_the_findings_are_those_of_the_file(notebook: Notebook) -> None:
    cells = [
        {"cell_type": "markdown", "id": "prose", "metadata": {}, "source": "# A title"},
        {"cell_type": "code", "id": "test", "metadata": {"nbgrader": GRADED}, "source": TEST},
        {"cell_type": "code", "id": "more", "metadata": {}, "source": "x = 1"},
    ]
    for cell in cells[1:]:
        cell |= {"execution_count": None, "outputs": []}
    kernel = {"kernelspec": {"display_name": "P", "name": "python3"}}
    whole = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    notebook.path.write_text(json.dumps(whole))
    shown = {
        (name, str(each.code), each.message)
        for name in ("prose", "test", "more")
        for each in notebook.diagnostics(name)
    }
    names = [str(cell["id"]) for cell in cells]
    found = findings(notebook.path)
    assert shown == {(names[e["cell"]["index"]], e["code"], e["message"]) for e in found}


def test_typing_in_a_cell_is_seen_in_all_of_them(notebook: Notebook) -> None:
    notebook.diagnostics("test")
    end = types.Position(3, 99)
    before = len(notebook.editor.published)
    notebook.type("test", "", types.Range(types.Position(2, 0), end), 2)
    assert notebook.diagnostics("test", 2) == []
    notebook.type("more", "test_a()", types.Range(types.Position(0, 0), types.Position(0, 5)), 2)
    codes = {str(each.code) for each in notebook.diagnostics("more", 2, before)}
    assert codes == {"NBG101", "RUN101"}


def test_cells_come_move_and_go(notebook: Notebook) -> None:
    notebook.diagnostics("more")
    before = len(notebook.editor.published)
    new = types.NotebookCellArrayChange(1, 1, [notebook.cell("new", CODE, **GRADED)])
    structure = types.NotebookDocumentCellChangeStructure(
        new,
        did_open=[notebook.text("new", "def test_b(:")],
        did_close=[types.TextDocumentIdentifier(notebook.uri_of("test"))],
    )
    notebook.change(types.NotebookDocumentCellChanges(structure=structure))
    assert "FMT001" in {str(each.code) for each in notebook.diagnostics("new")}
    gone = notebook.editor.diagnostics(notebook.uri_of("test"), None, before)
    assert gone == []
    # To the front: out of its place, and in again, its document staying open.
    order = [notebook.cell(name, CODE) for name in ("more", "prose", "new")]
    moved = types.NotebookDocumentCellChangeStructure(types.NotebookCellArrayChange(0, 3, order))
    notebook.change(types.NotebookDocumentCellChanges(structure=moved))
    notebook.type("more", "x = (", types.Range(types.Position(0, 0), types.Position(0, 5)), 2)
    assert "FMT001" in {str(each.code) for each in notebook.diagnostics("more", 2)}
    assert notebook.editor.actions(notebook.uri_of("more"), line(1))  # all has arrived then
    shown = [each.uri for each in notebook.editor.published[-3:]]
    assert shown == [notebook.uri_of(name) for name in ("more", "prose", "new")]


def test_metadata_that_are_given_are_seen(notebook: Notebook) -> None:
    notebook.diagnostics("more")
    before = len(notebook.editor.published)
    data = [notebook.cell("more", CODE, **{**GRADED, "grade": False, "grade_id": "x"})]
    notebook.change(types.NotebookDocumentCellChanges(data=data))
    assert notebook.diagnostics("more", after=before) == []


def test_a_fix_of_text_is_an_edit_of_its_cell(notebook: Notebook) -> None:
    uri = notebook.uri_of("test")
    (title,) = [each.title for each in notebook.editor.actions(uri, line(4)) if "RUN103" in each.title and "fix" not in each.title.lower() and "Ignore" not in each.title]  # fmt: skip # noqa: E501
    edit = notebook.editor.chosen(uri, line(4), title)
    (changed,) = edit.document_changes or ()
    assert (changed.text_document.uri, changed.text_document.version) == (uri, 1)
    text = with_edits(TEST, edits_of(edit, uri))
    assert text == TEST.replace('\n"', '\nif __name__ == "__main__":\n    "')
    ignored = notebook.editor.chosen(uri, line(4), "Ignore RUN103 here")
    assert with_edits(TEST, edits_of(ignored, uri)) == f"{TEST}  # modfix: ignore[RUN103]"


def test_a_fix_of_metadata_says_that_it_cannot_be_made(notebook: Notebook) -> None:
    found = notebook.editor.actions(notebook.uri_of("more"), line(1))
    (action,) = [each for each in found if each.title.startswith("NBG101:")]
    assert action.disabled is not None and "run `modfix fix`" in action.disabled.reason
    assert action.edit is None and action.data is None


def test_fixing_all_leaves_metadata_alone(notebook: Notebook) -> None:
    uri = notebook.uri_of("prose")  # asked of any cell, made in all of them
    (action,) = notebook.editor.actions(uri, line(1), ["notebook.source.fixAll"])
    edit = notebook.editor.resolve(action).edit
    assert edit is not None
    assert [each.text_document.uri for each in edit.document_changes or ()] == [
        notebook.uri_of("test")
    ]
    assert notebook.editor.actions(uri, line(1), ["source.fixAll"]) == []


def test_the_lines_of_a_cell_end_as_it_wants(editor: Editor, folder: Path) -> None:
    (folder / "modfix.toml").write_text(RUN)
    made = Notebook(editor, folder / "crlf.ipynb")
    text = TEST.replace("\n", "\r\n")
    made.open([made.cell("test", CODE, **GRADED)], [made.text("test", text)])
    (found,) = made.diagnostics("test")
    assert found.range.start == types.Position(3, 0)
    (action,) = editor.actions(made.uri_of("test"), line(1), ["notebook"])
    edit = editor.resolve(action).edit
    assert edit is not None
    fixed = with_edits(text, edits_of(edit, made.uri_of("test")))
    assert fixed == text.replace('\r\n"', '\r\nif __name__ == "__main__":\r\n    "')


def test_hovering_works_in_a_cell(editor: Editor, folder: Path) -> None:
    made = Notebook(editor, folder / "hover.ipynb")
    made.open([made.cell("a", CODE)], [made.text("a", "x = 1  # modfix: ignore[RUN101] so")])
    found = editor.hover(made.uri_of("a"), 0, 25)
    assert found is not None and "RUN101" in str(found.contents)


def test_a_raw_cell_and_unknown_metadata_do_no_harm(editor: Editor, folder: Path) -> None:
    made = Notebook(editor, folder / "raw.ipynb")
    bare = types.NotebookCell(CODE, made.uri_of("bare"))
    odd = types.NotebookCell(CODE, made.uri_of("odd"), {"metadata": [1], "id": 5})
    made.open(
        [bare, odd, types.NotebookCell(CODE, made.uri_of("unknown"))],
        [made.text("bare", "x = (", "raw"), made.text("odd", "x = 1")],
    )
    assert made.diagnostics("bare") == []
    assert [each.code for each in made.diagnostics("odd")] == ["FMT109"]  # of the `id`


def test_closing_takes_the_diagnostics_away(notebook: Notebook) -> None:
    notebook.diagnostics("test")
    before = len(notebook.editor.published)
    notebook.close()
    for name in ("prose", "test", "more"):
        uri = notebook.uri_of(name)
        assert notebook.editor.diagnostics(uri, None, before) == []
    assert notebook.editor.actions(notebook.uri_of("test"), line(1)) == []


def test_an_empty_notebook_is_no_trouble(editor: Editor, folder: Path) -> None:
    made = Notebook(editor, folder / "empty.ipynb")
    made.open([], [])
    structure = types.NotebookDocumentCellChangeStructure(
        types.NotebookCellArrayChange(0, 0, [made.cell("a", CODE)]),
        did_open=[made.text("a", "x = (")],
    )
    made.change(types.NotebookDocumentCellChanges(structure=structure))
    assert "FMT001" in {str(each.code) for each in made.diagnostics("a")}
