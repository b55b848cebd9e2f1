"""Which solutions the graded cells of a module test, and which names they use too early."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from modfix.rule import CodeCell, Module, Statement

from ._graded import is_test_cell
from ._origins import students_names
from ._plain_asserts import plainly_tests

if TYPE_CHECKING:
    from ._executed import Run

_BUILTINS = frozenset(dir(builtins))


def solved_names(cell: CodeCell) -> list[str]:
    """The names that a solution cell is to define; none where we do not know what it changes."""
    names: list[str] = []
    for statement in cell.statements:
        if statement.decorators:
            return []
        if statement.kind in ("function", "class", "assign"):
            names += sorted(n for n in statement.binds if not n.startswith("__"))
    return names


def tests_nothing(module: Module, graded: Sequence[CodeCell]) -> bool:
    """Whether the graded cell that follows tests nothing at all: that is what is to be told."""
    tests = [cell for cell in graded if is_test_cell(cell.cell)]
    if not tests or not tests[0].parses:
        return False
    if plainly_tests(module, tests[0]):
        return False
    from ._failing import harmless  # PERF: few modules need it

    return not tests[0].statements or harmless(module, tests[0]) is not None


def is_tested(module: Module, names: Sequence[str], graded: Sequence[CodeCell]) -> bool:
    """Whether graded cells reach one of the names, by their text or through what they call."""
    if any(re.search(rf"\b{re.escape(n)}\b", cell.source) for n in names for cell in graded):
        return True
    return not _reached(module, graded).isdisjoint(names)


def tests_unseen(module: Module, graded: Sequence[CodeCell]) -> bool:
    """Whether the graded cell that follows names nothing of the students': a grader's call, a
    script or a shell line may test what it does not name."""
    tests = [cell for cell in graded if is_test_cell(cell.cell)]
    return bool(tests) and _reached(module, tests[:1]).isdisjoint(students_names(module))


def _reached(module: Module, graded: Sequence[CodeCell]) -> set[str]:
    """The names that cells read, and those that the definitions of these read in turn."""
    seen: set[str] = set()
    stack = [name for cell in graded for s in cell.statements for name in (*s.reads, *s.later)]
    while stack:
        name = stack.pop()
        if name in seen:
            continue
        seen.add(name)
        stack += (n for s in module.definitions.get(name, ()) for n in (*s.reads, *s.later))
    return seen


def _is_bound_before(module: Module, name: str, cell: CodeCell) -> bool:
    defining = module.definitions.get(name, ())
    return not defining or any(each.cell <= cell.index for each in defining)


def early_names(module: Module, cell: CodeCell) -> Iterator[tuple[Statement, str]]:
    """The names that a cell surely reads when it runs, and only later cells define."""
    own = {name for s in cell.statements for name in (*s.reads, *s.later)}
    if all(_is_bound_before(module, name, cell) for name in own):
        return
    late = {
        name
        for name, defining in module.definitions.items()
        if all(each.cell > cell.index for each in defining) and name not in _BUILTINS
    }
    if not late or not any(s.reads & late or s.later & late for s in cell.statements):
        return
    from ._executed import executed  # PERF: only cells that name what comes later come here

    for run in executed(module, cell, lambda found: found.cell <= cell.index):
        name = run.node.id if isinstance(run.node, ast.Name) else ""
        here = run.outer is not None or name in run.site.reads
        if name in late and here and run.names_module(name) and _is_sure(run):
            late.discard(name)
            yield run.site, name


def _is_sure(run: Run) -> bool:
    """Whether a read surely happens and its NameError is not caught."""
    return not run.sometimes and run.caught is None
