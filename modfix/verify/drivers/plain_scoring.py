"""Grades one version of a notebook without nbgrader: its cells are run one after the other here.

The rule of scoring is nbgrader's (`utils.py`, `determine_grade`): an error or anything on stderr
gives nothing, a number as the last value is partial credit, all else gives full marks. After an
error the next cell runs.
"""

from __future__ import annotations

import ast
import io
import sys
import traceback
from types import ModuleType
from typing import Any

from .record import Record


def drive(job: dict[str, Any], record: Record) -> None:
    """Run the cells of the job and record the score of each that gives points."""
    main = ModuleType("__main__")
    sys.modules["__main__"] = main
    sys.argv = [job["module"]]
    for cell in job["cells"]:
        record.event("executing", cell=cell["index"])
        value, fault = _run(cell, main.__dict__)
        if cell["points"] is not None:
            score = _score(value, fault, float(cell["points"]))
            if score == cell["points"]:
                fault = {"name": "", "message": "", "lines": []}
            record.event(
                "score",
                version=job["version"],
                cell=cell["index"],
                points=cell["points"],
                score=score,
                **(fault or {"name": "partial", "message": "", "lines": []}),
            )


def _run(cell: dict[str, Any], names: dict[str, Any]) -> tuple[object, dict[str, Any]]:
    """Run a cell; its last value, and what speaks against it."""
    file = f"<cell {cell['index']}>"
    noise, real = io.StringIO(), sys.stderr
    sys.stderr = noise
    try:
        value = _executed(cell["source"], file, names)
    except BaseException as error:  # whatever course code raises costs it its points
        if isinstance(error, (KeyboardInterrupt, MemoryError)):
            raise
        lines = [
            [cell["index"], line]
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename == file
        ]
        return None, {"name": type(error).__name__, "message": _text(error), "lines": lines[-1:]}
    finally:
        sys.stderr = real
    if noise.getvalue():
        return value, {"name": "stderr", "message": noise.getvalue()[:2000], "lines": []}
    return value, {}


def _executed(source: str, file: str, names: dict[str, Any]) -> object:
    """Run a source; the value of its last line if that is an expression."""
    tree = ast.parse(source, file)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, file, "exec"), names)
        return None
    tree.body.pop()
    exec(compile(tree, file, "exec"), names)
    return eval(compile(ast.Expression(last.value), file, "eval"), names)


def _score(value: object, fault: dict[str, Any], points: float) -> float | None:
    if fault:
        return 0
    try:
        part = float(repr(value))  # what a notebook shows of it
    except ValueError:
        return points
    if part < 0:
        return points
    return part if part <= points else None


def _text(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except Exception as broken:  # a __str__ of course code may raise anything
        return f"<its message cannot be shown: {type(broken).__name__}>"
