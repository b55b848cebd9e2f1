"""Runs the module as a program: `python module.py`, with its end on record.

The code is executed in a fresh `__main__`, with the `sys.argv`, `sys.path`, `__file__` and
`sys.modules["__main__"]` of a program, so that guards run and pickling finds its classes. The
real command could not tell a program that ended from one that left halfway with status 0.
"""

from __future__ import annotations

import ast
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from .record import Record


def drive(job: dict[str, Any], record: Record) -> None:
    """Run the module; a `sys.exit(0)` in its very last statement is an ordinary end."""
    path = job["module"]
    source = Path(path).read_bytes()
    code = compile(source, path, "exec", dont_inherit=True)
    main = ModuleType("__main__")
    main.__dict__.update(
        __file__=path,
        __builtins__=__builtins__,
        __loader__=SourceFileLoader("__main__", path),
        __cached__=None,
        __annotations__={},
    )
    sys.modules["__main__"] = main
    sys.argv = [path]
    try:
        exec(code, main.__dict__)
    except SystemExit as error:
        frames = record.lines(error.__traceback__)
        if error.code not in (None, 0) or not frames or frames[0][0] < _last_statement(source):
            raise


def _last_statement(source: bytes) -> int:
    """The line of the last statement at the top level."""
    body = ast.parse(source).body
    return body[-1].lineno if body else 0
