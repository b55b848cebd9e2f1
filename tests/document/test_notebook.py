"""Notebooks: lossless, the cells that nbformat reads, and edits that touch nothing else."""

import json
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.document.edit import (
    Edit,
    InsertCell,
    MetadataEdit,
    MetadataRemoval,
    RemoveCell,
    SplitCell,
    TextEdit,
    UnsoundEdit,
)
from modfix.errors import ModfixError
from tests.document.notebook_files import SOURCES, notebooks_3, notebooks_4, written

# The one table of deliberate differences to nbformat, each shown by a cell: ours and nbformat's.
DIFFERENCES: dict[str, tuple[str, dict[str, Any], int, tuple[str, Any], tuple[str, Any]]] = {
    "headings": (
        "a source is the text of the file: nbformat puts hashes before a heading of format 3",
        {"cell_type": "heading", "level": 2, "source": "A\nB", "metadata": {}},
        3,
        ("A\nB", {}),
        ("## A B", {}),
    ),
    "collapsed": (
        "metadata are those of the file: nbformat moves what format 3 has beside them into them",
        {"cell_type": "code", "input": "x", "outputs": [], "collapsed": True, "metadata": {}},
        3,
        ("x", {}),
        ("x", {"collapsed": True}),
    ),
    "trusted": (
        "metadata are those of the file: nbformat drops `trusted`",
        {"cell_type": "raw", "source": "x", "metadata": {"trusted": True}},
        4,
        ("x", {"trusted": True}),
        ("x", {}),
    ),
}


def whole_notebook(cells: list[dict[str, Any]], major: int) -> dict[str, Any]:
    inside = {"cells": cells} if major == 4 else {"worksheets": [{"cells": cells}]}
    return {**inside, "metadata": {}, "nbformat": major, "nbformat_minor": 0}


