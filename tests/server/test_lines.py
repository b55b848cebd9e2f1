"""Places as the protocol counts them, and edits that make one text of another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import (
    Position,
    Range,
    TextDocumentContentChangePartial,
    TextDocumentContentChangeWholeDocument,
)

from modfix.server.buffer import Buffer
from modfix.server.difference import differing
from modfix.server.lines import Lines
from tests.server.editor import with_edits

ENCODINGS = ("utf-8", "utf-16", "utf-32")
TEXTS = st.lists(
    st.sampled_from(["a", "é", "中", "😀", "\n", "\r\n", "\r", "\f", "\x0b", "\u2028", "x = 1"])
).map("".join)

# text, line and column in characters (from 1), columns in UTF-8, UTF-16 and UTF-32
PLACES = [
    ("x = 1", (1, 5), (4, 4, 4)),
    ("é = 1", (1, 2), (2, 1, 1)),
    ("中 = 1", (1, 2), (3, 1, 1)),
    ("😀; f()", (1, 4), (6, 4, 3)),
    ("\ufeff😀; f()", (1, 4), (9, 5, 4)),  # the mark is a character of the editor's, not of ours
    ("a\fb\u2028c", (1, 6), (7, 5, 5)),  # one line, whatever Python says
    ("a", (1, 9), (1, 1, 1)),  # beyond the line: its end
    ("a\r\n", (1, 9), (1, 1, 1)),
]


@pytest.mark.parametrize(("text", "place", "columns"), PLACES)
def test_a_column_is_counted_in_the_units_that_were_agreed_on(
    text: str, place: tuple[int, int], columns: tuple[int, int, int]
) -> None:
    found = [Lines(text, encoding).position(*place) for encoding in ENCODINGS]
    assert found == [Position(0, column) for column in columns]


@given(TEXTS, st.sampled_from(ENCODINGS), st.data())
def test_a_place_leads_back_to_its_offset(text: str, encoding: str, data: st.DataObject) -> None:
    lines = Lines(text, encoding)
    offset = data.draw(st.integers(0, len(text)))
    inside = text[offset - 1 : offset + 1] == "\r\n"  # which is one line end, and no place
    assert lines.offset(lines.at(offset)) == offset - inside


@given(TEXTS, TEXTS, st.sampled_from(ENCODINGS))
def test_the_edits_make_the_other_text(before: str, after: str, encoding: str) -> None:
    edits = differing(Lines(before, encoding), after)
    assert with_edits(before, edits, encoding) == after
    assert edits or before == after


@given(TEXTS, TEXTS, st.data())
def test_a_buffer_follows_its_editor(text: str, new: str, data: st.DataObject) -> None:
    buffer = Buffer("file:///a.py", 1, text, "python", "utf-16")
    places = [data.draw(st.integers(0, len(text))) for _ in range(2)]
    start, end = (buffer.lines.at(each) for each in sorted(places))
    change = TextDocumentContentChangePartial(Range(start, end), new)
    first, last = buffer.lines.offset(start), buffer.lines.offset(end)
    after = buffer.changed(2, [change, TextDocumentContentChangePartial(Range(start, start), "")])
    assert (after.version, after.text) == (2, text[:first] + new + text[last:])
    whole = after.changed(3, [TextDocumentContentChangeWholeDocument("x"), change])
    assert whole.version == 3


def test_places_that_do_not_exist_are_the_nearest_that_do() -> None:
    lines = Lines("ab\ncd", "utf-16")
    assert lines.offset(Position(0, 99)) == 2
    assert lines.offset(Position(99, 0)) == 5
    assert Lines("😀", "utf-16").offset(Position(0, 1)) == 0  # half of a character
