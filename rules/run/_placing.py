"""Where the guarded call of a test goes: right after the definition, or where it stands."""

from __future__ import annotations

from modfix.rule import CodeCell, Edit, Module, Statement, TextEdit
from modfix.syntax.indentation import indentation

from ._disturbing import same_after
from ._extent import comments_start, extent_end, in_open_region, line_end, line_start, removal
from ._guarding import GUARD, guarded, indented
from ._needs import function_run, place_of


def destination(module: Module, call: Statement, name: str) -> Statement | None:
    """The statement after which a call goes, or None if it is best left where it stands.

    It goes right after the definition, or else to the end of the definition's cell, if the module
    is the same there for everything that it needs. `call` is a top-level statement. A call stays
    where nbgrader grades it and where regions or magics of its cell would lose their meaning.
    """
    key = ("destination", place_of(call), name)
    if key not in module.memo:
        module.memo[key] = _destination(module, call, name)
    found: Statement | None = module.memo[key]
    return found


def _destination(module: Module, call: Statement, name: str) -> Statement | None:
    definition = function_run(module, name, place_of(call))
    if definition is None or _follows(module, definition, call):
        return None
    home = module.cell(definition.cell)
    if _is_held(module, call, home):
        return None
    last = [s for s in home.statements if place_of(s) < place_of(call)][-1]
    for after in (definition, last):
        if same_after(module, call.reads | call.later, place_of(after), place_of(call)):
            after = _past_guards(home, after, call)
            stays = place_of(call) == (after.cell, after.number + 1)
            above = home.source[: extent_end(home, after)]
            return None if stays or in_open_region(above, module) else after
    return None


def _follows(module: Module, definition: Statement, call: Statement) -> bool:
    """Whether only calls stand between a definition and a call in one cell."""
    if definition.cell != call.cell:
        return False
    between = module.cell(call.cell).statements[definition.number + 1 : call.number]
    return all(statement.kind in ("call", "guard") for statement in between)


def _is_held(module: Module, call: Statement, home: CodeCell) -> bool:
    cell = module.cell(call.cell)
    flags = cell.cell.nbgrader or {}
    if cell is not home and (flags.get("grade") or flags.get("solution")):
        return True
    return has_magics(cell) or in_open_region(cell.source[: call.start], module)


def has_magics(cell: CodeCell) -> bool:
    """Whether lines of IPython's were hidden from the parser."""
    return not cell.parses or cell.masked


def _past_guards(home: CodeCell, after: Statement, call: Statement) -> Statement:
    """Calls that already follow a definition keep their order."""
    for statement in home.statements[after.number + 1 :]:
        if statement.kind != "guard" or statement is call:
            break
        after = statement
    return after


def move(
    module: Module, gone: tuple[Statement, ...], block: str, after: Statement
) -> tuple[Edit, ...]:
    """Insert a guarded block after a statement and take statements of one cell out."""
    home, origin = module.cell(after.cell), module.cell(gone[0].cell)
    return insertion(home, after, block), *removal(module, origin, gone)


def insertion(home: CodeCell, after: Statement, block: str) -> TextEdit:
    """Put a block below a statement, with a blank line on either side."""
    at = extent_end(home, after)
    below = home.source[at + 1 : line_end(home.source, at + 1)]
    return TextEdit(home.index, at, at, f"\n\n{block}" + ("\n" if below.strip() else ""))


def guarded_call(module: Module, call: Statement) -> str:
    """A call and its comments as the text of a guard."""
    cell = module.cell(call.cell)
    start = comments_start(cell, call, module)
    text = cell.source[start : extent_end(cell, call)]
    return f"{GUARD}\n{indented(text, indentation(module, cell))}"


def wrap(module: Module, cell: CodeCell, first: Statement, last: Statement) -> tuple[Edit, ...]:
    """Guard neighbouring calls where they stand."""
    assert cell.source[line_start(cell.source, first.start) : first.start] == ""
    return (guarded(cell, first, last, indentation(module, cell)),)
