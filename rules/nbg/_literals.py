"""Names that stand for one literal wherever they are read: `DEBUG = False`, `cases = []`.

A function or class is one too, as long as its first line is there before anybody solves it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from modfix.nbgrader.kinds import is_solution
from modfix.rule import Module, Statement

from ._dead_code import DEFINED
from ._given import is_instructors
from ._origins import imports
from ._regions import solution_regions

_CHANGEABLE = (list, dict, set)


def literals(module: Module) -> dict[str, object]:
    """Each such name and its value; those that autograding makes sure of (see `_given`)."""
    key = "literals"
    if key not in module.memo:
        module.memo[key] = {"__name__": "__main__", **dict(_literals(module))}
    found: dict[str, object] = module.memo[key]
    return found


def _literals(module: Module) -> Iterator[tuple[str, object]]:
    for name, bound in module.definitions.items():
        only = bound[0]
        if len(bound) > 1:
            continue
        if only.kind == "import":
            if imports(module).get(name) == "typing.TYPE_CHECKING":
                yield name, False
        elif only.name and only.kind in ("function", "class"):
            if not only.decorators and _stays(module, only):
                yield name, DEFINED
        elif only.kind == "assign" and is_instructors(module, only):
            for value in _values(only):
                if not isinstance(value, _CHANGEABLE) or _is_used_once(module, name):
                    yield name, value


def _stays(module: Module, definition: Statement) -> bool:
    """Whether the first line of a definition is no part of the solution."""
    cell = module.cell(definition.cell)
    regions = solution_regions(module, cell.source)
    if is_solution(cell.cell.nbgrader) and not regions:
        return False
    return not any(region.touches(definition.start, definition.start + 1) for region in regions)


def _values(statement: Statement) -> Iterator[object]:
    """The value of `name = literal`, if it is that."""
    node = statement.plain[0]
    if len(statement.plain) > 1:
        return
    if isinstance(node, ast.Assign):
        plain = len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
    else:
        plain = isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    value = node.value if plain and isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    if value is None:
        return
    try:
        yield ast.literal_eval(value)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return


def _is_used_once(module: Module, name: str) -> bool:
    """Whether nothing but one place reads a name, so that nothing else can fill what it holds."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    return sum(len(word.findall(cell.source)) for cell in module.cells) == 2
