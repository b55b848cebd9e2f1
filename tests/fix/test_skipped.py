"""What was skipped keeps its place while other text changes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from modfix.document.edit import Replacement
from modfix.fix.skipped import Skip

TEXT = "".join(map(chr, range(0x4E00, 0x4E20)))  # no character twice


@st.composite
def replacements(draw: st.DrawFn) -> list[Replacement]:
    """Sorted replacements of the text, none touching another."""
    size = 2 * draw(st.integers(0, 4))
    ends = draw(st.lists(st.integers(0, len(TEXT)), min_size=size, max_size=size, unique=True))
    pairs = list(pairwise(sorted(ends)))[::2]
    return [Replacement(start, end, draw(st.text("ab\n", max_size=3))) for start, end in pairs]


def replaced(changes: list[Replacement]) -> str:
    text = TEXT
    for each in reversed(changes):
        text = text[: each.start] + each.text + text[each.end :]
    return text


@given(replacements(), st.integers(0, len(TEXT) - 1))
def test_a_place_that_stays_is_found_again(changes: list[Replacement], at: int) -> None:
    skip = Skip(("", "", ""), at, at)
    skip.moved(changes)
    after = replaced(changes)
    gone = [each for each in changes if each.start <= at < each.end]
    if not gone:
        assert after[skip.start] == after[skip.end] == TEXT[at]
    else:
        assert after[skip.start : skip.end] == gone[0].text
