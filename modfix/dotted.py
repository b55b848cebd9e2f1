"""Dotted keys as TOML writes them: `per-file-ignores."a.b/"`, and `analyses[0].function`."""

from __future__ import annotations

import json
import re

_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[^.\[\]]+')


def keys_of(dotted: str) -> tuple[str, ...]:
    """The keys of a dotted one; the number of an element is one."""
    found = _PART.findall(dotted)
    return tuple(json.loads(part) if part.startswith('"') else part for part in found)


def key_text(key: str) -> str:
    """One key, in quotes where it needs them."""
    bare = key.replace("-", "").replace("_", "").isalnum() and key.isascii()
    return key if bare else json.dumps(key, ensure_ascii=False)
