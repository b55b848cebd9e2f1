"""`--output-format gitlab`: a code quality report.

Source: GitLab's documentation, "Code quality report format" (a subset of Code Climate's).
"""

from __future__ import annotations

import json
from typing import Any

from modfix.lint.checked import Located
from modfix.report.report import Report, relative, told

_SEVERITIES = {"error": "major", "warning": "minor"}


def render(report: Report) -> str:
    """The findings as a JSON array of issues."""
    pairs = zip(report.findings, report.fingerprints, strict=True)
    return json.dumps([_issue(each, mark) for each, mark in pairs], indent=2)


def _issue(each: Located, fingerprint: str) -> dict[str, Any]:
    return {
        "type": "issue",
        "categories": ["Bug Risk"],
        "check_name": each.code,
        "description": f"{each.code} {told(each)}",
        "severity": _SEVERITIES[each.severity],
        "fingerprint": fingerprint,
        "location": {
            "path": relative(each.path),
            "lines": {"begin": each.line, "end": each.end_line},
        },
    }
