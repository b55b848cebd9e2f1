"""Validates a notebook with nbgrader, and records its verdict.

`nbgrader validate` exits with 0 when tests fail (jupyter/nbgrader#1908), so its result is taken
from `Validator.validate` in nbgrader/validator.py: empty, or with the keys `failed`, `changed`
and `type_changed`. Bad metadata is an exception.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from .record import Record

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
LONGEST = 4000  # characters of a traceback, from its end


def drive(job: dict[str, Any], record: Record) -> None:
    """Validate the notebook that the job names."""
    # jsonschema loads this for the check of a format that no notebook has: two seconds saved.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        import ipykernel  # noqa: F401
        from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, Execute
        from nbgrader.validator import Validator
    except ImportError as error:
        record.event("absent", names=[str(error.name or "nbgrader").partition(".")[0]])
        return

    class Watched(Execute):  # type: ignore[misc, unused-ignore]
        """nbgrader's executor, which says what it executes: a kernel may hang or die there."""

        def preprocess_cell(self, cell: Any, resources: Any, index: int) -> Any:
            record.event("executing", cell=index)
            return super().preprocess_cell(cell, resources, index)

    class Kept(Validator):  # type: ignore[misc, unused-ignore]
        """nbgrader's validator, which keeps the executed notebook."""

        preprocessors = [CheckCellMetadata, ClearOutput, Watched]  # noqa: RUF012 (a trait)

        def _preprocess(self, nb: Any) -> Any:
            self.executed = super()._preprocess(nb)
            return self.executed

    validator = Kept()
    try:
        results = validator.validate(job["notebook"])
    except Exception as error:  # nbgrader raises what jsonschema, nbclient and traitlets raise
        _record_refusal(error, job["notebook"], record)
        return
    executed = getattr(validator, "executed", None)
    record.event("validated", verdict=sorted(results), graded=_graded(job["notebook"]))
    if executed is not None:
        _record_cells(validator, executed, record)


def _graded(path: str) -> int:
    import nbformat
    from nbgrader.utils import is_grade

    notebook = nbformat.read(path, as_version=nbformat.current_nbformat)
    return sum(bool(is_grade(cell)) for cell in notebook.cells)


def _record_refusal(error: Exception, path: str, record: Record) -> None:
    """nbgrader refused the notebook: its own error, and the first cell that it does not take."""
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator

    # CheckCellMetadata hides the error behind "Notebook failed to validate".
    cause = error.__context__ if "failed to validate" in str(error) else None
    shown = cause or error
    cell = None
    notebook = nbformat.read(path, as_version=nbformat.current_nbformat)
    for index, each in enumerate(notebook.cells):
        try:
            MetadataValidator().validate_cell(each)
        except Exception as fault:  # as above
            cell, shown = index, fault
            break
    message = getattr(shown, "message", None) or str(shown)
    record.event("refused", error=type(shown).__name__, message=str(message)[:2000], cell=cell)


def _record_cells(validator: Any, notebook: Any, record: Record) -> None:
    """One event for each cell that nbgrader fails, and for each other that it would."""
    numbers = {c.get("execution_count"): i for i, c in enumerate(notebook.cells) if _ran(c)}
    failed = {id(cell) for cell in validator._get_failed_cells(notebook)}
    for index, cell in enumerate(notebook.cells):
        fault = _fault(cell) if _ran(cell) else {}
        if id(cell) in failed or fault.get("name", "partial") != "partial":
            record.event(
                "cell",
                cell=index,
                failed=id(cell) in failed,
                id=cell.metadata.get("nbgrader", {}).get("grade_id"),
                lines=_lines(cell, numbers),
                **(fault or _fault(cell)),
            )


def _ran(cell: Any) -> bool:
    return bool(cell.cell_type == "code" and cell.get("execution_count"))


def _first_error(cell: Any) -> Any:
    return next((each for each in cell.outputs if each.output_type == "error"), None)


def _fault(cell: Any) -> dict[str, str]:
    """Why nbgrader gives less than full marks: an error, anything on stderr, partial credit."""
    error = _first_error(cell)
    if error is not None:
        return {"name": error.ename, "message": _ANSI.sub("", error.evalue)[:2000]}
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            return {"name": "stderr", "message": output.text[:2000]}
    return {"name": "partial", "message": ""}


def _lines(cell: Any, numbers: dict[Any, int]) -> list[list[int]]:
    """The notebook's frames of the traceback: index of the cell and line in it, deepest last."""
    error = _first_error(cell)
    if error is None:
        return []
    text = _ANSI.sub("", "\n".join(error.traceback))[-LONGEST:]
    found = re.findall(r"(?:Cell )?In\s*\[(\d+)\], line (\d+)", text)
    return [[numbers[int(n)], int(line)] for n, line in found if int(n) in numbers]
