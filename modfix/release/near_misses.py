"""Comments in the release that were meant as markers and match none: what they enclose leaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modfix.nbgrader.kinds import is_grade, is_solution
from modfix.nbgrader.near_miss import Comment, NearMiss, comments, near_miss
from modfix.nbgrader.regions import Delimiters, delimiters
from modfix.release.problem import Problem
from modfix.release.student import ReleasedCell, StudentVersion


def near_misses(version: StudentVersion) -> Iterator[Problem]:
    """Comments that are nearly a delimiter, as NBG304 takes them for one."""
    kinds = delimiters(version.settings)
    for cell in version.cells:
        lines = cell.cleared.lines
        for comment in comments("\n".join(line.text for line in lines), kinds):
            origin = lines[comment.line - 1].origin
            miss = _meant(comment, kinds, cell) if origin else None
            if miss is not None:
                told = _told(lines[comment.line - 1].text.strip())
                todo = f"write `{miss.text}`"
                yield Problem("error", told, todo, cell.cell.index, cell.offset(origin))


def _meant(comment: Comment, kinds: Sequence[Delimiters], cell: ReleasedCell) -> NearMiss | None:
    """The marker that a comment was meant as; in prose, where `#` is a heading, only capitals."""
    own = cell.cell.nbgrader
    working = own is None or is_solution(own) or is_grade(own)
    for names in kinds:
        miss = None if names.in_source(_text(comment, cell)) else near_miss(comment, names)
        if miss is None:
            continue
        if miss.loud or (cell.cell.kind == "code" and (comment.hashes or working)):
            return miss
    return None


def _text(comment: Comment, cell: ReleasedCell) -> str:
    return cell.cleared.lines[comment.line - 1].text


def _told(line: str) -> str:
    return f"`{line}` is no marker of nbgrader's, so what it should enclose is released"
