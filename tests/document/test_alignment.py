"""What two sequences have in common: what is found is there, in order, however long they are."""

from __future__ import annotations

import random

import pytest

from modfix.document.alignment import Aligned
from modfix.report.diff import unified_hunks


def edited(items: list[str], rng: random.Random, share: float) -> list[str]:
    """A sequence with items inserted, removed and changed."""
    found: list[str] = []
    for item in items:
        what = rng.random()
        if what < share:
            found += [item, f"new {rng.randrange(50)}"]
        elif what > share / 2 + share:
            found.append(item)
    return found


SEQUENCES = {
    "different items": [f"line {number}" for number in range(6_000)],
    "few different items": [f"line {number % 7}" for number in range(6_000)],
    "one item": ["x"] * 6_000,
    "blocks": [f"line {number // 2_500}" for number in range(10_000)],
}


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3])
@pytest.mark.parametrize("name", SEQUENCES)
def test_opcodes_make_one_sequence_of_the_other(name: str, share: float) -> None:
    before = SEQUENCES[name]
    after = edited(before, random.Random(1), share)
    made: list[str] = []
    at = 0
    for tag, start, stop, other, end in Aligned(before, after).get_opcodes():
        assert start == at and other == len(made)
        assert (tag == "equal") == (before[start:stop] == after[other:end])
        made += before[start:stop] if tag == "equal" else after[other:end]
        at = stop
    assert (at, made) == (len(before), after)


def test_few_changes_in_a_long_text_are_few_lines() -> None:
    before = [b"x = 1\n", b"\n"] * 20_000
    after = [*before[:9_000], b"y = 2\n", *before[9_000:30_000], *before[30_002:]]
    hunks = list(unified_hunks(before, after))
    assert [line for line in hunks if line[:1] in b"+-"] == [b"+y = 2\n", b"-x = 1\n", b"-\n"]


def test_a_long_block_that_is_gone_is_found() -> None:
    before = [f"line {number}" for number in range(30_000)]
    after = [*before[:5_000], *before[20_000:]]
    codes = Aligned(before, after).get_opcodes()
    assert [code[0] for code in codes] == ["equal", "delete", "equal"]
