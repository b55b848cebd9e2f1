"""A module as rules see it: parsed cells, their statements, and one index over all of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from modfix.document.cell import Cell
from modfix.document.directives import Directive, default_export, read_directives
from modfix.document.document import Document
from modfix.document.folder import Folder
from modfix.settings import Settings
from modfix.syntax.effects import NOTHING, Effects
from modfix.syntax.facts import StatementKind
from modfix.syntax.trees import Trees

if TYPE_CHECKING:
    import ast

    import libcst as cst


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement at the top level of a cell, or in the body of a main guard.

    `start` and `end` are its offsets in the cell's source, decorators included, end of line
    excluded; `lead` is where the comments that stand directly above it begin. `binds` are the
    names that it binds in the module, `reads` those that it reads when it runs, `later` those
    that functions defined in it read when they are called (locals excluded in both).
    `name` is that of the function or class that it defines, or "", `decorators` the last names of
    its decorators (`b` for `@a.b(…)`); a function that `takes_arguments` cannot be called without.
    `plain_call` says that a call has none, `effects` what the statement does beyond binding names.

    PERF: `node`, LibCST's, is parsed when a rule first asks for it; `plain`, CPython's, is there
    for a tenth of the time. A rule that needs neither to pass over a statement should ask for
    neither.
    """

    cell: int
    number: int
    kind: StatementKind
    start: int
    end: int
    lead: int
    binds: frozenset[str]
    reads: frozenset[str]
    later: frozenset[str]
    trees: Trees = field(repr=False, compare=False)
    path: tuple[int, ...] = field(repr=False, compare=False)
    name: str = ""
    decorators: tuple[str, ...] = ()
    takes_arguments: bool = False
    call: str = ""
    plain_call: bool = False
    effects: Effects = NOTHING
    body: tuple[Statement, ...] = ()

    @property
    def node(self) -> cst.CSTNode:
        """The statement in LibCST's tree of its cell."""
        return self.trees.node(self.path)

    @property
    def plain(self) -> tuple[ast.stmt, ...]:
        """The statement as CPython's nodes: one, or those of the line `a; b`."""
        return self.trees.plain(self.path)


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Why a cell does not parse, and where: an offset in its source."""

    message: str
    offset: int


@dataclass(frozen=True)
class CodeCell:
    """A code cell as syntax.

    `trees` is None for a cell that does not parse (`fault` says why) and for one in another
    language (`%%bash`); it then has no statements. What such a cell says may still need the
    module: `mentions` stand for it among the readers of the module, and read every name that is
    written in the cell. `masked` says that lines of IPython were put out of the parser's way.
    """

    cell: Cell
    trees: Trees | None
    statements: tuple[Statement, ...]
    fault: SyntaxFault | None = None
    mentions: tuple[Statement, ...] = ()
    masked: bool = False

    @property
    def parses(self) -> bool:
        """Whether it is Python, and Python reads it."""
        return self.trees is not None

    @property
    def tree(self) -> cst.Module | None:
        """LibCST's tree, parsed when first asked for; None where there are no `trees`.

        Raises TreeFault, which the engine answers, for a source that LibCST cannot read.
        """
        return None if self.trees is None else self.trees.tree

    @property
    def index(self) -> int:
        """The index of the cell in the document."""
        return self.cell.index

    @property
    def source(self) -> str:
        """The source of the cell."""
        return self.cell.source

    @cached_property
    def directives(self) -> tuple[Directive, ...]:
        """The nbdev directives (`#| export`), in order."""
        return read_directives(self.cell.source)

    @property
    def exported(self) -> bool:
        """Whether nbdev exports the cell to the package."""
        return any(directive.exports for directive in self.directives)

    def offset(self, node: ast.stmt | ast.expr) -> int:
        """Where a node of CPython's tree begins in the cell's source, without its decorators."""
        return self.place(node)[0]

    def place(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """The offsets of a node of CPython's tree in the cell's source."""
        assert self.trees is not None  # which have the node
        return self.trees.places.start(node), self.trees.places.end(node)

    @cached_property
    def spans(self) -> dict[int, tuple[int, int]]:
        """Offsets of every node of the tree, by `id(node)`; computed when first asked for."""
        return {} if self.trees is None else self.trees.spans

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """The offsets of a node in the cell's source, without its parentheses and whitespace."""
        return self.spans[id(node)]

    def text_of(self, node: cst.CSTNode) -> str:
        """The source text of a node."""
        start, end = self.span(node)
        return self.source[start:end]


@dataclass(frozen=True)
class Module:
    """A module: its document, its settings, and its code cells with one index over them.

    `memo` is for rules: what one has worked out of the module and would else work out again.
    """

    document: Document
    settings: Settings
    cells: tuple[CodeCell, ...]
    memo: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def folder(self) -> Folder:
        """What stands beside the document (nothing, for one that comes from stdin)."""
        return self.document.folder

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Every top-level statement, in order."""
        return tuple(statement for cell in self.cells for statement in cell.statements)

    @cached_property
    def readers(self) -> tuple[Statement, ...]:
        """All that may need a name: every statement, and what cells without a tree mention."""
        return tuple(s for cell in self.cells for s in (*cell.statements, *cell.mentions))

    @cached_property
    def definitions(self) -> dict[str, tuple[Statement, ...]]:
        """The statements that bind each name, in order (guards and blocks included)."""
        found: dict[str, list[Statement]] = {}
        for statement in self.statements:
            for name in sorted(statement.binds):
                found.setdefault(name, []).append(statement)
        return {name: tuple(statements) for name, statements in found.items()}

    @cached_property
    def default_export(self) -> str | None:
        """The dotted name of the exported module (`#| default_exp`), or None."""
        return next(filter(None, (default_export(cell.directives) for cell in self.cells)), None)

    def cell(self, index: int) -> CodeCell:
        """The parsed code cell with this index in the document."""
        return self._by_index[index]

    @cached_property
    def _by_index(self) -> dict[int, CodeCell]:
        return {cell.index: cell for cell in self.cells}

    def definition(self, name: str) -> Statement | None:
        """The first function or class of this name at the top level of a cell."""
        found = self.definitions.get(name, ())
        return next((s for s in found if s.kind in ("function", "class")), None)

    def users(self, name: str) -> Iterator[Statement]:
        """The statements that read a name, when they run or later."""
        return iter(self._users.get(name, ()))

    @cached_property
    def _users(self) -> dict[str, list[Statement]]:
        """All that reads each name, in order. PERF: rules ask for one name after another."""
        found: dict[str, list[Statement]] = {}
        for statement in self.readers:
            for name in statement.reads | statement.later:
                found.setdefault(name, []).append(statement)
        return found

    def reads_of(self, cell: int) -> frozenset[str]:
        """The names that the statements of a code cell read when they run."""
        if cell not in self._reads:
            statements = self.cell(cell).statements
            self._reads[cell] = frozenset().union(*(each.reads for each in statements))
        return self._reads[cell]

    @cached_property
    def _reads(self) -> dict[int, frozenset[str]]:
        return {}

    def is_test(self, name: str) -> bool:
        """Whether a function of this name is a test."""
        return matches(name, self.settings.names.tests)

    def is_demo(self, name: str) -> bool:
        """Whether a function of this name is a demo or an analysis."""
        return matches(name, self.settings.names.demos)


@lru_cache(maxsize=4096)
def matches(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a name fits one of the shell patterns."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)
