"""Bytes to text: what is read, and what is refused with which words."""

from pathlib import Path

import pytest

from modfix.document.document import Document
from modfix.errors import ModfixError

READ = [
    ("# %%\nx = 'é'\n".encode(), "utf-8"),
    (b"\xef\xbb\xbf# %%\nx = 1\n", "utf-8"),
    ("# -*- coding: latin-1 -*-\n# %%\nx = 'é'\n".encode("latin-1"), "iso-8859-1"),
    (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n# %%\nx = '\x80'\n", "cp1252"),
]
REFUSED = [
    (b"# %%\nx = '\xff'\n", "m.py:2: not UTF-8: byte 0xff cannot be read; save the file as UTF-8"),
    (b"\x7fELF\0\0\0", "m.py: this is a binary file, not a course module"),
    (b"# coding: klingon\n# %%\n", "m.py:1: unknown encoding `klingon`; declare one"),
]


@pytest.mark.parametrize(("data", "encoding"), READ)
def test_declared_encodings_are_read_and_written_back(data: bytes, encoding: str) -> None:
    document = Document.from_bytes(Path("m.py"), data)
    assert document.source.encoding == encoding
    assert document.to_bytes() == data


@pytest.mark.parametrize(("data", "message"), REFUSED)
def test_what_cannot_be_read_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(ModfixError) as caught:
        Document.from_bytes(Path("m.py"), data)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
