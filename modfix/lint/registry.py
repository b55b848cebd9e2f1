"""Finds the rules: every entry point of the group `modfix.rules` is one door, the built-in too.

What the doors lead to is remembered (see `code_state`): listing, explaining and selecting rules
imports none of them, and a run imports those that it runs.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from modfix.errors import ModfixError
from modfix.kept import read_kept, write_kept
from modfix.lint.code_state import CodeState, code_state, place

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from modfix.rule import Rule
    from modfix.table import Where

GROUP = "modfix.rules"


class RuleEntry(msgspec.Struct, frozen=True, array_like=True):
    """A rule without its code: what selecting it needs, and where its class is."""

    code: str
    name: str
    always: bool
    options: tuple[str, ...]
    module: str
    qualname: str

    def load(self) -> type[Rule]:
        """The rule's class, imported now."""
        found: Any = importlib.import_module(self.module)
        for part in self.qualname.split("."):
            found = getattr(found, part)
        kind: type[Rule] = found
        return kind


class Catalogue(msgspec.Struct, frozen=True, array_like=True):
    """Every installed rule, sorted by code, and the state of the code that says so.

    `digest` stands for the code of modfix and of all rules; "" where it cannot be told whether
    that is still the same.
    """

    state: CodeState
    rules: tuple[RuleEntry, ...]

    @property
    def digest(self) -> str:
        """What stands for all the code that findings come from."""
        return self.state.digest


@cache
def catalogue() -> Catalogue:
    """The installed rules. Raises ModfixError as `rule_types` does."""
    path = place("rules")
    kept = read_kept(path, Catalogue) if path else None
    if kept is not None and kept.state.holds():
        return kept
    kinds = rule_types()
    entries = tuple(map(_entry, kinds))
    if not all(map(_is_found_again, kinds, entries)):
        return Catalogue(CodeState((), {}, {}), entries)
    found = Catalogue(code_state(_sources(kinds)), entries)
    if path:
        write_kept(path, found)
    return found


@cache
def rule_types() -> tuple[type[Rule], ...]:
    """The class of every installed rule, sorted by code.

    An entry point names a callable that returns rule classes. Raises ModfixError where two rules
    share a code or where a door does not open.
    """
    from importlib.metadata import entry_points

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
    except (Exception, SystemExit) as error:
        raise ModfixError(
            f"its rules cannot be loaded: {type(error).__name__}: {error}",
            where=f"entry point `{point.name} = {point.value}` of {GROUP}",
            todo="mend or uninstall its package",
        ) from error


def _entry(kind: type[Rule]) -> RuleEntry:
    options = tuple(field.encode_name for field in msgspec.structs.fields(kind.options_type))
    return RuleEntry(kind.code, kind.name, kind.always, options, kind.__module__, kind.__qualname__)


def _is_found_again(kind: type[Rule], entry: RuleEntry) -> bool:
    """Whether a class is where its name says; one that a function made is not."""
    try:
        return entry.load() is kind
    except (ImportError, AttributeError):
        return False


def _sources(kinds: Iterable[type[Rule]]) -> list[str]:
    """The folders of the packages that rules come from, and the files of single modules."""
    found: dict[str, None] = {}
    for kind in kinds:
        top = importlib.import_module(kind.__module__.partition(".")[0])
        paths = list(getattr(top, "__path__", ())) or [getattr(top, "__file__", None) or ""]
        found.update(dict.fromkeys(filter(None, paths)))
    return list(found)


def make_rules(options: Mapping[str, Mapping[str, Any]], *, where: Where = "") -> tuple[Rule, ...]:
    """One instance of every rule with its options, read from plain `{code: {option: value}}`.

    Raises ModfixError, naming `where` they come from, for an option that the rule does not have.
    """
    return tuple(make_rule(kind, options.get(kind.code, {}), where=where) for kind in rule_types())


def make_rule(kind: type[Rule], options: Mapping[str, Any], *, where: Where = "") -> Rule:
    """One rule with its options."""
    from modfix.table import place_of, read_table

    def place_in(dotted: str) -> str:
        return f"{place_of(where, f'rules.{kind.code}.{dotted}')} [rules.{kind.code}]".strip()

    return kind(read_table(options, kind.options_type, where=place_in))
