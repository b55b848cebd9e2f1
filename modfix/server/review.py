"""What modfix says of a module as it stands in the editor."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from pathlib import Path

from modfix.document.document import Document
from modfix.document.folder import read_regular
from modfix.errors import ModfixError
from modfix.lint.linter import Linter
from modfix.lint.located import located
from modfix.lint.module_file import is_checkpoint, reason_in
from modfix.rule import Finding
from modfix.server.course import Course
from modfix.server.snapshot import Snapshot
from modfix.syntax.module import CodeCell
from modfix.watch import watching

Cells = dict[str, CodeCell]
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Review:
    """The findings of a snapshot, but for those that are suppressed or known.

    `trouble` is why there are none, `settings` that it lies in a configuration or a baseline; a
    snapshot without a document is no module. `rests_on` are the files that were looked at.
    """

    snapshot: Snapshot
    document: Document | None = None
    linter: Linter | None = None
    findings: tuple[Finding, ...] = ()
    trouble: ModfixError | None = None
    settings: bool = False
    rests_on: frozenset[str] = frozenset()


def review(snapshot: Snapshot, course: Course, cells: Cells) -> Review:
    """Review a snapshot; whatever is wrong with it is told, not raised.

    `cells` are the parsed cells of the snapshot before, and then of this one.
    """
    with watching() as watch:
        try:
            found = _reviewed(snapshot, course, cells)
        except Exception as error:  # NOTE: the server lives on, and a person hears of it
            _LOG.exception("modfix itself failed over %s", snapshot.uri)
            what = f"modfix itself failed: {type(error).__name__}: {error}"
            todo = "please report it with the lines of the server's log"
            trouble = ModfixError(what, where=str(snapshot.path), todo=todo)
            found = Review(snapshot, trouble=trouble, settings=True)
    paths = (*watch.files, *watch.folders, *course.files)
    return dataclasses.replace(found, rests_on=frozenset(paths))


def _reviewed(snapshot: Snapshot, course: Course, cells: Cells) -> Review:
    try:
        linter = course.linter(snapshot.path)
    except ModfixError as error:
        return Review(snapshot, trouble=error, settings=True)
    if linter is None:
        return Review(snapshot)
    try:
        document = _document(snapshot)
        if document is None:
            return Review(snapshot)
        findings = linter.findings(document, cells)
    except ModfixError as error:
        return Review(snapshot, trouble=error)
    _keep_only(cells, document)
    try:
        unknown = _unknown(snapshot.path, course, document, findings)
    except ModfixError as error:
        return Review(snapshot, document, linter, trouble=error, settings=True)
    return Review(snapshot, document, linter, unknown)


def _document(snapshot: Snapshot) -> Document | None:
    """The module, or None for text that is none."""
    path, data = snapshot.path, snapshot.data()
    if is_checkpoint(path) or (path.suffix != ".ipynb" and reason_in(path, data, named=True)):
        return None
    document = Document.from_bytes(path, data, snapshot.folder())
    return document if read_regular(path) == data else alone(document)


def alone(document: Document) -> Document:
    """The document without the other half of its pair, which can only agree with what is saved."""
    return dataclasses.replace(document, folder=document.folder.with_memo({"partner": None}))


def _unknown(
    path: Path, course: Course, document: Document, findings: list[Finding]
) -> tuple[Finding, ...]:
    """The findings that no baseline knows, in the order of the lines."""
    pairs = [(located(document, [finding])[0], finding) for finding in findings]
    pairs.sort(key=lambda pair: (pair[0].line, pair[0].column, pair[0].code))
    left = {id(place) for place in course.unknown(path, [place for place, _ in pairs])}
    return tuple(finding for place, finding in pairs if id(place) in left)


def _keep_only(cells: Cells, document: Document) -> None:
    """Forget the parsed cells that are no more."""
    standing = {cell.source for cell in document.cells}
    for source in cells.keys() - standing:
        del cells[source]
