"""What nbgrader leaves of a cell for students: solutions, hidden tests and mark schemes cleared.

Sources: nbgrader's `preprocessors/clearsolutions.py`, `clearhiddentests.py` and
`clearmarkingscheme.py`, applied in the order in which `generate_assignment` applies them. What
nbgrader does silently is done silently: an end without a begin is dropped, and so is whatever
stands beside a delimiter on its line; the stub takes the indentation of the line that begins the
region; a solution cell without a region is replaced whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct

from modfix.document.cell import Cell, CellKind
from modfix.nbgrader.kinds import Metadata, is_grade, is_solution, is_task
from modfix.nbgrader.regions import Delimiters, RegionKind, delimiters
from modfix.settings import Nbgrader

Preprocessor = Literal["ClearSolutions", "ClearHiddenTests", "ClearMarkScheme"]
PREPROCESSORS: dict[RegionKind, Preprocessor] = {
    "solution": "ClearSolutions",
    "hidden tests": "ClearHiddenTests",
    "mark scheme": "ClearMarkScheme",
}
ALL_KINDS = frozenset(PREPROCESSORS)
DEFAULT_LANGUAGE = "python"

_ATTACHMENT = re.compile(r"!\[.*\]\(attachment:.+?\)")
_NESTED = {
    "solution": "encountered nested begin solution statements",
    "hidden tests": "Encountered nested begin hidden tests statements",
    "mark scheme": "Encountered nested begin mark scheme statements",
}
_NO_END = {
    "solution": "no end solution statement found",
    "hidden tests": "No end hidden tests statement found",
    "mark scheme": "No end mark scheme tests statement found",
}
_WRONG_CELL = {
    "solution": "Solution region detected in a non-solution cell; please make sure all solution "
    "regions are within solution cells.",
    "hidden tests": "Hidden test region detected in a non-grade cell; please make sure all "
    "solution regions are within 'Autograder tests' cells.",
    "mark scheme": "Mark scheme region detected in a non-grade cell; please make sure all mark "
    "scheme regions are within 'Manually graded task' cells.",
}
_OF_ITS_KIND: dict[RegionKind, Callable[[Metadata | None], bool]] = {
    "solution": is_solution,
    "hidden tests": is_grade,
    "mark scheme": is_task,
}


class Line(Struct, frozen=True):
    """A line, and the line of the cell's own source that it was (from 1; 0 for a stub's)."""

    text: str
    origin: int


class Refusal(Struct, frozen=True):
    """Why nbgrader refuses a cell: which preprocessor, its own words, and the line (from 1)."""

    preprocessor: Preprocessor
    message: str
    line: int


class Stripped(Struct, frozen=True):
    """A region that was taken out: its kind, and the first and last line of its text (from 1).

    The lines are those between the markers; `last` is below `first` where there are none.
    """

    kind: RegionKind
    first: int
    last: int


class Cleared(Struct, frozen=True):
    """What is left of a cell.

    With `refusals`, nbgrader would have raised the first of them; `lines` then show what comes
    of reading on. `blanked` says that a solution cell without a region was replaced whole.
    """

    lines: tuple[Line, ...]
    stripped: tuple[Stripped, ...] = ()
    blanked: bool = False
    refusals: tuple[Refusal, ...] = ()

    @property
    def source(self) -> str:
        """The source that is left."""
        return "\n".join(line.text for line in self.lines)


def known_language(language: str, settings: Nbgrader) -> bool:
    """Whether there is a stub for code in the language: without one nbgrader refuses the whole."""
    return language in settings.code_stub


def cleared(
    cell: Cell,
    settings: Nbgrader,
    language: str = DEFAULT_LANGUAGE,
    *,
    kinds: frozenset[RegionKind] = ALL_KINDS,
    source: str | None = None,
) -> Cleared:
    """What nbgrader makes of a cell when it clears the regions of `kinds`, and what it refuses.

    `source` is the cell's text where that is not `cell.source` (a markdown cell of a script
    stands in comments). All three kinds make the release; solutions alone make what is graded
    when nobody has solved anything.
    """
    text = cell.source if source is None else source
    lines = tuple(Line(line, number) for number, line in enumerate(text.split("\n"), start=1))
    result = Cleared(lines)
    for names in delimiters(settings):
        if names.kind in kinds:
            stub = _stub(cell.kind, settings, language) if names.kind == "solution" else ()
            result = _without(result, names, cell, settings, stub)
    return result


def perfect(
    cell: Cell,
    settings: Nbgrader,
    language: str = DEFAULT_LANGUAGE,
    *,
    source: str | None = None,
) -> str:
    """The source after a student has written into the release exactly what its regions held.

    The regions of solutions are restored without their markers and whatever stood beside those;
    a cell that was replaced whole stays so. Hidden tests are there, as when grading.
    """
    text = cell.source if source is None else source
    done = cleared(cell, settings, language, kinds=frozenset({"solution"}), source=text)
    if done.blanked or not done.stripped:
        return done.source
    names = delimiters(settings)[0]
    own = text.split("\n")
    return "\n".join(line for line in own if names.begin not in line and names.end not in line)


def enforced(kind: RegionKind, settings: Nbgrader) -> bool:
    """Whether regions of a kind must stand in cells of that kind."""
    wanted = settings.enforce_metadata
    return wanted if isinstance(wanted, bool) else kind.replace(" ", "-") in wanted


def _stub(kind: CellKind, settings: Nbgrader, language: str) -> tuple[str, ...]:
    text = settings.code_stub.get(language, "") if kind == "code" else settings.text_stub
    return tuple(text.split("\n"))


def _without(
    before: Cleared, names: Delimiters, cell: Cell, settings: Nbgrader, stub: Sequence[str]
) -> Cleared:
    """One preprocessor's work on a cell."""
    reading = _Reading(names, settings.check_attachment_leakage, stub)
    for line in before.lines:
        reading.read(line)
    reading.finish()
    refusals = [*before.refusals, *reading.refusals]
    stands_right = _OF_ITS_KIND[names.kind](cell.nbgrader)
    if reading.begins and not stands_right and enforced(names.kind, settings):
        first = reading.begins[0].origin
        refusals.append(Refusal(reading.name, _WRONG_CELL[names.kind], first))
    blanked = names.kind == "solution" and stands_right and not reading.begins
    return Cleared(
        lines=tuple(Line(each, 0) for each in stub) if blanked else tuple(reading.kept),
        stripped=(*before.stripped, *reading.stripped),
        blanked=before.blanked or blanked,
        refusals=tuple(refusals),
    )


