"""What a driver may tell: the facts of each kind of event, with their types.

Course code shares the driver's process, and so can write into the record what it likes. A line
that is not of a shape that a driver writes is none of its own.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, ValidationError, convert

_Line = Annotated[int, Meta(ge=0, le=2**31)]
_Index = Annotated[int, Meta(ge=0, le=2**31)]
_Names = Annotated[list[str], Meta(min_length=1)]
_Frames = list[tuple[_Line, str]]
_InCells = list[tuple[_Index, Annotated[int, Meta(ge=1, le=2**31)]]]
_Version = Literal["instructor", "unsolved", "perfect"]


class _Plain(Struct):
    """No facts."""


class _Error(Struct):
    kinds: _Names
    message: str
    frames: _Frames
    last: Annotated[list[str | int], Meta(max_length=2)]


class _Failure(_Error):
    test: str
    when: str


class _Exit(Struct):
    how: str
    code: int
    frames: _Frames


class _Named(Struct):
    names: _Names


class _Absent(Struct):
    names: list[str]


class _Called(Struct):
    name: str
    frames: _Frames


class _Printed(Struct):
    frames: _Frames
    last: tuple[str, _Line]


class _Tested(Struct):
    code: int


class _Executing(Struct):
    cell: _Index


class _OfVersion(Struct):
    name: _Version


class _Uncleared(Struct):
    by: str
    message: str


class _Invalid(Struct):
    error: str
    message: str
    cell: _Index | None


class _Score(Struct):
    version: _Version
    cell: _Index
    points: float
    score: float | None
    name: str
    message: str
    lines: _InCells


class _Validated(Struct):
    verdict: list[str]
    graded: _Index


class _Cell(Struct):
    cell: _Index
    failed: bool
    id: str | None
    name: str
    message: str
    lines: _InCells


# By the kind, or by the driver and the kind where two drivers mean different things by it.
_SHAPES: dict[str, type[Struct]] = {
    "finished": _Plain,
    "imported": _Plain,
    "undefined": _Plain,
    "differs": _Plain,
    "error": _Error,
    "failure": _Failure,
    "exit": _Exit,
    "absent": _Named,
    "locating absent": _Absent,
    "missing": _Named,
    "called": _Called,
    "printed": _Printed,
    "tested": _Tested,
    "executing": _Executing,
    "version": _OfVersion,
    "scoring refused": _Uncleared,
    "grading refused": _Invalid,
    "score": _Score,
    "validated": _Validated,
    "cell": _Cell,
}


def is_an_event(facts: dict[str, Any], driver: str, cells: int) -> bool:
    """Whether the facts of a line are an event of a driver, on a document of so many cells."""
    kind = str(facts.get("event"))
    shape = _SHAPES.get(f"{driver} {kind}", _SHAPES.get(kind))
    if shape is None:
        return False
    try:
        told = convert(facts, shape)
    except ValidationError:
        return False
    return all(index < cells for index in _indices(told))


def _indices(told: Struct) -> list[int]:
    """The cells that an event names."""
    cell = getattr(told, "cell", None)
    lines: _InCells = getattr(told, "lines", [])
    return [*([] if cell is None else [cell]), *(index for index, _ in lines)]
