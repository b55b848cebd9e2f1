"""`--output-format sarif`: SARIF 2.1.0, for GitHub's code scanning among others.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; GitHub's
"SARIF support for code scanning" (relative URIs, stable rule ids, partial fingerprints).
"""

from __future__ import annotations

import inspect
import json
from typing import Any
from urllib.parse import quote

from modfix import __version__
from modfix.lint.checked import Change, Located
from modfix.report.report import Report, cell_words, relative, told

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> str:
    """One run with the rules that found something, and a result a finding."""
    codes = sorted({each.code for each in report.findings})
    pairs = zip(report.findings, report.fingerprints, strict=True)
    run = {
        "tool": {"driver": _driver(codes, report)},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, mark, codes.index(each.code)) for each, mark in pairs],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _driver(codes: list[str], report: Report) -> dict[str, Any]:
    return {
        "name": "modfix",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(code, report) for code in codes],
    }


def _rule(code: str, report: Report) -> dict[str, Any]:
    from modfix.lint.registry import rule_types

    kind = next((each for each in rule_types() if each.code == code), None)
    first = next(each for each in report.findings if each.code == code)
    documentation = inspect.cleandoc(kind.__doc__ or "") if kind else first.name
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in first.name.split("-")),
        "shortDescription": {"text": documentation.partition("\n\n")[0].replace("\n", " ")},
        "fullDescription": {"text": documentation},
        "help": {"text": documentation, "markdown": documentation},
        "defaultConfiguration": {"level": str(kind.severity) if kind else first.severity},
    }


def _result(each: Located, fingerprint: str, index: int) -> dict[str, Any]:
    result = {
        "ruleId": each.code,
        "ruleIndex": index,
        "level": each.severity,
        "message": {"text": told(each)},
        "locations": [_location(each)],
        "partialFingerprints": {"modfix/v1": fingerprint},
    }
    if each.fix is not None and each.fix.changes:
        result["fixes"] = [_fix(each)]
    return result


def _location(each: Located) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(each),
            "region": _region(each.line, each.column, each.end_line, each.end_column),
        },
        "logicalLocations": [{"name": cell_words(each), "kind": "cell"}],
    }


def _artifact(each: Located) -> dict[str, str]:
    path = relative(each.path)
    uri = quote(path.encode("utf-8", "surrogateescape"))
    return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri}


def _region(line: int, column: int, end_line: int, end_column: int) -> dict[str, int]:
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    }


def _fix(each: Located) -> dict[str, Any]:
    assert each.fix is not None
    replacements = [_replacement(change) for change in each.fix.changes]
    change = {"artifactLocation": _artifact(each), "replacements": replacements}
    return {"description": {"text": each.fix.message}, "artifactChanges": [change]}


def _replacement(change: Change) -> dict[str, Any]:
    region = _region(change.line, change.column, change.end_line, change.end_column)
    return {"deletedRegion": region, "insertedContent": {"text": change.text}}
