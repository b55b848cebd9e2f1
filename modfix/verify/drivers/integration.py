"""Imports the module and calls its integration test."""

from __future__ import annotations

from typing import Any

from .loading import load
from .record import Record


def drive(job: dict[str, Any], record: Record) -> None:
    """Call the function; `undefined` is on record where the module has none after all."""
    module = load(job["module"])
    record.event("imported")
    function = getattr(module, job["function"], None)
    if function is None:
        record.event("undefined")
        return
    function()
