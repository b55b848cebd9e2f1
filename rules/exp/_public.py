"""What a module has to offer: its export section and its public names."""

from __future__ import annotations

import re

from modfix.rule import CodeCell, Module, Statement
from modfix.syntax.module import matches

from ..nbg._roles import runs_tests
from ._containers import container_names

_HEADING = re.compile(r"^(?:# )?\s*#{1,6} .*\bexport", re.IGNORECASE | re.MULTILINE)
# Definitions that are no names of the module, or not the one to name.
_ADDED_ELSEWHERE = frozenset({"patch", "patch_to", "patch_property", "add_to_class", "register"})


def export_section(module: Module) -> CodeCell | None:
    """The last exported cell whose id or heading speaks of export, or else the last exported."""
    every = [cell for cell in module.cells if cell.exported and cell.parses]
    exported = [cell for cell in every if not _is_for_tests(module, cell)] or every
    sections = [cell for cell in exported[1:] if speaks_of_export(module, cell)]
    return next(reversed(sections or exported), None)


def _is_for_tests(module: Module, cell: CodeCell) -> bool:
    """Whether a cell defines tests and nothing else that has a name to export."""
    names = [s.name for s in cell.statements if s.name]
    return bool(names) and all(module.is_test(name) for name in names)


def speaks_of_export(module: Module, cell: CodeCell) -> bool:
    """Whether the id, the title or the markdown directly above a cell calls it an export."""
    title = cell.cell.marker.title if cell.cell.marker else ""
    if "export" in f"{cell.cell.id or ''} {title}".lower():
        return True
    for above in reversed(module.document.cells[: cell.index]):
        if above.kind != "markdown":
            break
        if _HEADING.search(above.source):
            return True
    return False


def public_names(module: Module, section: CodeCell, exclude: tuple[str, ...]) -> tuple[str, ...]:
    """The names that a module has to export: functions, then classes, in order of definition.

    They are defined in cells that are exported or hold a solution, outside of the export section
    unless that is all there is, and they are neither private, tests, demos nor excluded.
    """
    containers = container_names(module)
    offered = [
        s for s in module.statements if s.name not in containers and _is_public(module, s, exclude)
    ]
    facade = section.index if speaks_of_export(module, section) else -1
    found = [s for s in offered if s.cell != facade] or offered
    functions = [s.name for s in found if s.kind == "function"]
    return tuple(dict.fromkeys(functions + [s.name for s in found if s.kind == "class"]))


def _is_public(module: Module, statement: Statement, exclude: tuple[str, ...]) -> bool:
    name = statement.name
    if not name or name.startswith("_") or module.is_test(name) or module.is_demo(name):
        return False
    if matches(name, exclude) or not _ADDED_ELSEWHERE.isdisjoint(statement.decorators):
        return False
    if runs_tests(module, statement):
        return False
    cell = module.cell(statement.cell)
    return cell.exported or module.settings.nbgrader.begin_solution in cell.source
