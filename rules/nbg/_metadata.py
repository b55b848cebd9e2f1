"""Complete nbgrader metadata, schema 3, and what is wrong with metadata that is not.

The legal combinations of the flags are those of nbgrader (`nbgraderformat/v3.json` and
`utils.py`); what a flag is where it is missing comes from the template of the cell's kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from modfix.document.cell import CellKind
from modfix.document.marker import UNREADABLE, as_mapping, read_marker, with_option
from modfix.rule import Cell, Module
from modfix.settings import Template

KEY = "nbgrader"
FLAGS = ("grade", "locked", "solution", "task")

_INERT = Template(grade=False, locked=False, solution=False)
_ID = re.compile(r"[a-zA-Z0-9_\-]+\Z")
_TEXTS = ("grade_id", "checksum", "cell_type")
_KNOWN = frozenset({*FLAGS, *_TEXTS, "points", "schema_version"})


def template_for(module: Module, kind: str) -> Template:
    """The standard's template of a kind of cell; inert where it has none."""
    return module.settings.nbgrader.templates.get(kind, _INERT)


def is_unreadable(cell: Cell) -> bool:
    """Whether a marker line says something of nbgrader that is neither JSON nor Python."""
    return cell.marker is not None and UNREADABLE in cell.metadata and KEY in cell.marker.text


def lossless(old: Mapping[str, object]) -> dict[str, object]:
    """The metadata with numbers that were written as text as numbers."""
    return {
        key: _number(value) if key in ("points", "schema_version") else value
        for key, value in old.items()
    }


def missing_keys(module: Module, old: Mapping[str, object]) -> list[str]:
    """The keys that complete metadata has and these do not; an old schema counts as missing."""
    missing = [key for key in FLAGS if key not in old]
    if old.get("grade_id", "") == "":
        missing.append("grade_id")
    if True in (old.get("grade"), old.get("task")) and "points" not in old:
        missing.append("points")
    version = old.get("schema_version")
    if version is None or (_is_count(version) and version < _version(module)):  # type: ignore[operator]
        missing.append("schema_version")
    return sorted(missing)


def wrong_values(module: Module, old: Mapping[str, object]) -> list[str]:
    """What nbgrader's schema refuses, one phrase a key; such metadata is not ours to mend."""
    found = [f"unknown key `{key}`" for key in old if key not in _KNOWN]
    found += [f"`{key}` is not true or false" for key in FLAGS if not _is_flag(old, key)]
    found += [f"`{key}` is not text" for key in _TEXTS if not isinstance(old.get(key, ""), str)]
    grade_id = old.get("grade_id", "")
    if isinstance(grade_id, str) and grade_id and not _ID.match(grade_id):
        found.append("`grade_id` has other characters than letters, digits, `-` and `_`")
    points = old.get("points", 0)
    if not (_is_count(points) or isinstance(points, float)) or points < 0:  # type: ignore[operator]
        found.append("`points` is not a number from 0 on")
    version = old.get("schema_version", 0)
    if version is not None and (not _is_count(version) or version > _version(module)):  # type: ignore[operator]
        found.append(f"`schema_version` is not {_version(module)}")
    return found


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
    """
    template = template_for(module, kind)
    flags = _code_flags(old, template, solved) if cell_kind == "code" else _prose_flags(old)
    if flags is None or (cell_kind == "raw" and any(flags)):
        return None
    grade, solution, task = flags
    keys = {**old, "grade": grade, "solution": solution, "task": task}
    keys["grade_id"] = old.get("grade_id", "")
    keys["locked"] = _locked(old, template, grade=grade, solution=solution, task=task)
    keys["schema_version"] = _version(module)
    if grade or task:
        keys.setdefault("points", points_for(module, tests))
    return {key: keys[key] for key in sorted(keys)}


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
    if old.get("task") is True:
        return None  # a task is prose
    grade, solution = old.get("grade"), old.get("solution")
    if grade is None:
        grade = template.grade and solution is not True
    if solution is None:
        solution = solved if grade and "grade" in old else template.solution
    return grade is True, solution is True, False


def _prose_flags(old: Mapping[str, object]) -> tuple[bool, bool, bool] | None:
    grade, solution, task = old.get("grade"), old.get("solution"), old.get("task") is True
    if task:
        return None if True in (grade, solution) else (False, False, True)
    both = {flag for flag in (grade, solution) if flag is not None}
    return None if len(both) > 1 else (True in both, True in both, False)


def _locked(
    old: Mapping[str, object], template: Template, *, grade: bool, solution: bool, task: bool
) -> bool:
    """nbgrader's `is_locked` answers for solutions and tests, whatever the key says."""
    if solution:
        return False
    if grade or task:
        return True
    locked = old.get("locked")
    return locked if isinstance(locked, bool) else template.locked


def _version(module: Module) -> int:
    return module.settings.nbgrader.schema_version


def _is_flag(old: Mapping[str, object], key: str) -> bool:
    return isinstance(old.get(key, False), bool)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"\d+(\.\d+)?", value):
        return value
    number = float(value)
    return int(number) if number.is_integer() else number
