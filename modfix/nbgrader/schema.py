"""Which metadata nbgrader accepts, and every reason why it does not.

This is `MetadataValidator` of nbgrader 0.9 (`nbgraderformat/common.py`, `v3.py`, `v3.json`): its
JSON schema (draft 4: no boolean is a number, `3.0` is no integer, `$` matches before a last
newline) and its checks beside it. nbgrader raises at the first fault; here all are told, by cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from modfix.document.cell import CellKind
from modfix.nbgrader.kinds import FLAGS, KEY, Metadata

SCHEMA_VERSION = 3
REQUIRED = ("grade", "locked", "solution")
KNOWN = frozenset({*FLAGS, "grade_id", "points", "schema_version", "checksum", "cell_type"})

Reason = Literal[
    "not a mapping",
    "old version",  # missing counts as 0
    "new version",
    "no version",  # a value that cannot be compared, or no integer
    "missing key",
    "unknown key",
    "wrong type",
    "wrong value",  # of points, checksum or cell_type
    "id pattern",
    "no id",
    "empty id",
    "no points",
    "half graded",  # prose with one of grade and solution
    "task is not markdown",
    "duplicate id",
]

_ID = re.compile(r"^[a-zA-Z0-9_\-]*$")
_CHECKSUM = 32  # characters


class Refusal(Struct, frozen=True):
    """One reason why nbgrader refuses a cell, and the key of its metadata that it is about."""

    reason: Reason
    key: str


def notebook_refusals(
    cells: Iterable[tuple[CellKind, Mapping[str, object]]],
) -> list[tuple[int, Refusal]]:
    """Every refusal of a notebook's cells (kind and metadata), each with the cell's number."""
    found: list[tuple[int, Refusal]] = []
    seen: set[str] = set()
    for number, (kind, metadata) in enumerate(cells):
        if KEY not in metadata:
            continue
        value = metadata[KEY]
        found += [(number, refusal) for refusal in refusals(value, kind)]
        if isinstance(value, dict) and any(value.get(key) for key in REQUIRED):
            grade_id = value.get("grade_id")
            if isinstance(grade_id, str):
                if grade_id in seen:
                    found.append((number, Refusal("duplicate id", "grade_id")))
                seen.add(grade_id)
    return found


def refusals(value: object, kind: CellKind) -> tuple[Refusal, ...]:
    """Why nbgrader refuses what stands under `nbgrader` in a cell's metadata; () if it does not.

    Duplicate ids are the notebook's (see `notebook_refusals`).
    """
    if not isinstance(value, dict):
        return (Refusal("not a mapping", ""),)
    return (*_version(value), *_keys(value), *_values(value), *_kind(value, kind))


def _version(metadata: Metadata) -> Iterator[Refusal]:
    version = metadata.get("schema_version", 0)
    if not isinstance(version, (int, float)):
        yield Refusal("no version", "schema_version")
    elif version < SCHEMA_VERSION:
        yield Refusal("old version", "schema_version")
    elif version > SCHEMA_VERSION:
        yield Refusal("new version", "schema_version")
    elif not is_integer(version):
        yield Refusal("no version", "schema_version")


def _keys(metadata: Metadata) -> Iterator[Refusal]:
    for key in REQUIRED:
        if key not in metadata:
            yield Refusal("missing key", key)
    for key in metadata:
        if key not in KNOWN:
            yield Refusal("unknown key", key)


def _values(metadata: Metadata) -> Iterator[Refusal]:
    for key in FLAGS:
        if key in metadata and not isinstance(metadata[key], bool):
            yield Refusal("wrong type", key)
    for key in ("grade_id", "checksum", "cell_type"):
        if key in metadata and not isinstance(metadata[key], str):
            yield Refusal("wrong type", key)
    grade_id = metadata.get("grade_id")
    if isinstance(grade_id, str) and not _ID.search(grade_id):
        yield Refusal("id pattern", "grade_id")
    yield from _points(metadata)
    checksum, cell_type = metadata.get("checksum"), metadata.get("cell_type")
    if isinstance(checksum, str) and len(checksum) != _CHECKSUM:
        yield Refusal("wrong value", "checksum")
    if isinstance(cell_type, str) and cell_type not in ("raw", "code", "markdown"):
        yield Refusal("wrong value", "cell_type")


def _points(metadata: Metadata) -> Iterator[Refusal]:
    if "points" in metadata:
        points = metadata["points"]
        if not is_number(points):
            yield Refusal("wrong type", "points")
        elif points < 0:  # type: ignore[operator]
            yield Refusal("wrong value", "points")


def _kind(metadata: Metadata, kind: CellKind) -> Iterator[Refusal]:
    """The checks of `v3.py` beside the JSON schema; flags that are no booleans count as theirs."""
    grade, solution = metadata.get("grade"), metadata.get("solution")
    if grade or solution or metadata.get("locked"):
        if "grade_id" not in metadata:
            yield Refusal("no id", "grade_id")
        elif metadata["grade_id"] == "":
            yield Refusal("empty id", "grade_id")
    if grade and "points" not in metadata:
        yield Refusal("no points", "points")
    if metadata.get("task"):
        if kind != "markdown":
            yield Refusal("task is not markdown", "task")
    elif kind == "markdown" and bool(grade) != bool(solution):
        yield Refusal("half graded", "solution" if grade else "grade")


def are_points(value: object) -> bool:
    """Whether it is a value that points can have."""
    return is_number(value) and not value < 0  # type: ignore[operator]


def is_integer(value: object) -> bool:
    """Whether it is an integer of JSON schema, draft 4."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """Whether it is a number of JSON schema, draft 4."""
    return is_integer(value) or isinstance(value, float)
