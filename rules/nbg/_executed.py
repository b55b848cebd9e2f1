"""What runs when a cell runs: its own code, and that of the module's functions that it names.

A function counts as called where its name is read, so that `for test in [test_a, test_b]: test()`
and `run(test_a)` call what they mean to. Nothing is evaluated but literals.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import libcst as cst
from msgspec.structs import replace

from modfix.rule import CodeCell, Module, Statement

from ._literals import literals
from ._steps import Run, steps
from ._uncalled import is_unread_lambda, runs_when_called, uncalled_inside

__all__ = ["Run", "definition_before", "executed"]

_TOLD = (cst.Assert, cst.Raise, cst.Call, cst.Name)


def executed(module: Module, cell: CodeCell, enters: Callable[[Statement], bool]) -> Iterator[Run]:
    """The asserts, raises, calls and reads of names that run with a cell, in order.

    `enters` says of a function or class that the code names whether to follow it.
    """
    seen: set[tuple[int, bool, bool]] = set()
    values = literals(module)
    stack = [
        Run(s.node, cell, s.node, values=values)
        for s in reversed(cell.statements)
        if not is_unread_lambda(module, s)
    ]
    while stack:
        run = stack.pop()
        if isinstance(run.node, _TOLD):
            yield run
        inner = list(_dropped(module, run) or steps(run))
        if isinstance(run.node, cst.Name) and run.names_module(run.node.value):
            inner += _entered(module, run, enters, seen)
        stack.extend(reversed(inner))


def _entered(
    module: Module,
    run: Run,
    enters: Callable[[Statement], bool],
    seen: set[tuple[int, bool, bool]],
) -> Iterator[Run]:
    assert isinstance(run.node, cst.Name)
    found = definition_before(module, run.node.value, run.cell.index)
    if found is None or not enters(found):
        return
    key = (id(found.node), run.caught is not None, run.stub is not None)
    if key in seen:
        return
    seen.add(key)
    yield replace(
        run,
        node=found.node.body,  # type: ignore[attr-defined]  # FunctionDef or ClassDef
        cell=module.cell(found.cell),
        outer=found.reads | found.later,
        takes=_takes_arguments(found),
        uncalled=uncalled_inside(module, found),
    )


def _takes_arguments(found: Statement) -> bool:
    """Whether a function takes any arguments, or there are functions in it that do; a class
    counts as one that does."""
    root = found.plain[0]
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    if not isinstance(root, functions):
        return True
    every = (each.args for each in ast.walk(root) if isinstance(each, functions))
    return any(a.posonlyargs or a.args or a.kwonlyargs or a.vararg or a.kwarg for a in every)


def _dropped(module: Module, run: Run) -> list[Run]:
    """The arguments of a call that makes a generator, which nobody runs; else nothing."""
    call = run.node.value if isinstance(run.node, cst.Expr) else None
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Name):
        return []
    name = call.func.value
    found = definition_before(module, name, run.cell.index) if run.names_module(name) else None
    if found is None or runs_when_called(found):
        return []
    return [replace(run, node=each) for each in (cst.Pass(), *call.args)]


def definition_before(module: Module, name: str, cell: int) -> Statement | None:
    """The function or class that a name stands for in a cell, or None where it is anything else."""
    every = module.definitions.get(name, ())
    before = [s for s in every if s.cell <= cell] or list(every)
    last = before[-1] if before else None
    return last if last is not None and last.name == name else None
