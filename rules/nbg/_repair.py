"""Repairs of one cell's metadata: one edit with the whole of it, or none."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from modfix.nbgrader.kinds import KEY
from modfix.rule import Applicability, Fix, MetadataEdit, Module

from ._entries import Entry
from ._metadata import is_whole, marker_takes
from ._plan import plan

Metadata = Mapping[str, object]
Change = Callable[[dict[str, object]], Mapping[str, object]]


def repair(
    module: Module,
    entry: Entry,
    message: str = "complete the nbgrader metadata",
    change: Change = lambda metadata: metadata,
    *,
    sure: Applicability = Applicability.SAFE,
) -> Fix | None:
    """The fix that makes a cell's metadata whole, with one more change in it.

    None where nbgrader would still refuse the cell, or where nothing changes. It is as sure as
    the less sure of the two.
    """
    planned = plan(module).get(entry.cell.index)
    whole: Metadata | None = entry.old if planned is None else planned.metadata
    if whole is None or any(doubled.differs for doubled in entry.doubled):
        return None
    new = change(dict(whole))
    if not is_whole(new, entry.cell.kind) or not marker_takes(entry.cell, new):
        return None
    if json.dumps(new) == json.dumps(entry.old):
        return None
    if planned is not None and planned.sure is not Applicability.SAFE:
        sure = planned.sure
    return Fix(message, (MetadataEdit(entry.cell.index, KEY, new),), sure)


def without(*keys: str) -> Change:
    """The change that takes keys away."""
    return lambda metadata: {key: metadata[key] for key in metadata if key not in keys}
