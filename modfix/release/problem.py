"""What is wrong with a release, and where in the instructor's file."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Grade = Literal["refused", "error", "warning"]


class Problem(Struct, frozen=True):
    """One problem.

    `refused` is what nbgrader itself would refuse, `error` what breaks or leaks in the release,
    `warning` what may be meant. `message` says what, `todo` what to do about it; `offset` is one
    in the cell's source, None for its marker.
    """

    grade: Grade
    message: str
    todo: str
    cell: int
    offset: int | None = None
