"""What applies to a path, value by value, each with the place that it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from modfix.config import Config
from modfix.dotted import key_text

Keys = tuple[str, ...]
Value = tuple[str, Any, str]  # dotted key, plain value, place


def values(config: Config, options: Mapping[str, type[msgspec.Struct]]) -> Iterator[Value]:
    """Every value of a configuration with its place (`default` where nothing sets it).

    `options` are the types of the rules' own options by code: what the configuration leaves open
    is shown with the rule's default.
    """
    table = msgspec.to_builtins(config.settings)
    rules = table.pop("rules")
    table["rules"] = {
        code: {**msgspec.to_builtins(kind()), **rules.get(code, {})}
        for code, kind in sorted(options.items())
    }
    for keys, value in _leaves((), table):
        yield ".".join(map(key_text, keys)), value, config.origin(keys)


def toml_line(value: Value) -> str:
    """`key = value  # place`: the lines together are a TOML file again."""
    dotted, plain, place = value
    return f"{dotted} = {toml_value(plain)}  # {place}"


def toml_value(value: Any) -> str:
    """A plain value as TOML on one line."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key_text(key)} = {toml_value(each)}" for key, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _leaves(keys: Keys, table: Mapping[str, Any]) -> Iterator[tuple[Keys, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves((*keys, key), value)
        elif keys != ("rules",):  # not a rule without options
            yield (*keys, key), value
