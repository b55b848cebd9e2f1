"""`--output-format json-lines`: one JSON object a line and finding."""

from __future__ import annotations

import json

from modfix.report.json_array import finding_object
from modfix.report.report import Report


def render(report: Report) -> str:
    """The objects of `--output-format json`, each on a line of its own."""
    return "\n".join(json.dumps(finding_object(each)) for each in report.findings)
