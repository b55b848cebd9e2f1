"""What two sequences have in common, in order, in time that grows with their length.

`difflib` compares short ones. Long ones are cut first, at what stands once in each of them (as
"patience" differences do), and what is still long is read in windows: the result may then be
longer than it must be, and is never wrong.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import pairwise
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)
Anchor = tuple[int, int]  # an index in each sequence, of the same item

_SMALL = 2_000**2  # comparisons that difflib may take
_WINDOW = 100  # items of each sequence that are compared at once


class Aligned(SequenceMatcher[Item]):
    """`difflib.SequenceMatcher` for sequences of any length."""

    def __init__(self, a: Sequence[Item], b: Sequence[Item], autojunk: bool = True) -> None:
        """Sequences of hashable items; `autojunk` as in `difflib`."""
        self._plain = len(a) * len(b) <= _SMALL
        super().__init__(None, a if self._plain else (), b if self._plain else (), autojunk)
        self.a, self.b = a, b

    def get_matching_blocks(self) -> list[Match]:
        """The stretches that both have, as `difflib` gives them."""
        if self._plain:
            return super().get_matching_blocks()
        return [*_joined(self._blocks()), Match(len(self.a), len(self.b), 0)]

    def _blocks(self) -> Iterator[Match]:
        ends = (len(self.a), len(self.b))
        anchors = [(-1, -1), *_anchors(self.a, self.b), ends]
        for (a, b), following in pairwise(anchors):
            yield from self._between((a + 1, b + 1), following)
            if following != ends:
                yield Match(*following, 1)

    def _between(self, start: Anchor, stop: Anchor) -> Iterator[Match]:
        """The blocks between two anchors."""
        (a, b), (a_stop, b_stop) = start, stop
        while a < a_stop and b < b_stop:
            alike = self._alike((a, b), stop)
            if not alike:
                a_end, b_end = min(a + _WINDOW, a_stop), min(b + _WINDOW, b_stop)
                yield from (found := self._in_window((a, b), (a_end, b_end)))
                last = found[-1] if found else Match(a_end, b_end, 0)
                a, b, alike = last.a, last.b, last.size
            else:
                yield Match(a, b, alike)
            a, b = a + alike, b + alike

    def _alike(self, start: Anchor, stop: Anchor) -> int:
        """How many items are the same from two indices on."""
        (a, b), (a_stop, b_stop) = start, stop
        size = 0
        while a + size < a_stop and b + size < b_stop and self.a[a + size] == self.b[b + size]:
            size += 1
        return size

    def _in_window(self, start: Anchor, stop: Anchor) -> list[Match]:
        (a, b), (a_stop, b_stop) = start, stop
        window = SequenceMatcher(None, self.a[a:a_stop], self.b[b:b_stop], autojunk=False)
        blocks = window.get_matching_blocks()[:-1]
        return [Match(a + each.a, b + each.b, each.size) for each in blocks]


def _anchors(a: Sequence[Item], b: Sequence[Item]) -> list[Anchor]:
    """The longest row of items that stand once in each sequence and in the same order in both."""
    mine, their = _once(a), _once(b)
    pairs = [(at, their[item]) for item, at in mine.items() if item in their]
    lasts: list[int] = []  # for each length of a row, the lowest index in `b` that one ends with
    rows: list[tuple[Anchor, int]] = []  # each anchor with the number of the one before it
    numbers: list[int] = []
    for number, (at, other) in enumerate(pairs):
        length = bisect_left(lasts, other)
        rows.append(((at, other), numbers[length - 1] if length else -1))
        lasts[length : length + 1] = [other]
        numbers[length : length + 1] = [number]
    found: list[Anchor] = []
    number = numbers[-1] if numbers else -1
    while number >= 0:
        anchor, number = rows[number]
        found.append(anchor)
    return found[::-1]


def _once(items: Sequence[Item]) -> dict[Item, int]:
    """Where each item stands that stands in a sequence once."""
    counts = Counter(items)
    return {item: at for at, item in enumerate(items) if counts[item] == 1}


def _joined(blocks: Iterator[Match]) -> list[Match]:
    """The blocks, those that touch each other as one."""
    found: list[Match] = []
    for block in blocks:
        last = found[-1] if found else None
        if last and last.a + last.size == block.a and last.b + last.size == block.b:
            found[-1] = Match(last.a, last.b, last.size + block.size)
        else:
            found.append(block)
    return found
