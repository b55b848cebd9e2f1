"""`--output-format rdjson`: reviewdog's diagnostics, with suggestions.

Source: reviewdog, `proto/rdf/reviewdog.proto`: columns count bytes of UTF-8, from 1.
"""

from __future__ import annotations

import json
from typing import Any

from modfix.lint.checked import Change, Located
from modfix.report.report import Report, relative, told

_SEVERITIES = {"error": "ERROR", "warning": "WARNING"}


def render(report: Report) -> str:
    """One result with a diagnostic a finding."""
    diagnostics = [_diagnostic(report, each) for each in report.findings]
    return json.dumps({"source": {"name": "modfix"}, "diagnostics": diagnostics}, indent=2)


def _diagnostic(report: Report, each: Located) -> dict[str, Any]:
    lines = report.document(each.path).text.split("\n")
    where = _range(lines, each.line, each.column, each.end_line, each.end_column)
    found: dict[str, Any] = {
        "message": told(each),
        "location": {"path": relative(each.path), "range": where},
        "severity": _SEVERITIES[each.severity],
        "code": {"value": each.code},
    }
    if each.fix is not None and each.fix.changes:
        found["suggestions"] = [_suggestion(lines, change) for change in each.fix.changes]
    return found


def _suggestion(lines: list[str], change: Change) -> dict[str, Any]:
    where = _range(lines, change.line, change.column, change.end_line, change.end_column)
    return {"range": where, "text": change.text}


def _range(
    lines: list[str], line: int, column: int, end_line: int, end_column: int
) -> dict[str, dict[str, int]]:
    return {
        "start": {"line": line, "column": _bytes(lines, line, column)},
        "end": {"line": end_line, "column": _bytes(lines, end_line, end_column)},
    }


def _bytes(lines: list[str], line: int, column: int) -> int:
    """A column in characters as one in bytes."""
    text = lines[line - 1][: column - 1] if line <= len(lines) else ""
    return len(text.encode("utf-8", "surrogatepass")) + 1
