"""Comments that were meant as markers and are none: a typo, another case, START, one TEST.

nbgrader looks for the exact text of a delimiter, so what is nearly one matches nothing and says
nothing. Loud comments (in capitals, or behind `###`) may have typos and more words behind them;
quiet ones are only taken for a marker where they consist of its very words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from modfix.nbgrader.regions import Delimiters, RegionKind, RegionMarker

_WORD = re.compile(r"[A-Za-z]+")
_HINTS = ("begin", "start", "end", "stop", "finish", "solu", "hidden", "scheme")
# PERF: most comments do not begin with a letter of BEGIN, START, CLOSE, END, FINISH, or of what
# they begin; the rest of a line is looked at only if it does.
_FIRST = "BbSsCcEeFfHhMm"
_COMMENT = r"^[ \t]*(#+(?!\||!)|//+|--+|==+|%+(?!%)|<!--|/\*)(?=[^A-Za-z\n]*[{letters}])"
_SHORTEST = 3  # letters of a delimiter's word that say something
_FILLERS = frozenset({"OF", "THE", "YOUR", "MY"})
# Words that mean the same, whichever of them a delimiter has.
_SAME = (
    frozenset({"BEGIN", "START", "BEGINS", "STARTS", "BEGINNING"}),
    frozenset({"MARK", "MARKING"}),
    frozenset({"END", "STOP", "FINISH", "ENDS", "STOPS", "ENDING", "CLOSE"}),
)
_LONG = 6  # letters from which on a word may have two typos
_MOST_WORDS = 12


class Comment(Struct, frozen=True):
    """A comment line: its number (from 1), its offsets in the source, the words in it.

    `start` is where the comment begins, `body` where its text does.
    """

    line: int
    line_start: int
    start: int
    end: int
    body: int
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def hashes(self) -> bool:
        """Whether it stands behind `###`, as nbgrader's manual writes markers."""
        return self.body - self.start >= len("###") and len(self.words) > 0


class NearMiss(Struct, frozen=True):
    """A comment that should be a marker: the marker, and the text edit that makes it one."""

    marker: RegionMarker
    start: int
    end: int
    text: str
    loud: bool


@lru_cache(maxsize=64)
def _searched(names: tuple[Delimiters, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a comment begins with that could be meant as a marker, and what stands in it: the words
    of nbgrader's own delimiters, and of those that the course has set."""
    words = [
        word for each in names for text in (each.begin, each.end) for word in _WORD.findall(text)
    ]
    first = "".join(
        sorted({*_FIRST, *(w[0].upper() for w in words), *(w[0].lower() for w in words)})
    )
    hints = sorted({*_HINTS, *(w.lower() for w in words if len(w) >= _SHORTEST)})
    comment = re.compile(_COMMENT.format(letters=first), re.MULTILINE)
    return comment, re.compile("|".join(hints), re.IGNORECASE)


def comments(source: str, names: tuple[Delimiters, ...] = ()) -> Iterator[Comment]:
    """The comment lines that could be meant as one of the markers of a course."""
    opening, hint = _searched(names)
    for mark in opening.finditer(source):
        start = mark.start()
        end = source.find("\n", start)
        end = len(source) if end < 0 else end
        if not hint.search(source, mark.end(), end):
            continue
        found = list(_WORD.finditer(source, mark.end(), end))
        if found and len(found) <= _MOST_WORDS:
            yield Comment(
                line=source.count("\n", 0, start) + 1,
                line_start=start,
                start=mark.start(1),
                end=end,
                body=mark.end(),
                words=tuple(match[0] for match in found),
                spans=tuple(match.span() for match in found),
            )


def near_miss(comment: Comment, names: Delimiters) -> NearMiss | None:
    """The marker of a kind that a comment nearly is."""
    for begins, text in ((True, names.begin), (False, names.end)):
        target = [word.upper() for word in _WORD.findall(text)]
        width = _matched(comment, target) if len(target) > 1 else 0  # one word says too little
        if width:
            return made(comment, names.kind, begins, text, width)
    return None


def made(comment: Comment, kind: RegionKind, begins: bool, text: str, width: int) -> NearMiss:
    """The near miss in the first `width` words of a comment."""
    words = comment.words[:width]
    start = comment.spans[0][0] if text[:1].isalnum() else comment.start
    marker = RegionMarker(
        kind, begins, comment.line, comment.line_start, comment.end, start, alone=True
    )
    return NearMiss(marker, start, comment.spans[width - 1][1], text, _loud(words))


def _matched(comment: Comment, target: Sequence[str]) -> int:
    """How many words of the comment are nearly those of a marker, from the first on; 0 if not."""
    words = [word.upper() for word in comment.words]
    if "".join(words) == "".join(target):
        return len(words)
    for width in range(min(len(words), len(target) + 2), 0, -1):
        loud = comment.hashes or _loud(comment.words[:width])
        if width < len(words) and not _loud(comment.words[:width]):
            continue
        if _alike(_without_fillers(words[:width], loud), target, loud):
            return width
    return 0


def _without_fillers(words: Sequence[str], loud: bool) -> list[str]:
    if not loud:
        return list(words)
    return [w for n, w in enumerate(words) if w not in _FILLERS or n in (0, len(words) - 1)]


def _alike(words: Sequence[str], target: Sequence[str], loud: bool) -> bool:
    if len(words) == 1 and len(target) > 1:
        return loud and len(words[0]) >= _LONG and distance(words[0], "".join(target)) <= 1
    if len(words) != len(target):
        return False
    if loud and sorted(words) == sorted(target):  # SOLUTION BEGIN
        return True
    return all(_same(w, t, loud) for w, t in zip(words, target, strict=True))


def _same(word: str, wanted: str, loud: bool) -> bool:
    if word == wanted or any(word in same and wanted in same for same in _SAME):
        return True
    if word in (wanted + "S", wanted.removesuffix("S")):
        return True
    return loud and _typo(word, wanted)


def _typo(word: str, wanted: str) -> bool:
    """Whether a word is another one mistyped: a letter, in long words two, or two swapped."""
    off = distance(word, wanted)
    if word[0] == wanted[0]:
        return off <= (2 if len(wanted) >= _LONG else 1)
    return off <= 1 and len(wanted) >= _LONG


def _loud(words: Sequence[str]) -> bool:
    return all(word.isupper() for word in words)


def distance(one: str, other: str) -> int:
    """Letters to insert, delete, replace or swap with the next to make one text of the other
    (optimal string alignment)."""
    if abs(len(one) - len(other)) > 2:
        return abs(len(one) - len(other))
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            best = min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
