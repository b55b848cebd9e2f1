"""Lines of a solution that still stand in the release: in other code, prose, or saved values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from modfix.nbgrader.clearing import Stripped
from modfix.release.problem import Grade, Problem
from modfix.release.student import ReleasedCell, StudentVersion

SHORTEST = 15  # characters of a line that can give something away
DISTINCT = 25  # characters of one that does so alone
RUN = 3  # lines in a row that are no coincidence
_BLANKS = re.compile(r"\s+")
_COMMENT = re.compile(r"^(#+|>>>|\.\.\.|//|%+)\s*")
_TRIVIAL = re.compile(
    r"^(import |from \S+ import |def |class |@|else\b|try\b|finally\b|pass\b|return \w+$|print\()"
)
_CALL = re.compile(r"^[\w.]+\([\w\s.,=*]*\)$")  # calls what others call too
_WORTH = re.compile(r"[=(\[+\-*/%<>:]")


class Secret(Struct, frozen=True):
    """What was taken out in one place: the lines that say something, and where it stood.

    `kind` is what a person calls it.
    """

    cell: int
    kind: str
    line: int
    lines: tuple[str, ...]


def secrets_of(version: StudentVersion) -> tuple[Secret, ...]:
    """Everything that was stripped and could give an answer away."""
    found = []
    for cell in version.cells:
        lines = cell.given.split("\n")
        parts = cell.cleared.stripped
        if cell.cleared.blanked:
            parts = (Stripped("solution", 1, len(lines)),)
        for part in parts:
            told = _telling(lines[part.first - 1 : part.last], prose=cell.cell.kind != "code")
            found.append(Secret(cell.cell.index, part.kind, part.first, told))
    return tuple(secret for secret in found if secret.lines)


def plain_line(line: str) -> str:
    """A line without indentation, comment mark, prompt and doubled blanks."""
    return _BLANKS.sub(" ", _COMMENT.sub("", line.strip())).strip()


def _telling(lines: Sequence[str], *, prose: bool) -> tuple[str, ...]:
    if prose:
        told = [line for line in map(plain_line, lines) if len(line) >= DISTINCT]
    else:
        code = (each for each in lines if not each.lstrip().startswith("#"))
        told = [line for line in map(plain_line, code) if _says_something(line)]
    return tuple(dict.fromkeys(told))


def _says_something(line: str) -> bool:
    return len(line) >= SHORTEST and not _TRIVIAL.match(line) and bool(_WORTH.search(line))


def leaks(version: StudentVersion) -> Iterator[Problem]:
    """Stripped lines that stand in the release, the worst of each cell and secret."""
    secrets = secrets_of(version)
    if not secrets:
        return
    for cell in version.cells:
        yield from _in_cell(cell, secrets)
    yield from _in_values(version, secrets)


def _in_cell(cell: ReleasedCell, secrets: Sequence[Secret]) -> Iterator[Problem]:
    lines = [(plain_line(line.text), line.origin) for line in cell.cleared.lines]
    whole = {text: origin for text, origin in reversed(lines) if origin}
    prose = cell.cell.kind != "code"
    for secret in secrets:
        origins = [_standing(each, whole, prose) for each in secret.lines]
        grade = _judged(secret, origins)
        if grade is not None:
            first = next(number for number, origin in enumerate(origins) if origin)
            yield _told(cell, secret, grade, first, origins)


def _standing(line: str, whole: dict[str, int], prose: bool) -> int:
    """The line (from 1) of a cell at which a stripped one stands, 0 for none."""
    if line in whole:
        return whole[line]
    if prose and len(line) >= DISTINCT:
        return next((origin for text, origin in whole.items() if line in text), 0)
    return 0


def _judged(secret: Secret, origins: Sequence[int]) -> str | None:
    """How grave it is: a whole solution, or half of it with lines in a row, is a leak; one telling
    line may be one.

    Hidden tests prepare what they test as visible ones do, so their lines only may be.
    """
    runs = "".join("x" if origin else " " for origin in origins)
    half = 2 * runs.count("x") >= len(runs)
    if (len(origins) > 1 and all(origins)) or ("x" * RUN in runs and half):
        return "warning" if secret.kind == "hidden tests" else "error"
    found = (line for line, origin in zip(secret.lines, origins, strict=True) if origin)
    alone = [line for line in found if not _CALL.match(line)]
    if any(len(line) >= DISTINCT for line in alone) or (len(origins) == 1 and alone):
        return "warning"
    return None


def _told(
    cell: ReleasedCell, secret: Secret, grade: str, first: int, origins: Sequence[int]
) -> Problem:
    count = sum(1 for origin in origins if origin)
    lines = "a line" if count == 1 else f"{count} lines"
    shown = secret.lines[first]
    text = (
        f"{lines} of what is stripped from cell {secret.cell} ({secret.kind}) stand here: `{shown}`"
    )
    if count == 1:
        text = text.replace(" stand here", " stands here")
    offset = cell.offset(origins[first])
    graded: Grade = "error" if grade == "error" else "warning"
    return Problem(graded, text, _todo(cell, secret), cell.cell.index, offset)


def _todo(cell: ReleasedCell, secret: Secret) -> str:
    if cell.cell.kind != "code":
        return "take them out of the prose"
    if secret.kind == "hidden tests":
        return "hide them here too, unless students may see them"
    return "put them into a region here too, unless students may see them"


def _in_values(version: StudentVersion, secrets: Sequence[Secret]) -> Iterator[Problem]:
    """Saved values that nbgrader leaves: metadata (widgets, say) and attachments."""
    notebook = version.notebook()
    everywhere = _texts({"metadata": notebook.get("metadata")})
    for released, cell in zip(version.cells, notebook["cells"], strict=True):
        kept = _texts({key: value for key, value in cell.items() if key not in ("source", "id")})
        yield from _in_text(kept, secrets, released.cell.index, "the cell's metadata")
    if version.cells:
        yield from _in_text(everywhere, secrets, 0, "the notebook's metadata")


def _in_text(text: str, secrets: Sequence[Secret], cell: int, where: str) -> Iterator[Problem]:
    for secret in secrets:
        line = next((each for each in secret.lines if len(each) >= DISTINCT and each in text), None)
        if line is not None:
            told = f"{where} keeps a line of what is stripped from cell {secret.cell}: `{line}`"
            yield Problem("error", told, "take it out of the metadata, or clear the widgets", cell)


def _texts(value: object) -> str:
    """Every text in a value, as one text with single blanks."""
    return _BLANKS.sub(" ", json.dumps(value, ensure_ascii=False).replace("\\n", " "))
