"""What students change in a library: a seed, an option. A test may ask the library for it.

`np.random.seed(42)` in a solution and `assert np.random.rand() < 0.4` in a test have nothing in
common but the library.
"""

from __future__ import annotations

import re

from modfix.rule import Module, Statement

from ._origins import imports, is_students

_STATE = re.compile(
    r"\brandom\.(?!default_rng\b|Generator\b|RandomState\b)\w|\bset_?state\b|\w*seed\w*\s*\("
    r"|\bset_\w*options?\b|\bset_?printoptions\b|\bset_?err\b|\boptions\.|\b\w*context\s*\("
)
_HINTS = ("random", "seed", "state", "option", "seterr", "context")


def touched_libraries(module: Module) -> frozenset[str]:
    """The top names of the libraries whose state students' code changes, as it stands in the
    source or in the functions of the module that it names."""
    if not any(hint in module.document.text for hint in _HINTS):  # PERF: few need more
        return frozenset()
    origins = imports(module)
    return frozenset(
        origins[name].split(".")[0]
        for statement in _of_students(module)
        if _changes_state(module, statement)
        for name in statement.reads | statement.later
        if name in origins
    )


def _changes_state(module: Module, statement: Statement) -> bool:
    source = module.cell(statement.cell).source
    return _STATE.search(source, statement.start, statement.end) is not None


def _of_students(module: Module) -> list[Statement]:
    """The students' statements, and the definitions that these name, themselves or in turn."""
    stack = [each for each in module.statements if is_students(module, each)]
    found = list(stack)
    seen: set[str] = set()
    while stack:
        statement = stack.pop()
        new = (statement.reads | statement.later) - seen
        seen |= new
        more = [each for name in new for each in module.definitions.get(name, ()) if each.name]
        found += more
        stack += more
    return found
