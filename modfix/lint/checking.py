"""Checks module files one after the other: what comes of each is plain data, in the order given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from modfix.document.document import Document
from modfix.errors import ModfixError
from modfix.lint.discover import read_document
from modfix.lint.linter import Linter
from modfix.lint.located import Located, located


class Trouble(Struct, frozen=True):
    """A ModfixError as data: what kept a file from being checked."""

    what: str
    where: str
    todo: str

    def error(self) -> ModfixError:
        """The error that it stands for."""
        return ModfixError(self.what, where=self.where, todo=self.todo)


class Checked(Struct, frozen=True):
    """What checking one file came to: findings in the order of its lines, or what went wrong."""

    path: str
    findings: tuple[Located, ...] = ()
    trouble: Trouble | None = None


def check_files(
    paths: Iterable[Path], linter_for: Callable[[Path], Linter], *, changes: bool = False
) -> Iterator[Checked]:
    """Check files with the linter of each. With `changes`, fixes carry what they change."""
    return (check_file(path, linter_for, changes=changes) for path in paths)


def check_file(path: Path, linter_for: Callable[[Path], Linter], *, changes: bool) -> Checked:
    """Check one file."""
    try:
        return check_document(read_document(path), linter_for(path), changes=changes)
    except ModfixError as error:
        return Checked(str(path), trouble=Trouble(error.what, error.where, error.todo))


def check_document(document: Document, linter: Linter, *, changes: bool) -> Checked:
    """Check a document that has been read. Raises ModfixError where it cannot be checked."""
    found = linter.findings(document)
    return Checked(str(document.path), tuple(located(document, found, changes=changes)))
