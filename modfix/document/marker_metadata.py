"""What a marker makes of its cell: kind, language and the metadata that a notebook gets.

The rules are those of jupytext: `is_active`, `DoublePercentScriptCellReader.find_cell_end` and
`set_main_and_cell_language`.
"""

from __future__ import annotations

import re

from msgspec import Struct

from modfix.document.cell import CellKind, Marker
from modfix.document.languages import MAGIC_LANGUAGES, usual_name
from modfix.document.marker import as_mapping


class CellMetadata(Struct, frozen=True):
    """The kind of a cell, its metadata, the language that its strings are read in, and whether
    its prose, as in most cells of prose, stands in comments."""

    kind: CellKind
    metadata: dict[str, object]
    language: str | None
    commented: bool = True


def cell_metadata(marker: Marker | None, language: str | None) -> CellMetadata:
    """Read a marker, in a script whose cells are in `language` unless they say otherwise."""
    if marker is None or not marker.options:
        return CellMetadata(marker.kind if marker else "code", {}, language)
    metadata = as_mapping(marker.options)
    own = metadata.get("language")
    inactive = marker.kind == "code" and "cell_type" not in metadata
    kind = _kind(marker, metadata)
    commented = not (inactive and kind == "raw" and _active(metadata, "py"))
    if isinstance(own, str) and own and _has_magic(own, language):
        del metadata["language"]
        metadata.pop("magic_args", None)
    elif own == language or not own:
        metadata.pop("language", None)
    spoken = own if isinstance(own, str) and own else language
    return CellMetadata(kind, metadata, spoken, commented)


def _has_magic(own: str, language: str | None) -> bool:
    """Whether a notebook says the language with a magic (`%%bash`) instead of metadata."""
    return own != language and usual_name(own) != language and own in MAGIC_LANGUAGES


def _kind(marker: Marker, metadata: dict[str, object]) -> CellKind:
    named = metadata.pop("cell_type", marker.kind)
    if marker.kind != "code":
        return marker.kind
    if named != marker.kind:
        return "markdown" if named == "markdown" else "raw"
    if "cell_type" in as_mapping(marker.options) or _active(metadata, "ipynb"):
        return "code"
    if metadata.get("active") == "":
        del metadata["active"]
    return "raw"


def _active(metadata: dict[str, object], suffix: str) -> bool:
    """jupytext's `is_active`: an `active` list or tag without the suffix says no."""
    control = metadata.get("run_control")
    if isinstance(control, dict) and control.get("frozen") is True:
        return suffix == "ipynb"
    tags = metadata.get("tags")
    for tag in tags if isinstance(tags, (list, dict)) else ():
        if isinstance(tag, str) and tag.startswith("active-"):
            return suffix in tag.split("-")
    active = metadata.get("active")
    return suffix in re.split(r"[.,]", active) if isinstance(active, str) else True
