"""What runs when a cell runs: its own code, and that of the module's functions that it names.

A function counts as called where its name is read, so that `for test in [test_a, test_b]: test()`
and `run(test_a)` call what they mean to. Nothing is evaluated but literals.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from modfix.rule import CodeCell, Module, Statement

from ._dead_code import alive
from ._literals import literals
from ._steps import Run, steps
from ._swallowing import swallowed
from ._uncalled import is_unread_lambda, runs_when_called, uncalled_inside

__all__ = ["Run", "definition_before", "executed"]

_TOLD = (ast.Assert, ast.Raise, ast.Call, ast.Name)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def executed(module: Module, cell: CodeCell, enters: Callable[[Statement], bool]) -> Iterator[Run]:
    """The asserts, raises, calls and reads of names that run with a cell, in order.

    `enters` says of a function or class that the code names whether to follow it.
    """
    seen: set[tuple[int, bool, bool]] = set()
    values = literals(module)
    for site in cell.statements:
        if is_unread_lambda(module, site):
            continue
        stack = [Run(node, cell, site, values=values) for node in reversed(site.plain)]
        while stack:
            run = stack.pop()
            if isinstance(run.node, _TOLD):
                yield run
            inner = [replace(run, node=each) for each in _dropped(module, run)] or list(steps(run))
            inner = _swallowed(module, run, inner, enters)
            if isinstance(run.node, ast.Name) and run.names_module(run.node.id):
                inner += _entered(module, run, run.node.id, enters, seen)
            stack.extend(reversed(inner))


def _swallowed(
    module: Module, run: Run, inner: list[Run], enters: Callable[[Statement], bool]
) -> list[Run]:
    """The parts of a node; of a call what it hands over to a function that swallows its failures
    is caught by the statement that the call belongs to."""
    call = run.node
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return inner
    name = call.func.id
    found = definition_before(module, name, run.cell.index) if run.names_module(name) else None
    if found is None or found.kind != "function" or not enters(found):
        return inner
    given = swallowed(module, call, found)
    caught = run.caught or run.site.plain[0]
    return [replace(each, caught=caught) if each.node in given else each for each in inner]


def _entered(
    module: Module,
    run: Run,
    name: str,
    enters: Callable[[Statement], bool],
    seen: set[tuple[int, bool, bool]],
) -> Iterator[Run]:
    found = definition_before(module, name, run.cell.index)
    if found is None or not enters(found):
        return
    definition: Any = found.plain[0]  # of a function or a class
    key = (id(definition), run.caught is not None, run.stub is not None)
    if key in seen:
        return
    seen.add(key)
    takes, uncalled = _told_of(module, found)
    inner = replace(
        run,
        cell=module.cell(found.cell),
        outer=found.reads | found.later,
        takes=takes,
        uncalled=uncalled,
    )
    for node in alive(definition.body):
        yield replace(inner, node=node)


def _told_of(module: Module, found: Statement) -> tuple[bool, frozenset[str]]:
    """Whether a definition takes arguments, and the functions in it that nothing calls."""
    key = ("entered", found.cell, found.start)
    if key not in module.memo:
        module.memo[key] = _takes_arguments(found), uncalled_inside(module, found)
    told: tuple[bool, frozenset[str]] = module.memo[key]
    return told


def _takes_arguments(found: Statement) -> bool:
    """Whether a function takes any arguments, or there are functions in it that do; a class
    counts as one that does."""
    root = found.plain[0]
    if not isinstance(root, _FUNCTIONS):
        return True
    every = (each.args for each in ast.walk(root) if isinstance(each, _FUNCTIONS))
    return any(a.posonlyargs or a.args or a.kwonlyargs or a.vararg or a.kwarg for a in every)


def _dropped(module: Module, run: Run) -> Sequence[ast.AST]:
    """What runs of a call that makes a generator, which nobody runs: its arguments. Nothing for
    any other node."""
    call = run.node.value if isinstance(run.node, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return ()
    name = call.func.id
    found = definition_before(module, name, run.cell.index) if run.names_module(name) else None
    if found is None or runs_when_called(found):
        return ()
    return (ast.Pass(), *call.args, *call.keywords)


def definition_before(module: Module, name: str, cell: int) -> Statement | None:
    """The function or class that a name stands for in a cell, or None where it is anything else."""
    every = module.definitions.get(name, ())
    before = [s for s in every if s.cell <= cell] or list(every)
    last = before[-1] if before else None
    return last if last is not None and last.name == name else None
