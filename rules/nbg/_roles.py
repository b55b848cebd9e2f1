"""What each statement of a cell is for, where an implementation and its test share the cell."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal

from modfix.rule import CodeCell, Module, Statement

from ._regions import Region, solution_regions

Role = Literal["code", "test"]

# Names that say that a class or function stands in for something while testing.
_STAND_IN = re.compile(
    r"^(mock|fake|dummy|stub|simple|tiny|toy|test)|(mock|fake|stub|fixture)$", re.I
)


def is_test_function(module: Module, statement: Statement) -> bool:
    """Whether a statement defines a test: by its name, and callable without arguments, or called
    in its own cell.

    Else `test_loop(dataloader, model)` is no test; machine learning scripts are full of such.
    """
    if statement.kind != "function" or not module.is_test(statement.name):
        return False
    return not statement.takes_arguments or statement.name in module.reads_of(statement.cell)


def runs_tests(module: Module, statement: Statement) -> bool:
    """Whether a function calls tests of the module: it is theirs, and not for the package."""
    named = (name for name in statement.later if module.is_test(name))
    return statement.kind == "function" and any(module.definition(name) for name in named)


def defines_test(module: Module, statements: Sequence[Statement]) -> bool:
    """Whether one of the statements defines a test."""
    return any(is_test_function(module, statement) for statement in statements)


def test_names(module: Module, cell: CodeCell) -> frozenset[str]:
    """The tests that a cell defines. One that holds a solution region is the student's work."""
    regions = solution_regions(module, cell.source)
    return frozenset(
        statement.name
        for statement in cell.statements
        if is_test_function(module, statement) and not _in_region(statement, regions)
    )


def statement_roles(module: Module, cell: CodeCell) -> tuple[Role | None, ...]:
    """The role of each statement of a mixed cell; () for a cell that is not mixed.

    None is a statement that goes with what it follows (at the top: with what follows it). A cell
    is mixed if it defines a test and, beside it, an implementation, a demo or a solution.
    """
    tests = test_names(module, cell)
    if not tests:
        return ()
    reader = _Reader(module, cell, tests)
    roles = [reader.role(statement) for statement in cell.statements]
    if "code" not in roles:
        return ()
    if cell.exported:
        roles = reader.with_what_the_package_needs(roles)
    return reader.with_fixtures(roles)


class _Reader:
    """Reads the roles of one cell's statements."""

    def __init__(self, module: Module, cell: CodeCell, tests: frozenset[str]) -> None:
        self.module = module
        self.cell = cell
        self.tests = tests
        self.regions = solution_regions(module, cell.source)
        self.fixtures = self._fixtures()

    def role(self, statement: Statement) -> Role | None:
        if statement.name in self.tests:
            return "test"
        if _in_region(statement, self.regions):
            return "code"
        if not statement.name:
            return "test" if statement.reads & self.tests else None
        if statement.name in self.fixtures:
            return None
        return "code" if self._implements(statement) else None

    def with_what_the_package_needs(self, roles: list[Role | None]) -> list[Role | None]:
        """Constants, imports and helpers of an exported cell stay exported if code reads them."""
        code = {
            s.number for s, role in zip(self.cell.statements, roles, strict=True) if role == "code"
        }
        return [
            "code" if role is None and self._needed(statement, code) else role
            for statement, role in zip(self.cell.statements, roles, strict=True)
        ]

    def with_fixtures(self, roles: list[Role | None]) -> tuple[Role | None, ...]:
        """A fixture goes with the test that follows it."""
        found, following = list(roles), None
        for statement in reversed(self.cell.statements):
            at = statement.number
            if found[at] is None and statement.name in self.fixtures and following == "test":
                found[at] = "test"
            following = found[at] or following
        return tuple(found)

    def _implements(self, statement: Statement) -> bool:
        if self.module.is_demo(statement.name):
            return True
        if statement.name.startswith("_") or runs_tests(self.module, statement):
            return False
        if self.regions or self.cell.exported:
            return True
        return any(user.cell != self.cell.index for user in self._users(statement, statement.name))

    def _needed(self, statement: Statement, code: set[int]) -> bool:
        if statement.name in self.fixtures:
            return False
        return any(
            user.cell != self.cell.index or user.number in code
            for name in statement.binds
            for user in self._users(statement, name)
        )

    def _fixtures(self) -> frozenset[str]:
        """Definitions that only tests use, or fixtures of theirs."""
        found: set[str] = set()
        candidates = [s for s in self.cell.statements if self._may_be_fixture(s)]
        while True:
            more = {s.name for s in candidates if s.name not in found and self._for_tests(s, found)}
            if not more:
                return frozenset(found)
            found |= more

    def _may_be_fixture(self, statement: Statement) -> bool:
        name = statement.name
        if not name or name in self.tests or self.module.is_demo(name):
            return False
        if _in_region(statement, self.regions):
            return False
        return _stands_in(name) or not self.cell.exported

    def _for_tests(self, statement: Statement, fixtures: set[str]) -> bool:
        users = list(self._users(statement, statement.name))
        stands_in = _stands_in(statement.name)
        return bool(users) and all(self._tests(user, fixtures, stands_in) for user in users)

    def _tests(self, user: Statement, fixtures: set[str], stands_in: bool) -> bool:
        here = user.cell == self.cell.index
        if self.module.is_test(user.name):
            return here or stands_in
        return here and (user.name in fixtures or (stands_in and not user.name))

    def _users(self, definition: Statement, name: str) -> Iterator[Statement]:
        """The statements that read a name and get it from this very definition's cell."""
        defining = sorted({s.cell for s in self.module.definitions.get(name, ())})
        for user in self.module.users(name):
            nearest = bisect_right(defining, user.cell) - 1
            own = nearest < 0 or defining[nearest] == definition.cell
            if user is not definition and own:
                yield user


def _in_region(statement: Statement, regions: tuple[Region, ...]) -> bool:
    return any(region.touches(statement.start, statement.end) for region in regions)


def _stands_in(name: str) -> bool:
    return name.startswith("_") or bool(_STAND_IN.search(name))
