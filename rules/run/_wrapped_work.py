"""What keeps work of a cell from going under a guard, and the fix where nothing does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modfix.rule import Applicability, CodeCell, Fix, Module, Statement
from modfix.syntax.indentation import indentation

from ._calls import bare_calls
from ._extent import extent_end, has_region_marker, line_start
from ._guarding import guarded
from ._needs import is_star_import
from ._outside import in_the_way, is_seen_whole
from ._placing import destination, has_magics
from ._working import is_guard_with_else
from ._wrapping import Stretch, statements_of, stretches


def work_fix(
    module: Module, cell: CodeCell, working: Sequence[Statement], setup: tuple[str, ...]
) -> tuple[Fix | None, str]:
    """The fix that guards the working statements of a cell, or None and the reason for it."""
    if has_magics(cell):
        return None, "the cell has IPython magics"
    found = stretches(module, cell, working, setup)
    inside = statements_of(cell, found)
    reason = _obstacle(module, cell, found, inside) or _ways(module, in_the_way(module, inside))
    if reason:
        return None, reason
    step = indentation(module, cell)
    edits = tuple(guarded(cell, cell.statements[a], cell.statements[b], step) for a, b in found)
    sure = is_seen_whole(module, inside, setup)
    return Fix("guard them", edits, Applicability.SAFE if sure else Applicability.UNSAFE), ""


def _obstacle(
    module: Module, cell: CodeCell, found: Sequence[Stretch], inside: Sequence[Statement]
) -> str:
    if any(is_star_import(statement) for statement in inside):
        return "a star import among them binds names that cannot be known"
    if any(is_guard_with_else(statement) for statement in inside):
        return "its `if __name__` has an `else`, which a guard around both would lose"
    if any(_cuts_region(module, cell, stretch) for stretch in found):
        return "a region of nbgrader's begins or ends among them"
    calls = bare_calls(module, lambda name: module.is_test(name) or module.is_demo(name))
    mine = [(line, names) for line, names in calls if line in inside]
    if any(line.kind == "call" and destination(module, line, names[0]) for line, names in mine):
        return "calls of tests among them go to their definitions first (RUN101, RUN102)"
    return ""


def _cuts_region(module: Module, cell: CodeCell, stretch: Stretch) -> bool:
    """Whether a region is only partly inside, or a marker would be indented that has a partner."""
    first, last = (cell.statements[number] for number in stretch)
    text = cell.source[line_start(cell.source, first.start) : extent_end(cell, last)]
    if not has_region_marker(text, module):
        return False
    names = module.settings.nbgrader
    begins, ends = text.count(names.begin_solution), text.count(names.end_solution)
    hidden = text.count("### BEGIN ") - begins, text.count("### END ") - ends
    return begins != ends or hidden[0] != hidden[1]


def _ways(module: Module, names: Mapping[str, Sequence[Statement]]) -> str:
    if not names:
        return ""
    return "needed elsewhere: " + "; ".join(
        f"`{name}` ({_where(module, others)})" for name, others in names.items()
    )


def _where(module: Module, others: Sequence[Statement]) -> str:
    if not others:
        return "exported"
    places = [(o.cell, module.document.place(o.cell, o.start)[0]) for o in others[:3]]
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    return ", ".join(f"cell {cell} at line {line}" for cell, line in places) + more
