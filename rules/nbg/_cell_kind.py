"""What kind of cell it is, in the words of the standard's metadata templates."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from modfix.rule import Module, Statement

from ._parts import Part
from ._regions import solution_regions
from ._roles import is_test_function

Kind = Literal["implementation", "test", "demo", "imports", "export", "support"]

_INNER_IMPORT = re.compile(r"^[ \t]+(?:import|from)[ \t]", re.MULTILINE)
_SEVERAL = 2  # import statements at the top of a module's first cell


def cell_kind(module: Module, part: Part) -> Kind:
    """The kind of a code cell or of a part of one.

    An implementation is what nbgrader may clear: it has a solution region. A definition without
    one is support, because nbgrader replaces a solution cell without a region whole by a stub.
    """
    if part.role != "test" and holds_solution(module, part):
        return "implementation"
    if part.role != "code" and (part.runs or _graded(part)):
        return "test"
    if _is_imports(module, part):
        return "imports"
    if _is_export(module, part):
        return "export"
    if any(module.is_demo(statement.name) for statement in part.statements):
        return "demo"
    return "support"


def holds_solution(module: Module, part: Part) -> bool:
    """Whether a solution region begins in the part."""
    return bool(solution_regions(module, part.source))


def _graded(part: Part) -> bool:
    """A whole cell that already says that it is graded, and has no solution to write."""
    nbgrader = part.cell.cell.nbgrader or {}
    return (
        part.role is None and nbgrader.get("grade") is True and nbgrader.get("solution") is not True
    )


def _is_imports(module: Module, part: Part) -> bool:
    is_first = part.cell.index == _outline(module).first and part.start == 0
    if not is_first and not part.exported:
        return False
    if not any(imports(part, statement) for statement in part.statements):
        return False
    if is_first and _leading_imports(part) >= _SEVERAL:
        return True
    return all(_goes_with_imports(part, statement, is_first) for statement in part.statements)


def _goes_with_imports(part: Part, statement: Statement, is_first: bool) -> bool:
    if statement.kind in ("import", "assign", "string", "magic"):
        return True
    if statement.kind == "block":
        return imports(part, statement)
    return is_first and statement.kind in ("class", "call")


def imports(part: Part, statement: Statement) -> bool:
    """Whether a statement is an import, or a block such as `try: import …`."""
    if statement.kind == "import":
        return True
    text = part.cell.source[statement.start : statement.end]
    return statement.kind == "block" and bool(_INNER_IMPORT.search(text))


def _leading_imports(part: Part) -> int:
    count = 0
    for statement in part.statements:
        if imports(part, statement):
            count += 1
        elif statement.kind not in ("string", "magic"):
            break
    return count


def _is_export(module: Module, part: Part) -> bool:
    grade_id = (part.cell.cell.nbgrader or {}).get("grade_id")
    if part.role is None and isinstance(grade_id, str) and "export" in grade_id:
        return True
    if any("__all__" in statement.binds for statement in part.statements):
        return True
    return part.exported and _is_last_section(module, part)


def _is_last_section(module: Module, part: Part) -> bool:
    """Definitions that are exported behind all tests: facades and wrappers."""
    if not all(s.kind in ("function", "class", "assign", "string") for s in part.statements):
        return False
    outline = _outline(module)
    return 0 <= outline.last_test < part.cell.index and outline.last_exported <= part.cell.index


class _Outline(Struct, frozen=True):
    """The cells of a module that others are judged by, by index, -1 for none: the first with a
    statement, the last that defines a test, the last that is exported."""

    first: int
    last_test: int
    last_exported: int


def _outline(module: Module) -> _Outline:
    if "outline" not in module.memo:
        backwards = module.cells[::-1]
        tests = (s.cell for s in reversed(module.statements) if is_test_function(module, s))
        module.memo["outline"] = _Outline(
            next((cell.index for cell in module.cells if cell.statements), -1),
            next(tests, -1),
            next((cell.index for cell in backwards if cell.exported), -1),
        )
    found: _Outline = module.memo["outline"]
    return found
