"""Bare calls at module level and the guard that each of them gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modfix.rule import CodeCell, Finding, Fix, Module, Rule, Statement

from ._calls import Wanted, bare_calls
from ._extent import extent_end
from ._guarding import GUARD
from ._placing import destination, guarded_call, move, wrap


def unguarded_calls(rule: Rule, module: Module, wanted: Wanted, noun: str) -> Iterator[Finding]:
    """A finding for each line that calls a function that is `wanted`, with its fix."""
    lines = tuple(bare_calls(module, wanted))
    staying = {s for s, names in lines if _target(module, s, names) is None}
    for statement, names in lines:
        called = ", ".join(f"`{name}()`" for name in dict.fromkeys(names))
        message = (
            f"{noun} {called} runs whenever the module is imported: "
            f"call it under `{GUARD}` right after its definition"
        )
        yield rule.at(statement, message, _fix(module, statement, names, staying))


def _target(module: Module, statement: Statement, names: Sequence[str]) -> Statement | None:
    return destination(module, statement, names[0]) if statement.kind == "call" else None


def _fix(
    module: Module, statement: Statement, names: Sequence[str], staying: set[Statement]
) -> Fix:
    after = _target(module, statement, names)
    if after is not None:
        block = guarded_call(module, statement)
        return Fix("guard the call after its definition", move(module, (statement,), block, after))
    cell = module.cell(statement.cell)
    first, last = _neighbours(cell, statement, staying)
    return Fix("guard the call", wrap(module, cell, first, last))


def _neighbours(
    cell: CodeCell, statement: Statement, staying: set[Statement]
) -> tuple[Statement, Statement]:
    """The first and last of the calls on lines next to each other: they share one guard."""
    first = last = statement.number
    while first and cell.statements[first - 1] in staying and _adjoin(cell, first - 1):
        first -= 1
    end = len(cell.statements) - 1
    while last < end and cell.statements[last + 1] in staying and _adjoin(cell, last):
        last += 1
    return cell.statements[first], cell.statements[last]


def _adjoin(cell: CodeCell, number: int) -> bool:
    """Whether no blank line parts a statement from the next one's comments."""
    above, below = cell.statements[number : number + 2]
    return below.lead <= extent_end(cell, above) + 1
