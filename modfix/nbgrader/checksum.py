"""The checksum by which nbgrader sees whether a released cell was changed.

Source: nbgrader, `utils.py` (`compute_checksum`).
"""

from __future__ import annotations

import hashlib

from modfix.document.cell import CellKind
from modfix.nbgrader.kinds import Metadata, is_grade, is_locked, is_solution


def checksum(source: str, kind: CellKind, metadata: Metadata) -> str:
    """The MD5 of a cell's source, kind, flags, id and points, in hexadecimal.

    The metadata is one that nbgrader accepts.
    """
    parts = [
        source,
        kind,
        str(is_grade(metadata)),
        str(is_solution(metadata)),
        str(is_locked(metadata)),
        str(metadata["grade_id"]),
    ]
    if is_grade(metadata):
        parts.append(str(float(metadata["points"])))  # type: ignore[arg-type]
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def has_checksum(metadata: Metadata | None) -> bool:
    """Whether a release gives the cell one."""
    return is_grade(metadata) or is_solution(metadata) or is_locked(metadata)
