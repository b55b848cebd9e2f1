"""Says which packages the interpreter has, without importing them."""

from __future__ import annotations

import importlib.util
from typing import Any

from .record import Record


def drive(job: dict[str, Any], record: Record) -> None:
    """Record the names that the interpreter cannot find."""
    record.event("absent", names=[name for name in job["names"] if not _has(name)])


def _has(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ValueError:  # a module of the interpreter's own without a spec (`__main__`)
        return True
