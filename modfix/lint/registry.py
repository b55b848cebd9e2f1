"""Finds the rules: every entry point of the group `modfix.rules` is one door, the built-in too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from modfix.errors import ModfixError
from modfix.rule import Rule
from modfix.table import Where, place_of, read_table

GROUP = "modfix.rules"


@cache
def rule_types() -> tuple[type[Rule], ...]:
    """Every installed rule, sorted by code.

    An entry point names a callable that returns rule classes. Raises ModfixError where two rules
    share a code or where a door does not open.
    """
    found: dict[str, type[Rule]] = {}
    for point in entry_points(group=GROUP):
        for rule in _behind(point):
            if found.setdefault(rule.code, rule) is not rule:
                raise ModfixError(
                    f"two rules call themselves {rule.code}",
                    where=f"entry point `{point.name}` of {GROUP}",
                    todo="rename one of them or uninstall its package",
                )
    return tuple(found[code] for code in sorted(found))


def _behind(point: EntryPoint) -> Iterable[type[Rule]]:
    """The rules of one door. NOTE: what is imported there is anybody's code."""
    try:
        return tuple(point.load()())
    except Exception as error:
        raise ModfixError(
            f"its rules cannot be loaded: {type(error).__name__}: {error}",
            where=f"entry point `{point.name} = {point.value}` of {GROUP}",
            todo="mend or uninstall its package",
        ) from error


def make_rules(options: Mapping[str, Mapping[str, Any]], *, where: Where = "") -> tuple[Rule, ...]:
    """One instance of every rule with its options, read from plain `{code: {option: value}}`.

    Raises ModfixError, naming `where` they come from, for an option that the rule does not have.
    """
    return tuple(make_rule(kind, options.get(kind.code, {}), where=where) for kind in rule_types())


def make_rule(kind: type[Rule], options: Mapping[str, Any], *, where: Where = "") -> Rule:
    """One rule with its options."""

    def place(dotted: str) -> str:
        return f"{place_of(where, f'rules.{kind.code}.{dotted}')} [rules.{kind.code}]".strip()

    return kind(read_table(options, kind.options_type, where=place))
