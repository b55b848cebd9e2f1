"""Runs pytest in this process, with a plugin that records what failed and where."""

from __future__ import annotations

from typing import Any

from .record import Record


def drive(job: dict[str, Any], record: Record) -> None:
    """Run pytest with the job's arguments."""
    try:
        import pytest
    except ImportError:
        record.event("absent", names=["pytest"])
        return
    plugin = _Plugin(record)
    code = pytest.main(job["arguments"], plugins=[plugin])
    if plugin.escaped is not None:
        raise plugin.escaped
    record.event("tested", code=int(code))


class _Plugin:
    """Hooks of pytest (https://docs.pytest.org/en/stable/reference/reference.html#hooks)."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.escaped: BaseException | None = None

    def pytest_exception_interact(self, node: Any, call: Any, report: Any) -> None:
        """A test or the collection of a file failed; skips and expected failures are not told."""
        error = call.excinfo.value
        if report.when == "collect":  # pytest wraps what an import raises
            error = error.__cause__ or error
        self.record.error(error, "failure", test=report.nodeid, when=report.when)

    def pytest_internalerror(self, excinfo: Any) -> None:
        """Something went past pytest: a `sys.exit` while a file was collected, say."""
        self.escaped = excinfo.value
