"""`--output-format json`: an array of objects, one a finding."""

from __future__ import annotations

import json
from typing import Any

from modfix.lint.checked import Change, Located
from modfix.report.report import Report


def render(report: Report) -> str:
    """The findings as a JSON array; lines and columns count from 1, cells from 0.

    ASCII: what is beyond it is escaped, so that any pipe carries it and any path can be said.
    """
    return json.dumps([finding_object(each) for each in report.findings], indent=2)


def finding_object(each: Located) -> dict[str, Any]:
    """One finding as plain data."""
    return {
        "path": each.path,
        "code": each.code,
        "name": each.name,
        "severity": each.severity,
        "message": each.message,
        "line": each.line,
        "column": each.column,
        "end_line": each.end_line,
        "end_column": each.end_column,
        "cell": {"index": each.cell_index, "id": each.cell_id, "line": each.cell_line},
        "fix": None
        if each.fix is None
        else {
            "applicability": each.fix.applicability,
            "message": each.fix.message,
            "edits": [_edit(change) for change in each.fix.changes],
        },
    }


def _edit(change: Change) -> dict[str, Any]:
    return {
        "line": change.line,
        "column": change.column,
        "end_line": change.end_line,
        "end_column": change.end_column,
        "text": change.text,
    }
