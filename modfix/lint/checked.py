"""What checking a file comes to, as plain data: it is kept, sent between processes and printed."""

from __future__ import annotations

from msgspec import Struct

from modfix.errors import ModfixError


class Change(Struct, frozen=True, array_like=True, gc=False):
    """One replacement of a fix: the range of the file (lines and columns from 1, the end
    excluded) and the text that goes there."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class LocatedFix(Struct, frozen=True, array_like=True, gc=False):
    """A finding's fix: how sure it is, what it does and, where that was asked for, its changes."""

    applicability: str
    message: str
    changes: tuple[Change, ...] = ()


class Located(Struct, frozen=True, array_like=True, gc=False):
    """A finding and where it stands: lines and columns of the file, from 1, the end excluded.

    `cell_line` and `cell_column` are the place within the cell's source, 0 for a finding at the
    cell's marker, which then has the marker's line. `anchor` is made of the rule and the text at
    the place: it stays the same when the cell moves or the file is renamed.
    """

    path: str
    code: str
    name: str
    severity: str
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    cell_index: int
    cell_id: str | None
    cell_line: int
    cell_column: int
    cell_end_line: int
    cell_end_column: int
    anchor: str
    fix: LocatedFix | None = None

    @property
    def is_error(self) -> bool:
        """Whether it fails the run."""
        return self.severity == "error"


class Trouble(Struct, frozen=True, array_like=True, gc=False):
    """A ModfixError as data: what kept a file from being checked."""

    what: str
    where: str
    todo: str

    def error(self) -> ModfixError:
        """The error that it stands for."""
        return ModfixError(self.what, where=self.where, todo=self.todo)


class Checked(Struct, frozen=True, array_like=True, gc=False):
    """What checking one file came to: findings in the order of its lines, or what went wrong."""

    path: str
    findings: tuple[Located, ...] = ()
    trouble: Trouble | None = None
