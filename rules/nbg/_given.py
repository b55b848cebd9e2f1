"""Names that nothing of the students' can change: what a graded or read-only cell binds itself.

An assertion about nothing else cannot fail. Whatever is not known counts as the students'.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator

from modfix.nbgrader.kinds import is_locked
from modfix.rule import Module, Statement

from ._library_state import touched_libraries
from ._origins import imports, is_quiet, is_students, students_names

# Python's own that tells of names, files or people.
_TELLING = frozenset(
    {"__import__", "breakpoint", "compile", "delattr", "dir", "eval", "exec", "exit", "globals"}
    | {"help", "input", "locals", "open", "quit", "setattr", "vars"}
)
_PLAIN = (frozenset(dir(builtins)) - _TELLING) | {"__name__"}
_PLAIN_LIBRARIES = frozenset(
    {"abc", "bisect", "cmath", "collections", "copy", "dataclasses", "datetime", "decimal", "enum"}
    | {"fractions", "functools", "heapq", "itertools", "json", "math", "numbers", "numpy"}
    | {"operator", "pandas", "random", "re", "statistics", "string", "textwrap", "time", "typing"}
)
_READS_FILES = re.compile(r"\.(?:read_\w|load|genfromtxt|fromfile|memmap|fromregex)")
_NOT_CHANGED = ("function", "class", "import")


def is_given(module: Module, name: str) -> bool:
    """Whether a name of the module, or one of Python's own, depends on nothing of students'."""
    key = "given names"
    if key not in module.memo:
        module.memo[key] = _given(module)
    given: frozenset[str] = module.memo[key]
    return name in given or (name in _PLAIN and name not in module.definitions)


def sources(module: Module) -> frozenset[str]:
    """The names that students' statements bind, and imports that may be of the course's own."""
    key = "sources"
    if key not in module.memo:
        unknown = {name for name, origin in imports(module).items() if not is_quiet(origin)}
        module.memo[key] = students_names(module) | unknown
    names: frozenset[str] = module.memo[key]
    return names


def _given(module: Module) -> frozenset[str]:
    touched = touched_libraries(module)
    origins = imports(module)
    plain = {
        name
        for name, origin in origins.items()
        if _is_plain(origin) and origin.split(".")[0] not in touched
    }
    given = plain | {
        name
        for name, bound in module.definitions.items()
        if all(is_instructors(module, each) for each in bound)
    }
    while lost := _lost(module, given):
        given -= lost
    return frozenset(given)


def _is_plain(origin: str) -> bool:
    return origin.split(".")[0] in _PLAIN_LIBRARIES


def is_instructors(module: Module, statement: Statement) -> bool:
    """Whether a statement is the instructor's, and autograding puts it back. (What a library is
    imported as is told by its origin.)"""
    if statement.kind in ("import", "magic"):
        return False
    locked = is_locked(module.cell(statement.cell).cell.nbgrader)
    return locked and not is_students(module, statement)


def _lost(module: Module, given: set[str]) -> set[str]:
    """Of the names that seemed given those that something else has a hand in."""
    lost: set[str] = set()
    for statement in module.readers:
        if statement.kind == "import" or _is_closed(module, statement, given):
            continue
        lost |= statement.binds & given
        lost |= set(_changeable(module, statement)) & given
    return lost


def _is_closed(module: Module, statement: Statement, given: set[str]) -> bool:
    """Whether a statement reads nothing but what is given, or Python's own."""
    if not is_instructors(module, statement):
        return False
    source = module.cell(statement.cell).source
    if _READS_FILES.search(source, statement.start, statement.end):
        return False
    return all(
        name in given or (name in _PLAIN and name not in module.definitions)
        for name in statement.reads | statement.later
    )


def _changeable(module: Module, statement: Statement) -> Iterator[str]:
    """The variables that a statement can change, itself or through functions that it names."""
    seen: set[str] = set()
    stack = [*statement.reads, *statement.later]
    while stack:
        name = stack.pop()
        if name in seen:
            continue
        seen.add(name)
        for bound in module.definitions.get(name, ()):
            if bound.kind in _NOT_CHANGED:
                stack += (*bound.reads, *bound.later)
            else:
                yield name
