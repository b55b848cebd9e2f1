"""Notebooks: lossless, the cells that nbformat reads, and edits that touch nothing else."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modfix.document.document import Document
from modfix.document.edit import (
    Edit,
    InsertCell,
    MetadataEdit,
    RemoveCell,
    SplitCell,
    TextEdit,
)
from modfix.errors import ModfixError

SOURCES = st.text(alphabet=st.sampled_from(list('ab\n\t"\\é𝒳 {}[],')), max_size=30)
IMAGE = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBOR" * 40}}
STYLES: list[dict[str, Any]] = [
    {"indent": 1, "ensure_ascii": False},
    {"indent": 4, "ensure_ascii": True},
    {"indent": "\t", "ensure_ascii": False},
    {"indent": None, "ensure_ascii": False, "separators": (",", ":")},
    {"indent": 2, "ensure_ascii": True, "sort_keys": True},
]


def cell(source: str, kind: str, number: int, as_list: bool) -> dict[str, Any]:
    value: dict[str, Any] = {
        "cell_type": kind,
        "id": f"c{number}",
        "metadata": {"nbgrader": {"a": "é"}, "tags": []} if number % 2 else {},
        "source": source.splitlines(keepends=True) if as_list else source,
    }
    if kind == "code":
        value |= {"execution_count": 1, "outputs": [IMAGE]}
    return value


@st.composite
def notebooks(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    kinds = st.sampled_from(["code", "markdown", "raw"])
    cells = [
        cell(draw(SOURCES), draw(kinds), number, draw(st.booleans()))
        for number in range(draw(st.integers(1, 4)))
    ]
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return whole, json.dumps(whole, **draw(st.sampled_from(STYLES)))


def read(text: str) -> Document:
    return Document.from_bytes(Path("m.ipynb"), text.encode())


def joined(value: Any) -> str:
    return value if isinstance(value, str) else "".join(value)


def expected(whole: dict[str, Any], edit: Edit) -> list[tuple[str, str]]:
    """Kinds and sources of the cells after an edit, worked out on plain data."""
    cells = [(each["cell_type"], joined(each["source"])) for each in whole["cells"]]
    match edit:
        case TextEdit():
            kind, text = cells[edit.cell]
            cells[edit.cell] = (kind, text[: edit.start] + edit.text + text[edit.end :])
        case SplitCell():
            kind, text = cells[edit.cell]
            kept, moved = text[: edit.offset].rstrip(), edit.head + text[edit.offset :]
            cells[edit.cell : edit.cell + 1] = [(kind, kept), ("code", moved)]
        case InsertCell():
            cells.insert(edit.after + 1, (edit.kind, edit.source))
        case RemoveCell():
            del cells[edit.cell]
    return cells


@st.composite
def edits(draw: st.DrawFn, whole: dict[str, Any]) -> Edit:
    index = draw(st.integers(0, len(whole["cells"]) - 1))
    length = len(joined(whole["cells"][index]["source"]))
    start = draw(st.integers(0, length))
    kinds = ["text", "metadata", "insert", "remove"]
    if whole["cells"][index]["cell_type"] == "code":
        kinds.append("split")
    match draw(st.sampled_from(kinds)):
        case "text":
            return TextEdit(index, start, draw(st.integers(start, length)), draw(SOURCES))
        case "metadata":
            key = draw(st.sampled_from(["collapsed_by", "nbgrader"]))
            return MetadataEdit(index, key, {"grade": True, "grade_id": "é"})
        case "insert":
            return InsertCell(draw(st.integers(-1, len(whole["cells"]) - 1)), draw(SOURCES))
        case "split":
            return SplitCell(index, start, {"nbgrader": {"grade": True}}, "# head\n")
    return RemoveCell(index)


@given(notebooks())
def test_reading_gives_the_cells_of_nbformat_and_the_same_bytes(
    made: tuple[dict[str, Any], str],
) -> None:
    document = read(made[1])
    theirs = nbformat.reads(made[1], as_version=4).cells
    assert [(c.kind, c.source, c.id) for c in document.cells] == [
        (c.cell_type, c.source, c.id) for c in theirs
    ]
    assert [dict(c.metadata) for c in document.cells] == [dict(c.metadata) for c in theirs]
    assert document.to_bytes() == made[1].encode()


@given(st.data(), notebooks())
def test_an_edit_changes_one_cell_and_the_text_of_no_other(
    data: st.DataObject, made: tuple[dict[str, Any], str]
) -> None:
    whole, text = made
    edit = data.draw(edits(whole))
    document = read(text)
    after = document.edited(document.replacements([edit]))
    assert [(c.kind, c.source) for c in after.cells] == expected(whole, edit)
    if after.cells:
        nbformat.validate(nbformat.reads(after.text, as_version=4))
    assert len({c.notebook_id for c in after.cells}) == len(after.cells)
    touched = getattr(edit, "cell", None)
    for before in document.cells:
        if before.index != touched:
            assert text[before.block_start : before.block_end] in after.text
    if isinstance(edit, MetadataEdit):
        assert after.cells[edit.cell].metadata[edit.key] == edit.value


@given(notebooks())
def test_places_are_lines_of_the_json_file(made: tuple[dict[str, Any], str]) -> None:
    document = read(made[1])
    lines = made[1].split("\n")
    for each in document.cells:
        for offset, char in enumerate(each.source):
            line, column, _ = document.place(each.index, offset)
            if char.isalpha() and char.isascii():
                assert lines[line - 1][column - 1] == char


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "m.ipynb:1: this is not a notebook that can be read: the file is empty"),
        ('{"cells": [', "m.ipynb:1: this is not a notebook that can be read: Expecting"),
        ('{\n"cells": 3, "nbformat": 4}', "m.ipynb:2: this is not a notebook"),
        ('{"cells": [], "nbformat": 5}', "notebook format 5 (3 and 4 are read)"),
        ('{"cells": [], "nbformat": 4} x', "Extra data"),
        ('{"a": ' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_notebook_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(ModfixError) as caught:
        read(text)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_a_notebook_of_format_3_is_read_and_split() -> None:
    cell = {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python"}
    whole = {"worksheets": [{"cells": [cell | {"outputs": [], "metadata": {}}]}], "nbformat": 3}
    document = read(json.dumps(whole, indent=1))
    assert [c.source for c in document.cells] == ["a = 1\nb = 2"]
    after = document.edited(document.replacements([SplitCell(0, 6, {})]))
    assert [c.source for c in after.cells] == ["a = 1", "b = 2"]
    assert json.loads(after.text)["worksheets"][0]["cells"][1]["input"] == ["b = 2"]
