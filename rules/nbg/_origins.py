"""Where the names of a module come from: students, imports, Python itself, or nowhere seen."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterable

from modfix.nbgrader.kinds import is_solution
from modfix.rule import Module, Statement
from modfix.syntax.plain_nodes import children, imported_names

from ._regions import solution_regions

BUILTINS = frozenset(dir(builtins)) | {"display", "get_ipython"}

# What may fail on a student's account, or run tests, although it is Python's own.
_TELLING_BUILTINS = frozenset(
    {"exec", "eval", "compile", "__import__", "exit", "quit", "breakpoint", "get_ipython"}
)
_TELLING_LIBRARY = frozenset({"unittest", "runpy", "importlib", "subprocess", "ast", "inspect"})
# Libraries whose calls do not test anything, by what they are called in imports.
_QUIET = frozenset(
    {"IPython", "PIL", "matplotlib", "networkx", "numpy", "pandas", "plotly", "scipy", "seaborn"}
    | {"sympy", "tqdm"}
)
_TESTING = re.compile(r"assert|check|grade|test|verif|valid", re.IGNORECASE)
_NEVER_RAISING = frozenset({"doctest"})


def is_students(module: Module, statement: Statement) -> bool:
    """Whether a statement is cleared for students: it stands in a solution, or holds one."""
    cell = module.cell(statement.cell)
    regions = solution_regions(module, cell.source)
    if not regions:
        return is_solution(cell.cell.nbgrader)
    return any(region.touches(statement.start, statement.end) for region in regions)


def students_names(module: Module) -> frozenset[str]:
    """The names that students' statements bind."""
    key = "names of students"
    if key not in module.memo:
        module.memo[key] = frozenset(
            name
            for statement in module.statements
            if statement.binds and is_students(module, statement)
            for name in statement.binds
        )
    names: frozenset[str] = module.memo[key]
    return names


def depends(module: Module, name: str, cell: int) -> bool:
    """Whether a name is a student's, or a variable that another cell than this one makes of a
    student's name, or of a library that may be the course's own. (Functions are looked into
    instead, and so is what the cell itself does.)"""
    key = "cells that bind what depends"
    if key not in module.memo:
        module.memo[key] = _dependent(module)
    return name in students_names(module) or bool(module.memo[key].get(name, set()) - {cell})


def _dependent(module: Module) -> dict[str, set[int]]:
    """The variables that depend on students or on unknown libraries, and the cells that bind
    them."""
    found: dict[str, set[int]] = {}
    sources = {name for name, origin in imports(module).items() if not is_quiet(origin)}
    sources |= students_names(module)
    for statement in module.statements:
        if statement.kind not in ("function", "class", "import") and statement.reads & sources:
            sources |= statement.binds
            for name in statement.binds:
                found.setdefault(name, set()).add(statement.cell)
    return found


def imports(module: Module) -> dict[str, str]:
    """The dotted origin of each imported name: `np` is `numpy`, `warn` is `warnings.warn`."""
    key = "origins"
    if key not in module.memo:
        found: dict[str, str] = {}
        for statement in module.statements:
            if statement.kind in ("import", "block", "guard", "function"):
                source = module.cell(statement.cell).source
                if source.find("import", statement.start, statement.end) >= 0:
                    found.update(_imported(statement.plain))
        module.memo[key] = found
    origins: dict[str, str] = module.memo[key]
    return origins


def _imported(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """What statements import at any depth; of two that bind a name the first counts."""
    found: dict[str, str] = {}
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update(imported_names(node))
        elif not isinstance(node, ast.expr):
            stack += children(node)
    return found


def full_name(module: Module, dotted: str) -> str:
    """A dotted name with its first part as it was imported: `np.sum` is `numpy.sum`."""
    root, dot, rest = dotted.partition(".")
    return imports(module).get(root, root) + dot + rest


def may_fail(module: Module, dotted: str) -> bool:
    """Whether a call of a dotted name of the module may run a test or fail on bad work.

    What the module defines is looked into and not asked for here. Of what nobody knows it is
    assumed.
    """
    root = dotted.split(".")[0]
    origin = imports(module).get(root)
    if origin is not None:
        full = full_name(module, dotted)
        return not is_quiet(origin) or (
            bool(_TESTING.search(full)) and full.split(".")[0] not in _NEVER_RAISING
        )
    if root in module.definitions:
        return "." in dotted and bool(_TESTING.search(dotted))
    return root in _TELLING_BUILTINS or root not in BUILTINS


def is_quiet(origin: str) -> bool:
    """Whether what is imported from there tests nothing, and is no work of the course's."""
    top = origin.split(".")[0]
    if top in _QUIET:
        return True
    return top in sys.stdlib_module_names and top not in _TELLING_LIBRARY