@st.composite
def notebooks(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    whole = draw(notebooks_4() | notebooks_3())
    return whole, draw(written(whole))


def read(text: str) -> Document:
    return Document.from_bytes(Path("m.ipynb"), text.encode())


def cells_of(whole: dict[str, Any]) -> list[dict[str, Any]]:
    sheets = whole.get("worksheets", [whole])
    return [cell for sheet in sheets for cell in sheet["cells"]]


def expected(document: Document, edit: Edit) -> list[tuple[str, str]]:
    """Kinds and sources of the cells after an edit, worked out on plain data."""
    cells: list[tuple[str, str]] = [(cell.kind, cell.source) for cell in document.cells]
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
def edits(draw: st.DrawFn, document: Document) -> Edit:
    index = draw(st.integers(0, len(document.cells) - 1))
    length = len(document.cells[index].source)
    start = draw(st.integers(0, length))
    kinds = ["text", "metadata", "insert", "remove"]
    if document.cells[index].kind == "code":
        kinds.append("split")
    match draw(st.sampled_from(kinds)):
        case "text":
            return TextEdit(index, start, draw(st.integers(start, length)), draw(SOURCES))
        case "metadata":
            key = draw(st.sampled_from(["collapsed_by", "nbgrader"]))
            return MetadataEdit(index, key, {"grade": True, "grade_id": "é"})
        case "insert":
            return InsertCell(draw(st.integers(-1, len(document.cells) - 1)), draw(SOURCES))
        case "split":
            return SplitCell(index, start, {"nbgrader": {"grade": True}}, "# head\n")
    return RemoveCell(index)


def theirs(text: str) -> list[tuple[str, str, dict[str, Any]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cells = nbformat.reads(text, as_version=4).cells
    return [(cell.cell_type, cell.source, dict(cell.metadata)) for cell in cells]


def as_nbformat(major: int, cell: Cell, raw: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Our cell with the differences of the table undone."""
    metadata = dict(cell.metadata)
    if "input" in raw:
        metadata["collapsed"] = raw["collapsed"]
    if major == 4:
        metadata.pop("trusted", None)
    source = cell.source
    if raw["cell_type"] == "heading":
        source = f"{'#' * raw['level']} {' '.join(source.splitlines())}"
    return cell.kind, source, metadata


@given(notebooks())
def test_reading_gives_the_cells_of_nbformat_and_the_same_bytes(
    made: tuple[dict[str, Any], str],
) -> None:
    whole, text = made
    document = read(text)
    raw = cells_of(whole)
    assert [
        as_nbformat(whole["nbformat"], *pair) for pair in zip(document.cells, raw, strict=True)
    ] == theirs(text)
    assert [c.notebook_id for c in document.cells] == [each.get("id") for each in raw]
    assert document.to_bytes() == text.encode()


@pytest.mark.parametrize("name", DIFFERENCES)
def test_each_deliberate_difference_is_one(name: str) -> None:
    _, cell, major, ours, other = DIFFERENCES[name]
    text = json.dumps(whole_notebook([cell], major))
    assert [(c.source, dict(c.metadata)) for c in read(text).cells] == [ours]
    assert [each[1:] for each in theirs(text)] == [other] and other != ours


@given(st.data(), notebooks())
def test_an_edit_changes_one_cell_and_the_text_of_no_other(
    data: st.DataObject, made: tuple[dict[str, Any], str]
) -> None:
    document = read(made[1])
    if not document.cells:
        return
    edit = data.draw(edits(document))
    after = document.edited(document.replacements([edit]))
    assert [(c.kind, c.source) for c in after.cells] == expected(document, edit)
    if after.cells:
        require_valid(after.text)
    ids = [c.notebook_id for c in after.cells if made[0].get("nbformat_minor", 0) >= 5]
    assert len(set(ids)) == len(ids)
    touched = getattr(edit, "cell", None)
    for before in document.cells:
        if before.index != touched:
            assert document.text[before.block_start : before.block_end] in after.text
    if isinstance(edit, MetadataEdit):
        assert after.cells[edit.cell].metadata[edit.key] == edit.value


TOGETHER: dict[str, tuple[list[Edit], list[tuple[str, str]]]] = {
    "two splits": (
        [SplitCell(0, 6, {"n": 1}, "# h\n"), SplitCell(0, 13, {"n": 2})],
        [("a = 1", "first"), ("# h\nb = 2", "1"), ("c = 3", "2"), ("d", "last")],
    ),
    "equal pieces": (
        [TextEdit(0, 6, 11, "c = 3"), SplitCell(0, 6), SplitCell(0, 13)],
        [("a = 1", "first"), ("c = 3", ""), ("c = 3", ""), ("d", "last")],
    ),
    "splits, text and metadata": (
        [
            TextEdit(0, 4, 5, "7"),
            MetadataEdit(0, "n", "new"),
            SplitCell(0, 6, {"n": 1}),
            TextEdit(0, 6, 6, "# text\n"),
            TextEdit(0, 11, 11, "0"),
        ],
        [("a = 7", "new"), ("# text\nb = 20\n\nc = 3", "1"), ("d", "last")],
    ),
    "a split and the removal of metadata": (
        [MetadataRemoval(0, "n"), SplitCell(0, 6)],
        [("a = 1", ""), ("b = 2\n\nc = 3", ""), ("d", "last")],
    ),
    "a split and a new cell behind": (
        [InsertCell(0, "new"), SplitCell(0, 6)],
        [("a = 1", "first"), ("b = 2\n\nc = 3", ""), ("new", ""), ("d", "last")],
    ),
    "all cells go": ([RemoveCell(0), RemoveCell(1)], []),
    "the last cell goes, and one is new": (
        [InsertCell(0, "new"), RemoveCell(1)],
        [("a = 1\nb = 2\n\nc = 3", "first"), ("new", "")],
    ),
}
ORDERS = {  # of the keys: as nbformat and as Colab write them
    "nbformat": ["cell_type", "execution_count", "id", "metadata", "outputs", "source"],
    "colab": ["cell_type", "source", "metadata", "execution_count", "outputs", "id"],
}


@st.composite
def fixes(draw: st.DrawFn, document: Document) -> list[Edit]:
    """Edits of one fix that do not touch each other, from the end of the file to its start."""
    made: list[Edit] = []
    for cell in reversed(document.cells):
        at = cell.index
        if draw(st.integers(0, 4)) == 0:
            made.append(RemoveCell(at))
            continue
        if draw(st.integers(0, 3)) == 0:
            made.append(InsertCell(at, draw(st.sampled_from(["new", "a\n\n# b", ""]))))
        for place in range(len(cell.source) - 1, -1, -1):
            begins = place and cell.source[place - 1] == "\n"
            if cell.source[place].isspace() or draw(st.integers(0, 3)):
                continue
            if draw(st.booleans()):
                made.append(
                    TextEdit(at, place, place + 1, draw(st.sampled_from(["x", "é\n", "{}"])))
                )
            elif begins and cell.kind == "code":
                made.append(
                    SplitCell(at, place, {"made": place}, draw(st.sampled_from(["", "# h\n"])))
                )
        if draw(st.integers(0, 2)) == 0:
            made.append(MetadataEdit(at, "nbgrader", {"at": at}))
    return made


@given(st.data(), notebooks())
def test_edits_together_are_what_they_are_one_by_one(
    data: st.DataObject, made: tuple[dict[str, Any], str]
) -> None:
    document = read(made[1])
    edits = data.draw(fixes(document))
    one_by_one = document
    for edit in edits:
        one_by_one = one_by_one.edited(one_by_one.replacements([edit]))
    data.draw(st.randoms(use_true_random=False)).shuffle(edits)
    together = document.edited(document.replacements(edits))
    assert [(c.kind, c.source, c.metadata) for c in together.cells] == [
        (c.kind, c.source, c.metadata) for c in one_by_one.cells
    ]


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", TOGETHER)
def test_edits_of_one_fix_are_made_together(name: str, order: str, quoted: bool) -> None:
    cells = []
    for source, said in [("a = 1\nb = 2\n\nc = 3", "first"), ("d", "last")]:
        lines = source if quoted else source.splitlines(keepends=True)
        cell: dict[str, Any] = {"cell_type": "code", "execution_count": None, "outputs": []}
        cell |= {"id": said, "metadata": {"n": said}, "source": lines}
        cells.append({key: cell[key] for key in ORDERS[order]})
    document = read(json.dumps(whole_notebook(cells, 4) | {"nbformat_minor": 5}, indent=1))
    made, expected = TOGETHER[name]
    after = document.edited(document.replacements(made))
    assert [(c.source, str(c.metadata.get("n", ""))) for c in after.cells] == expected
    require_valid(after.text)
    assert len({cell.notebook_id for cell in after.cells}) == len(after.cells)


STYLES: list[dict[str, Any]] = [
    {"separators": (",", ":")},
    {},
    {"indent": 1},
    {"indent": "\t", "separators": (",", ":")},
]
MADE: dict[str, list[Edit]] = {name: edits for name, (edits, _) in TOGETHER.items()} | {
    "a key is added": [MetadataEdit(0, "nbgrader", {"grade": True, "points": [1, 2]})],
    "the first key is added": [MetadataEdit(2, "nbgrader", {"grade": True, "points": 1})],
    "metadata are added": [MetadataEdit(3, "nbgrader", {"grade": True, "points": 1})],
    "a line is added": [TextEdit(1, 1, 1, "\ne")],
    "a cell is added": [InsertCell(1, "e\nf", {"nbgrader": {"grade": True, "points": 1}})],
    "a cell is added in front": [InsertCell(-1, "e\nf", {"a": 1, "b": 2})],
}


@pytest.mark.parametrize("style", STYLES, ids=str)
@pytest.mark.parametrize("name", MADE)
def test_what_is_added_is_written_as_the_file_is(name: str, style: dict[str, Any]) -> None:
    code = {"cell_type": "code", "execution_count": None, "outputs": [], "metadata": {"n": 1}}
    cells: list[dict[str, Any]] = [
        code | {"id": "first", "source": ["a = 1\n", "b = 2\n", "\n", "c = 3"]},
        code | {"id": "second", "source": ["d"]},
        code | {"id": "third", "metadata": {}, "source": "g"},
        {"cell_type": "markdown", "id": "fourth", "source": ["h"]},
    ]
    document = read(json.dumps(whole_notebook(cells, 4) | {"nbformat_minor": 5}, **style))
    after = document.edited(document.replacements(MADE[name])).text
    assert after != document.text
    assert after == json.dumps(json.loads(after), **style)


def test_the_first_cell_of_a_notebook_is_written_as_the_file_is() -> None:
    style: dict[str, Any] = {"separators": (",", ":")}
    document = read(json.dumps(whole_notebook([], 4) | {"nbformat_minor": 5}, **style))
    after = document.edited(document.replacements([InsertCell(-1, "a\nb")])).text
    assert after == json.dumps(json.loads(after), **style)


@pytest.mark.parametrize(
    "touching",
    [
        [TextEdit(0, 4, 8, "x"), SplitCell(0, 6)],
        [SplitCell(0, 6), SplitCell(0, 6)],
        [TextEdit(0, 0, 5, "x"), TextEdit(0, 4, 5, "y"), SplitCell(0, 6)],
    ],
    ids=str,
)
@pytest.mark.parametrize("order", ORDERS)
def test_edits_that_touch_are_refused(touching: list[Edit], order: str) -> None:
    cell: dict[str, Any] = {"cell_type": "code", "execution_count": None, "id": "a"}
    cell |= {"metadata": {}, "outputs": [], "source": "a = 1\nb = 2"}
    whole = whole_notebook([{key: cell[key] for key in ORDERS[order]}], 4)
    with pytest.raises(UnsoundEdit, match="twice"):
        read(json.dumps(whole)).replacements(touching)


def require_valid(text: str) -> None:
    """Raise unless nbformat's schema accepts the text (of a minor version that it knows)."""
    whole = json.loads(text)
    if (whole["nbformat"], whole["nbformat_minor"]) <= (4, 5):
        nbformat.validate(nbformat.reads(text, as_version=nbformat.NO_CONVERT))


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
        ('{"cells": [],\n "nbformat": 2}', "m.ipynb:2: this is not a notebook that can be read: "),
        ('{"cells": []}', "it has no `nbformat`"),
        (
            '{"cells": [\n 1], "nbformat": 4}',
            "m.ipynb:2: this is not a notebook that can be read: ",
        ),
        ('{"nbformat": 3, "worksheets": []}', "a notebook of format 3 without a worksheet"),
        ('{"nbformat": 4,\n "cells": [],\n }', "m.ipynb:2: this is not a notebook"),
        ('{"cells": [], "nbformat": 4} x', "Extra data"),
        ('{"a": ' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_notebook_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(ModfixError) as caught:
        read(text)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_a_mark_and_a_newer_minor_version_are_read() -> None:
    text = '{"cells": [{"cell_type": "code", "new": {}}], "nbformat": 4, "nbformat_minor": 99}'
    data = b"\xef\xbb\xbf" + text.encode()
    document = Document.from_bytes(Path("m.ipynb"), data)
    assert [c.source for c in document.cells] == [""] and document.to_bytes() == data
    after = document.edited(document.replacements([TextEdit(0, 0, 0, "x\ny")]))
    assert [c.source for c in after.cells] == ["x\ny"]


@pytest.mark.parametrize("ended", [False, True])
def test_several_edits_of_a_cell_of_format_3_are_made_together(ended: bool) -> None:
    lines = ["a = 1\n", "b = 2\n", "c = 3"] if ended else ["a = 1", "b = 2", "c = 3"]
    cell = {"cell_type": "code", "input": lines, "language": "python", "outputs": []}
    document = read(json.dumps(whole_notebook([cell | {"metadata": {}}], 3), indent=1))
    edits: list[Edit] = [
        TextEdit(0, 0, 0, "x\ny\n"),
        TextEdit(0, 6, 11, "# b"),
        TextEdit(0, 17, 17, "0"),
    ]
    after = document.edited(document.replacements(edits))
    assert [c.source for c in after.cells] == ["x\ny\na = 1\n# b\nc = 30"]
    assert theirs(after.text)[0][1] == after.cells[0].source


def test_a_notebook_of_format_3_is_read_and_split() -> None:
    cell = {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python"}
    whole = {"worksheets": [{"cells": [cell | {"outputs": [], "metadata": {}}]}], "nbformat": 3}
    document = read(json.dumps(whole, indent=1))
    assert [c.source for c in document.cells] == ["a = 1\nb = 2"]
    after = document.edited(document.replacements([SplitCell(0, 6, {})]))
    assert [c.source for c in after.cells] == ["a = 1", "b = 2"]
    assert json.loads(after.text)["worksheets"][0]["cells"][1]["input"] == ["b = 2"]
