"""Percent scripts: lossless, and cell for cell what jupytext reads."""

from pathlib import Path

import jupytext.languages
import pytest
from hypothesis import given

from modfix.document.document import Document
from modfix.document.languages import COMMENTS, MAGIC_LANGUAGES
from tests.document.dialects import files, scripts
from tests.document.jupytext_cells import DIFFERENCES, assert_as_jupytext, our_cells, their_cells


@given(scripts())
def test_cells_are_those_that_jupytext_reads(text: str) -> None:
    assert_as_jupytext(text.encode())


@pytest.mark.parametrize("name", DIFFERENCES)
def test_each_deliberate_difference_is_one(name: str) -> None:
    difference = DIFFERENCES[name]
    theirs = their_cells(difference.script)
    assert [cell.source for cell in our_cells(difference.script)] == difference.ours
    assert (None if theirs is None else [cell.source for cell in theirs]) == difference.theirs
    assert difference.ours != difference.theirs


@given(files())
def test_reading_and_writing_gives_the_same_bytes(data: bytes) -> None:
    document = Document.from_bytes(Path("m.py"), data)
    assert document.to_bytes() == data
    assert document.edited([]).to_bytes() == data


@given(scripts())
def test_every_cell_knows_its_place(text: str) -> None:
    document = Document.from_bytes(Path("m.py"), text.encode())
    lines = document.text.split("\n")
    for cell in document.cells:
        assert document.text[cell.start : cell.end] == cell.source
        if cell.marker is not None:
            assert cell.marker.text in lines[document.place(cell.index, None)[0] - 1]
            assert document.text.startswith(cell.marker.text, cell.block_start)
        for offset, char in enumerate(cell.source):
            line, column, _ = document.place(cell.index, offset)
            assert char == "\n" or lines[line - 1][column - 1] == char
    blocks = [document.text[c.block_start : c.block_end] for c in document.cells]
    head = document.cells[0].block_start if document.cells else 0
    assert "".join(blocks) == (document.text[head:] if document.cells else "")


def test_the_languages_are_those_of_jupytext() -> None:
    assert jupytext.languages._COMMENT == COMMENTS
    assert jupytext.languages._JUPYTER_LANGUAGES == MAGIC_LANGUAGES


@pytest.mark.parametrize("path", sorted(Path("modules").rglob("*_dev.py")), ids=str)
def test_the_shipped_course_is_read_as_jupytext_reads_it(path: Path) -> None:
    assert_as_jupytext(path.read_bytes())


def test_an_empty_cell_behind_the_last_line_stands_on_it() -> None:
    for text, place in [
        ("x = 1\n# %% a", (2, 7, 1)),
        ("x = 1\n# %% a\n", (3, 1, 1)),
        ("x = 1\n# %% a\x0c", (2, 8, 1)),
    ]:
        assert Document.from_bytes(Path("m.py"), text.encode()).place(1, 0) == place
