"""Complete nbgrader metadata, as the standard wants it.

Which combinations of flags are legal is nbgrader's (`modfix.nbgrader`); what a flag is where
nothing at all says so comes from the standard's template of the cell's kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from modfix.document.cell import CellKind
from modfix.document.marker import as_mapping, read_marker, with_option
from modfix.nbgrader.kinds import FLAGS
from modfix.nbgrader.kinds import KEY as KEY
from modfix.nbgrader.schema import SCHEMA_VERSION, are_points, is_integer, refusals
from modfix.nbgrader.unseen import unseen
from modfix.rule import Cell, Module
from modfix.settings import Template

_INERT = Template(grade=False, locked=False, solution=False)
_ID = re.compile(r"[a-zA-Z0-9_\-]+")  # nbgrader's pattern lets a last newline through


def template_for(module: Module, kind: str) -> Template:
    """The standard's template of a kind of cell; inert where it has none."""
    return module.settings.nbgrader.templates.get(kind, _INERT)


def is_unreadable(cell: Cell) -> bool:
    """Whether a cell has nbgrader metadata that nbgrader does not see (FMT101)."""
    return unseen(cell) is not None


def is_plain_id(grade_id: str) -> bool:
    """Whether an id is one that nbgrader takes everywhere."""
    return bool(_ID.fullmatch(grade_id))


def plain_id(grade_id: str) -> str:
    """The nearest id that nbgrader takes: other characters become hyphens; "" if none are left."""
    plain = unicodedata.normalize("NFKD", grade_id).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-zA-Z0-9_\-]+", "-", plain).strip("-")


def is_whole(metadata: Mapping[str, object], cell_kind: CellKind) -> bool:
    """Whether nbgrader accepts metadata, and its release and the standard need nothing more."""
    if refusals(metadata, cell_kind) or "task" not in metadata:
        return False
    return bool(metadata.get("grade_id")) and ("points" in metadata or not metadata["task"])


def completed(
    module: Module,
    old: Mapping[str, object],
    kind: str,
    *,
    cell_kind: CellKind = "code",
    solved: bool = False,
    tests: Iterable[str] = (),
) -> dict[str, object] | None:
    """Metadata with every key but the id, in the order of the document; None where no legal
    combination keeps the flags that stand in `old`.

    `solved` says that there is a solution region, `tests` name the tests that give the points.
    Values that nbgrader refuses stay, so that the caller sees that it does.
    """
    if not all(isinstance(old.get(flag, False), bool) for flag in FLAGS):
        return None
    template = template_for(module, kind)
    flags = _code_flags(old, template, solved) if cell_kind == "code" else _prose_flags(old)
    if flags is None or (cell_kind == "raw" and any(flags)):
        return None
    grade, solution, task = flags
    keys = {**old, "grade": grade, "solution": solution, "task": task}
    keys["grade_id"] = old.get("grade_id", "")
    keys["locked"] = _locked(old, template, grade=grade, solution=solution, task=task)
    version = old.get("schema_version")
    if version is None or (is_integer(version) and version < SCHEMA_VERSION):  # type: ignore[operator]
        keys["schema_version"] = SCHEMA_VERSION
    if grade:
        _add_points(module, keys, tests)
    elif not task and not are_points(keys.get("points", 0)):
        del keys["points"]  # nobody reads them, and nbgrader refuses the cell for them
    return {key: keys[key] for key in sorted(keys)}


def _add_points(module: Module, keys: dict[str, object], tests: Iterable[str]) -> None:
    if "points" not in keys and module.settings.nbgrader.points.give_default:
        keys["points"] = points_for(module, tests)


def points_for(module: Module, tests: Iterable[str]) -> float:
    """The points of a graded cell by the first of its tests that the standard names."""
    points = module.settings.nbgrader.points
    value = next((points.by_name[t] for t in tests if t in points.by_name), points.default)
    return int(value) if float(value).is_integer() else value


def marker_takes(cell: Cell, value: Mapping[str, object]) -> bool:
    """Whether the cell's marker line, with the value written into it, is read back as such."""
    if cell.marker is None:
        return True
    line = with_option(cell.marker, KEY, value)
    after = as_mapping(read_marker(line).options)
    return after == {**as_mapping(cell.marker.options), KEY: value}


def _code_flags(
    old: Mapping[str, object], template: Template, solved: bool
) -> tuple[bool, bool, bool] | None:
    """What nbgrader takes for false because it is missing is false, if anything else is said."""
    if old.get("task") is True:
        return None  # a task is prose
    grade, solution = old.get("grade"), old.get("solution")
    if grade is None:
        test = template.grade and solution is not True
        if "points" in old and not test:
            return None  # points, but nothing that would give them
        grade = test and ("points" in old or not (solution is not None or "locked" in old))
    if solution is None:
        if old.get("grade") is True and solved:
            return None  # a test with a region, or an answer that is graded by hand
        solution = False if grade else template.solution
    return grade is True, solution is True, False


def _prose_flags(old: Mapping[str, object]) -> tuple[bool, bool, bool] | None:
    grade, solution, task = old.get("grade"), old.get("solution"), old.get("task") is True
    if task:
        return None if True in (grade, solution) else (False, False, True)
    if grade is None and (solution is True or "points" in old):
        return None  # nobody says that it is graded
    both = {flag for flag in (grade, solution) if flag is not None}
    return None if len(both) > 1 else (True in both, True in both, False)


def _locked(
    old: Mapping[str, object], template: Template, *, grade: bool, solution: bool, task: bool
) -> object:
    """nbgrader's `is_locked` answers for solutions and tests, whatever the key says."""
    if solution:
        return False
    if grade or task:
        return True
    return old.get("locked", template.locked)
