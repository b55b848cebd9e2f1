"""`--output-format json`: an array of objects, one a finding."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from modfix.lint.located import Located


def json_array(found: Sequence[Located]) -> str:
    """The findings as a JSON array; lines and columns count from 1, cells from 0.

    ASCII: what is beyond it is escaped, so that any pipe carries it and any path can be said.
    """
    return json.dumps([_object(each) for each in found], indent=2)


def _object(each: Located) -> dict[str, Any]:
    return {
        "path": each.path,
        "code": each.code,
        "name": each.name,
        "severity": each.severity,
        "message": each.message,
        "line": each.line,
        "column": each.column,
        "cell": {"index": each.cell_index, "id": each.cell_id, "line": each.cell_line},
        "fix": None
        if each.fix is None
        else {"applicability": each.fix.applicability, "message": each.fix.message},
    }