class _Reading:
    """Reads the lines of a cell as one preprocessor does."""

    def __init__(self, names: Delimiters, attachments: bool, stub: Sequence[str]) -> None:
        self.names = names
        self.name = PREPROCESSORS[names.kind]
        self.stub = stub
        self.watches_attachments = attachments and names.kind == "mark scheme"
        self.kept: list[Line] = []
        self.stripped: list[Stripped] = []
        self.refusals: list[Refusal] = []
        self.begins: list[Line] = []
        self.opened: Line | None = None
        self.last = 0

    def read(self, line: Line) -> None:
        """Take in one line."""
        if self.names.begin in line.text:
            self._begin(line)
        elif self.names.end in line.text:
            self._close(line.origin - 1)
        elif self.opened is None:
            self.kept.append(line)
        elif self.watches_attachments and _ATTACHMENT.search(line.text):
            self._refuse("Encountered an attachment in a marking scheme.", line)
        self.last = line.origin or self.last

    def finish(self) -> None:
        """After the last line."""
        if self.opened is not None:
            self._refuse(_NO_END[self.names.kind], self.opened)
            self._close(self.last)

    def _begin(self, line: Line) -> None:
        self.begins.append(line)
        if self.opened is not None:
            self._refuse(_NESTED[self.names.kind], line)
            return
        self.opened = line
        indent = line.text[: len(line.text) - len(line.text.lstrip())]
        self.kept += [Line(indent + each, 0) for each in self.stub]

    def _close(self, last: int) -> None:
        if self.opened is not None:
            self.stripped.append(Stripped(self.names.kind, self.opened.origin + 1, last))
            self.opened = None

    def _refuse(self, message: str, line: Line) -> None:
        self.refusals.append(Refusal(self.name, message, line.origin))
