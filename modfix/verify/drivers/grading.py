"""Validates a notebook with nbgrader, and records its verdict.

`nbgrader validate` exits with 0 when tests fail (jupyter/nbgrader#1908), so its result is taken
from `Validator.validate` in nbgrader/validator.py: empty, or with the keys `failed`, `changed`
and `type_changed`. Bad metadata is an exception.
"""

from __future__ import annotations

from typing import Any

from .executing import fault_of, frames_of, ran, watched_executor
from .record import Record


def drive(job: dict[str, Any], record: Record) -> None:
    """Validate the notebook that the job names."""
    watched = watched_executor(record)
    if watched is None:
        return
    from nbgrader.preprocessors import CheckCellMetadata, ClearOutput
    from nbgrader.validator import Validator

    class Kept(Validator):  # type: ignore[misc, unused-ignore]
        """nbgrader's validator, which keeps the executed notebook."""

        preprocessors = [CheckCellMetadata, ClearOutput, watched]  # noqa: RUF012 (a trait)

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
    numbers = {c.get("execution_count"): i for i, c in enumerate(notebook.cells) if ran(c)}
    failed = {id(cell) for cell in validator._get_failed_cells(notebook)}
    for index, cell in enumerate(notebook.cells):
        fault = fault_of(cell) if ran(cell) else {}
        if id(cell) in failed or fault.get("name", "partial") != "partial":
            record.event(
                "cell",
                cell=index,
                failed=id(cell) in failed,
                id=cell.metadata.get("nbgrader", {}).get("grade_id"),
                lines=frames_of(cell, numbers),
                **(fault or fault_of(cell)),
            )
