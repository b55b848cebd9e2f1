"""Calls that run once more what an earlier call ran."""

from __future__ import annotations

from msgspec import Struct

from modfix.rule import Module

from ._calls import ModuleCall, module_calls
from ._disturbing import same_after
from ._needs import changed_by_functions, function_run, place_of


class Repeat(Struct, frozen=True):
    """A call and the first one of the same function, with the same arguments."""

    first: ModuleCall
    again: ModuleCall


def repeats(module: Module) -> tuple[Repeat, ...]:
    """Every call of a test or demo that runs once more what an earlier call ran.

    It is the same only if function and arguments are, and if nothing that the function needs is
    bound again or changed in between, by the function itself or others: a lesson that improves
    a function tests it again.
    """
    firsts: dict[str, ModuleCall] = {}
    found: list[Repeat] = []
    for call in module_calls(module, lambda name: module.is_test(name) or module.is_demo(name)):
        first = firsts.setdefault(call.text, call)
        if first is not call and _runs_the_same(module, first, call):
            found.append(Repeat(first, call))
    return tuple(found)


def _runs_the_same(module: Module, first: ModuleCall, again: ModuleCall) -> bool:
    here, there = place_of(first.top), place_of(again.top)
    if function_run(module, first.name, here) is not function_run(module, again.name, there):
        return False
    if changed_by_functions(module, first.top):
        return False
    names = {first.name}
    if first.statement is not None:
        names |= first.statement.reads | first.statement.later
    return same_after(module, names, here, there)
