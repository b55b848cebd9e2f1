"""All that a rule's author imports.

A rule is a class in a file of its own: its docstring is its documentation, its `examples` are its
tests, and `check` yields findings. What it looks at is a `Module`; what it may change are edits.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import Any, ClassVar

from msgspec import Struct

from modfix.document.cell import Cell
from modfix.document.edit import (
    Edit,
    FileEdit,
    InsertCell,
    MetadataEdit,
    MetadataRemoval,
    RemoveCell,
    SplitCell,
    TextEdit,
)
from modfix.syntax.module import CodeCell, Module, Statement
from modfix.syntax.suppression import Ledger, Suppression

__all__ = [
    "Applicability",
    "Cell",
    "CodeCell",
    "Edit",
    "Example",
    "FileEdit",
    "Finding",
    "Fix",
    "InsertCell",
    "Ledger",
    "MetadataEdit",
    "MetadataRemoval",
    "Module",
    "Options",
    "RemoveCell",
    "Rule",
    "Severity",
    "SplitCell",
    "Statement",
    "Suppression",
    "TextEdit",
]


class Applicability(enum.StrEnum):
    """How sure a fix is: applied by default, only with --unsafe-fixes, or only shown."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


class Severity(enum.StrEnum):
    """Whether a finding fails the run."""

    ERROR = "error"
    WARNING = "warning"


class Fix(Struct, frozen=True):
    """Edits that belong together: all of them are made or none.

    `obstacle` is the engine's to set: why the fix cannot be made in this file and is only shown.
    """

    message: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.SAFE
    obstacle: str = ""


class Finding(Struct, frozen=True):
    """A rule's message at a place.

    `cell` is the index of the cell; `start` and `end` are offsets in its source, None for the
    cell's marker line. What stands in no cell (a script's header, a notebook's own metadata) has
    its offset in the file's text as `outside`.
    """

    code: str
    name: str
    severity: Severity
    message: str
    cell: int
    start: int | None = None
    end: int | None = None
    fix: Fix | None = None
    outside: int | None = None


class Example(Struct, frozen=True):
    """A module that shows a rule at work: `bad` has findings, `good` is free of them.

    Where the rule has a fix, `good` is exactly what fixing `bad` (this rule alone, `options` set,
    unsafe fixes included) gives. An example without `bad` shows what the rule accepts; one with
    `good` None shows a finding that has no fix. `companions` are codes of rules that run with it,
    `beside` the files beside the module: their text by name. `path` is its own name, which tells
    a notebook from a percent script.
    """

    bad: str | None
    good: str | None
    title: str = ""
    options: dict[str, Any] | None = None
    companions: tuple[str, ...] = ()
    beside: dict[str, str] | None = None
    path: str = "example_dev.py"


class Options(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """The base of a rule's own options: a typed struct, set under `[rules.CODE]`."""


class Rule:
    """The base of every rule.

    `code` is a family's letters and three digits, `name` a phrase in kebab case that names the
    bad pattern, `source` the document or file that the rule stands on, `fixes` the applicabilities
    that its fixes can have. A rule that runs `always` can be ignored but not left unselected:
    what it finds keeps the others from seeing a cell. Fixes of a lower `phase` are made first:
    what moves calls (0) goes before what looks at where they stand. Editors fade what a rule finds
    that is `unnecessary`.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    source: ClassVar[str] = ""
    fixes: ClassVar[tuple[Applicability, ...]] = ()
    always: ClassVar[bool] = False
    phase: ClassVar[int] = 1
    unnecessary: ClassVar[bool] = False
    options_type: ClassVar[type[Options]] = Options
    examples: ClassVar[tuple[Example, ...]] = ()

    def __init__(self, options: Options | None = None) -> None:
        self.options: Any = self.options_type() if options is None else options

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield what is wrong in the module, in the order of its text."""
        raise NotImplementedError

    def review(self, module: Module, ledger: Ledger) -> Iterator[Finding]:
        """Yield what is wrong with the suppressions of a module, when all rules have run."""
        yield from ()

    def outside(
        self,
        offset: int,
        message: str,
        fix: Fix | None = None,
        *,
        severity: Severity | None = None,
    ) -> Finding:
        """A finding at an offset in the file's text, for what stands in no cell."""
        grade = self.severity if severity is None else severity
        return Finding(self.code, self.name, grade, message, 0, fix=fix, outside=offset)

    def at(
        self,
        place: Statement | Cell,
        message: str,
        fix: Fix | None = None,
        *,
        start: int | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """A finding at a statement, at an offset in a cell, or (no offset) at a cell's marker."""
        cell = place.cell if isinstance(place, Statement) else place.index
        if start is None and isinstance(place, Statement):
            start = place.start
        end = place.end if isinstance(place, Statement) else start
        grade = self.severity if severity is None else severity
        return Finding(self.code, self.name, grade, message, cell, start, end, fix)
