"""Executes a notebook as nbgrader does, and reads what its cells came to."""

from __future__ import annotations

import re
import sys
from typing import Any

from .record import Record

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
LONGEST = 4000  # characters of a traceback, from its end


def watched_executor(record: Record) -> Any:
    """nbgrader's executor, which says what it executes: a kernel may hang or die there.

    None, and an event that names what is absent, where nbgrader or a kernel is not installed.
    """
    # jsonschema loads this for the check of a format that no notebook has: two seconds saved.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        import ipykernel  # noqa: F401
        from nbgrader.preprocessors import Execute
    except ImportError as error:
        record.event("absent", names=[str(error.name or "nbgrader").partition(".")[0]])
        return None

    class Watched(Execute):  # type: ignore[misc, unused-ignore]
        def preprocess_cell(self, cell: Any, resources: Any, index: int) -> Any:
            record.event("executing", cell=index)
            return super().preprocess_cell(cell, resources, index)

    return Watched


def ran(cell: Any) -> bool:
    """Whether a cell was executed."""
    return bool(cell.cell_type == "code" and cell.get("execution_count"))


def _first_error(cell: Any) -> Any:
    return next((each for each in cell.outputs if each.output_type == "error"), None)


def fault_of(cell: Any) -> dict[str, str]:
    """Why nbgrader gives less than full marks: an error, anything on stderr, partial credit."""
    error = _first_error(cell)
    if error is not None:
        return {"name": error.ename, "message": _ANSI.sub("", error.evalue)[:2000]}
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            return {"name": "stderr", "message": output.text[:2000]}
    return {"name": "partial", "message": ""}


def frames_of(cell: Any, numbers: dict[Any, int]) -> list[list[int]]:
    """The notebook's frames of the traceback: index of the cell and line in it, deepest last."""
    error = _first_error(cell)
    if error is None:
        return []
    text = _ANSI.sub("", "\n".join(error.traceback))[-LONGEST:]
    found = re.findall(r"(?:Cell )?In\s*\[(\d+)\], line (\d+)", text)
    return [[numbers[int(n)], int(line)] for n, line in found if int(n) in numbers]
