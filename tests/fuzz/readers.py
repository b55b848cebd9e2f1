"""Fuzzes the readers: `python -m tests.fuzz.readers CORPUS tests/fuzz/seeds [-runs=…]`.

Bytes that begin with a brace are a notebook, all others a percent script. Whatever can be read is
written back as it was, its cells stand where they say, and they are those of jupytext.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["modfix.document"]):
    from modfix.document.document import Document
    from modfix.errors import ModfixError

from tests.document.jupytext_cells import assert_as_jupytext

# Where we differ from jupytext on purpose (its table says why), and what is no UTF-8.
_OURS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029\ufeff]|coding[:=]|%%%|^# ---", re.MULTILINE)


def check(data: bytes) -> None:
    """What must hold of one input."""
    path = Path(
        "m_dev.ipynb" if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else "m_dev.py"
    )
    try:
        document = Document.from_bytes(path, data)
    except ModfixError as error:
        assert "\n" not in str(error)
        return
    assert document.to_bytes() == data
    assert document.edited([]).to_bytes() == data
    _check_places(document)
    if not document.is_notebook and _is_comparable(data):
        assert_as_jupytext(data)


def _check_places(document: Document) -> None:
    """Cells follow each other, and every offset of each has a place in the file."""
    lines = document.text.split("\n")
    before = 0
    for index, cell in enumerate(document.cells):
        assert cell.index == index
        assert before <= cell.block_start <= cell.block_end <= len(document.text)
        before = cell.block_end
        if not document.is_notebook:
            assert document.text[cell.start : cell.end] == cell.source
        for offset in (None, 0, len(cell.source) // 2, len(cell.source)):
            line, column, within = document.place(index, offset)
            assert 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1
            assert within >= 0
        assert document.cell_at(max(cell.line, 1)) is not None


def _is_comparable(data: bytes) -> bool:
    try:
        return not _OURS.search(data.decode())
    except UnicodeDecodeError:
        return False


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
