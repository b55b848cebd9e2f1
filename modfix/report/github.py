"""`--output-format github`: workflow commands, which GitHub shows in the diff of a pull request.

Source: "Workflow commands for GitHub Actions", setting an error or a warning message.
"""

from __future__ import annotations

from modfix.lint.checked import Located
from modfix.report.report import Report, relative, told


def render(report: Report) -> str:
    """One `::error …::message` or `::warning …::message` a finding."""
    return "\n".join(_command(each) for each in report.findings)


def _command(each: Located) -> str:
    properties = {
        "title": f"modfix {each.code} {each.name}",
        "file": relative(each.path),
        "line": str(each.line),
        "col": str(each.column),
        "endLine": str(each.end_line),
    }
    if each.end_line == each.line:  # columns of several lines are not defined
        properties["endColumn"] = str(each.end_column)
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{each.severity} {given}::{_data(f'{each.code} {told(each)}')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
