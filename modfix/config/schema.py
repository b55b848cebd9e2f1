"""A JSON schema of the configuration, made of the types that read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from modfix.settings import Settings


def configuration_schema(options: Mapping[str, type[msgspec.Struct]]) -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of `modfix.toml`; `options` are those of rules by code.

    What an editor offers as completion and marks as wrong is what modfix itself would.
    """
    kinds = {code: options[code] for code in sorted(options)}
    whole, definitions = msgspec.json.schema_components(
        (Settings, *kinds.values()), ref_template="#/$defs/{name}"
    )[:2]
    for each in definitions.values():  # a table may be partial: it lies over a standard's
        each.pop("required", None)
    settings = definitions["Settings"]
    references = whole[1:]
    settings["properties"]["rules"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(zip(kinds, references, strict=True)),
    }
    del settings["title"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "modfix.toml",
        **settings,
        "$defs": {name: value for name, value in definitions.items() if name != "Settings"},
    }
