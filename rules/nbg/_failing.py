"""Whether a graded cell can fail at all, and if not, why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from modfix.rule import CodeCell, Module, Statement
from modfix.syntax.plain_names import plain_name_use
from modfix.syntax.plain_nodes import dotted_name

from ._dead_code import truth
from ._displayed import shown_value, shows_credit
from ._executed import Run, executed
from ._given import is_given, sources
from ._graded import runs_in_another_way
from ._origins import depends, is_students, may_fail

Why = Literal["never called", "caught", "stub caught", "always true", "nothing"]

_QUIET_MAGIC = re.compile(
    r"%?%(?:matplotlib|load_ext|reload_ext|autoreload|config|pylab|time|timeit|capture|precision)"
)
_UNITTEST = re.compile(r"self\.(?:assert|fail)")


class Harmless(Struct, frozen=True):
    """A graded cell that gives its points away: why, and the node that shows it (None: all)."""

    why: Why
    node: ast.stmt | None = None
    cell: CodeCell | None = None
    name: str = ""


def harmless(module: Module, cell: CodeCell) -> Harmless | None:
    """Why a graded cell cannot fail, or None where it can, or where we cannot tell."""
    key = ("harmless", cell.index)
    if key not in module.memo:
        module.memo[key] = _harmless(module, cell)
    found: Harmless | None = module.memo[key]
    return found


def _harmless(module: Module, cell: CodeCell) -> Harmless | None:
    if not cell.statements or runs_in_another_way(cell) or _runs_magic(cell):
        return None
    if shows_credit(cell) or shown_value(module, cell) is not None:
        return None
    caught: Harmless | None = None
    idle: Harmless | None = None
    for run in executed(module, cell, lambda statement: not is_students(module, statement)):
        if not _tells(module, cell, run):
            if idle is None and isinstance(run.node, ast.Assert) and _names_students(module, run):
                idle = Harmless("always true", run.node, run.cell)
            continue
        if run.caught is None and run.stub is None:
            return None
        why: Why = "caught" if run.caught is not None else "stub caught"
        caught = caught or Harmless(why, run.caught or run.stub, run.cell)
    if caught is not None or idle is not None:
        return caught or idle
    uncalled = next(_tests(module, cell), None)
    if uncalled is not None:
        return Harmless("never called", uncalled.plain[0], cell, uncalled.name)
    return Harmless("nothing")


def _runs_magic(cell: CodeCell) -> bool:
    """Whether a magic or a shell line of the cell may run tests."""
    lines = (cell.source[s.start : s.end] for s in cell.statements if s.kind == "magic")
    return any(not _QUIET_MAGIC.match(line.lstrip()) for line in lines)


def _tests(module: Module, cell: CodeCell) -> Iterator[Statement]:
    """The functions and classes of a cell that would test something if they were called."""
    for statement in cell.statements:
        named = statement.name and statement.kind in ("function", "class")
        called = any(statement.name in each.reads for each in cell.statements)
        if not named or called:
            continue
        if module.is_test(statement.name) or _asserts(statement.plain[0]):
            yield statement


def _asserts(root: ast.AST) -> bool:
    return any(isinstance(node, (ast.Assert, ast.Raise)) for node in ast.walk(root))


def _tells(module: Module, cell: CodeCell, run: Run) -> bool:
    """Whether bad work can make a node fail."""
    node = run.node
    if isinstance(node, ast.Assert):
        return _may_be_false(module, run, node.test)
    if isinstance(node, ast.Raise):
        return True
    if isinstance(node, ast.Name):
        return run.names_module(node.id) and depends(module, node.id, cell.index)
    assert isinstance(node, ast.Call)
    dotted = dotted_name(node.func)
    if not dotted:
        return False
    if not run.names_module(dotted.split(".")[0]):
        return bool(_UNITTEST.match(dotted))
    return may_fail(module, dotted)


def _may_be_false(module: Module, run: Run, test: ast.expr) -> bool:
    """Whether an assertion depends on anything that is not given."""
    if isinstance(test, ast.Tuple):
        return not test.elts
    always = truth(test, run.values)
    if always is not None:
        return not always
    used = plain_name_use([test])
    return any(_is_open(module, run, name) for name in used.reads | used.later)


def _is_open(module: Module, run: Run, name: str) -> bool:
    """Whether students, or what we cannot see, may have a hand in what a name stands for."""
    if run.outer is None or name in run.outer:
        return not is_given(module, name)
    return run.takes or not all(is_given(module, each) for each in run.outer)


def _names_students(module: Module, run: Run) -> bool:
    """Whether an assertion that is always true was meant to test students."""
    used = plain_name_use([run.node])
    return any(run.names_module(name) for name in (used.reads | used.later) & sources(module))
