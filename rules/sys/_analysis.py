"""A required analysis: when a module must have it, where it goes, and what it looks like."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct

from modfix.rule import CodeCell, Module, Statement
from modfix.syntax.indentation import indentation, reindented


class Analysis(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """One required analysis.

    `function` must be defined in every module whose `default_exp` or folder fits `module` (a
    shell pattern). Its cell goes after the cell of the first function of `after` that exists.
    `template` names a built-in template or a file, relative to the folder of the module or one
    above it; the cell is only written where the names in `requires` are bound before. `id` is
    the cell's nbgrader id.
    """

    function: str
    module: str = "*"
    after: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    template: str = ""
    id: str = ""


def applies(analysis: Analysis, module: Module) -> bool:
    """Whether the module is one that must have the analysis."""
    names = (module.default_export or "", module.document.path.parent.name)
    return any(name and fnmatchcase(name, analysis.module) for name in names)


def is_there(analysis: Analysis, module: Module) -> bool:
    """Whether the module defines it, in a cell that cannot be parsed as far as one can tell."""
    if analysis.function in module.definitions:
        return True
    defines = f"def {analysis.function}("
    return any(cell.fault is not None and defines in cell.source for cell in module.cells)


def place(analysis: Analysis, module: Module) -> Statement | CodeCell | None:
    """What the new cell goes after: a definition, or a whole cell where there is none.

    That is the first of `after` that exists, else the last analysis, else what stands before the
    integration test, else the last code cell. None for a module without code.
    """
    for name in analysis.after:
        definition = module.definition(name)
        if definition is not None:
            return definition
    demos = [s for s in module.statements if s.kind == "function" and module.is_demo(s.name)]
    if demos:
        return demos[-1]
    test = module.definition(module.settings.names.integration)
    before = [cell for cell in module.cells if test is None or cell.index < test.cell]
    return before[-1] if before else None


def unbound(analysis: Analysis, module: Module, cell: int) -> list[str]:
    """The names that the template needs and that nothing up to this cell binds."""
    return [
        name
        for name in analysis.requires
        if not any(s.cell <= cell for s in module.definitions.get(name, ()))
    ]


def template_text(analysis: Analysis, module: Module, cell: CodeCell) -> str | None:
    """The source of the new cell, without a final newline; None where there is no template."""
    from importlib.resources import files  # PERF: only an analysis that is missing needs it

    built_in = files("modfix.standards") / f"{analysis.template}.py.txt"
    if analysis.template and "/" not in analysis.template and built_in.is_file():
        text = built_in.read_text(encoding="utf-8").rstrip("\n")
        return reindented(text, indentation(module, cell))
    own = _own_template(analysis.template, module.document.path.parent)
    return None if own is None else _text(own)


def _own_template(name: str, folder: Path) -> Path | None:
    if not name:
        return None
    around = folder.absolute()
    return next((f / name for f in (around, *around.parents) if (f / name).is_file()), None)


def _text(path: Path) -> str | None:
    """A file's text without a final newline; None for a file that cannot be read as UTF-8."""
    try:
        return path.read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError):
        return None
