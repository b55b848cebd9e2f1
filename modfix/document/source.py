"""Bytes to text and back without loss: encodings, byte order marks and line ends.

The rest of modfix sees one newline, `\\n`. The original line ends are kept beside it, so that
`Source.splice` changes only what it is told to.
"""

from __future__ import annotations

import bisect
import codecs
import io
import re
import tokenize
from collections.abc import Sequence

from msgspec import Struct

from modfix.document.edit import Replacement
from modfix.errors import ModfixError

_CRLF = re.compile(r"\r\n")
_EXACT = frozenset({"utf-8", "iso-8859-1", "ascii"})  # what is read is what is written
_BLOCK = 8192  # bytes in which a NUL says that the file is binary


class Source(Struct, frozen=True):
    """A decoded file: `raw` as it stands, `text` with every line end as `\\n`."""

    raw: str
    text: str
    encoding: str
    bom: bytes

    def to_bytes(self) -> bytes:
        """The file's bytes, equal to those that were read."""
        return self.bom + self.raw.encode(self.encoding)

    def splice(self, replacements: Sequence[Replacement]) -> Source:
        """This source after `replacements` (sorted, not overlapping, offsets in `text`).

        New lines get the line end that most lines of the file have.
        """
        pairs = [match.start() for match in _CRLF.finditer(self.raw)]
        # In `text` the k-th pair is one character long, so it has moved left by k.
        shifted = [position - index for index, position in enumerate(pairs)]
        newline = self.newline
        parts, done = [], 0
        for replacement in replacements:
            start = replacement.start + bisect.bisect_left(shifted, replacement.start)
            end = replacement.end + bisect.bisect_left(shifted, replacement.end)
            parts += [self.raw[done:start], replacement.text.replace("\n", newline)]
            done = end
        raw = "".join([*parts, self.raw[done:]])
        return Source(raw, _normalised(raw), self.encoding, self.bom)

    @property
    def newline(self) -> str:
        """The line end that most lines have."""
        pairs, newlines = self.raw.count("\r\n"), self.raw.count("\n")
        if self.raw.count("\r") - pairs > newlines:
            return "\r"
        return "\r\n" if 2 * pairs > newlines else "\n"


def decode(data: bytes, *, where: str, declared: bool = True) -> Source:
    """Decode a source file: its mark, its declared encoding (PEP 263), else UTF-8.

    A file whose kind knows no declaration (`declared` False) is UTF-8. Raises ModfixError for
    binary data and for bytes that the encoding does not allow.
    """
    if b"\0" in data[:_BLOCK]:
        raise ModfixError("this is a binary file, not a course module", where=where)
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    encoding = _declared_encoding(data, where) if declared else "utf-8"
    raw = _decoded(data, bom, encoding, where)
    if encoding not in _EXACT and bom + _encoded(raw, encoding) != data:
        raise ModfixError(
            f"in the encoding {encoding.upper()} it could not be written back as it is",
            where=f"{where}:1",
            todo="save the file as UTF-8",
        )
    return Source(raw, _normalised(raw), encoding, bom)


def encode(text: str, *, where: str, declared: bool = True) -> bytes:
    """The bytes of a text that is to be a file: in the encoding that it declares, else UTF-8.

    The other way round than `decode`. Raises ModfixError for a character that the encoding does
    not have.
    """
    encoding = "utf-8"
    if declared:
        encoding = _declared_encoding(text.encode("utf-8", "replace"), where)
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise ModfixError(
            f"`{text[error.start]}` cannot be written in {encoding.upper()}",
            where=f"{where}:{line}",
            todo="declare another encoding, or take the character out",
        ) from None
    except (UnicodeError, LookupError):
        raise _unknown(encoding, where) from None


def _decoded(data: bytes, bom: bytes, encoding: str, where: str) -> str:
    try:
        return data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start + len(bom)) + 1
        raise ModfixError(
            f"not {encoding.upper()}: byte 0x{data[error.start + len(bom)]:02x} cannot be read",
            where=f"{where}:{line}",
            todo="save the file as UTF-8, or declare its encoding on its first line",
        ) from None
    except (UnicodeError, LookupError):  # `undefined`, `rot13`: codecs that are no text encodings
        raise _unknown(encoding, where) from None


def _encoded(raw: str, encoding: str) -> bytes:
    try:
        return raw.encode(encoding)
    except UnicodeError:
        return b""


def _declared_encoding(data: bytes, where: str) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError:
        declared = re.search(rb"coding[:=][ \t]*([-\w.]+)", data[:512])
        if declared is None or _known(declared.group(1).decode("ascii")):
            return "utf-8"  # the first lines are broken UTF-8: decoding says where
        raise _unknown(declared.group(1).decode("ascii"), where) from None
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _unknown(encoding: str, where: str) -> ModfixError:
    return ModfixError(
        f"unknown encoding `{encoding}`",
        where=f"{where}:1",
        todo="declare one that Python knows, or save the file as UTF-8",
    )


def _known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def _normalised(raw: str) -> str:
    return raw.replace("\r\n", "\n").replace("\r", "\n") if "\r" in raw else raw
