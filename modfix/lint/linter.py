"""Which rules run with which settings: one `Linter` for each configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from modfix.document.document import Document
from modfix.dotted import key_text
from modfix.errors import ModfixError
from modfix.lint.local_rules import digest_of, local_rule_files, local_rule_types
from modfix.lint.possible import made_possible
from modfix.lint.registry import catalogue, make_rule
from modfix.lint.run import lint
from modfix.lint.selection import (
    applicability_of,
    ignored_in,
    named_codes,
    runs,
    selected,
    severity_of,
)
from modfix.nearest import nearest
from modfix.rule import Applicability, Finding, Rule
from modfix.settings import ALL, Settings
from modfix.syntax.index import Facts
from modfix.syntax.module import CodeCell
from modfix.table import Where, place_of

_BY_CODE = ("severity", "rules")  # tables whose keys are codes: each has a line of its own


@dataclass(frozen=True)
class Linter:
    """The selected rules with their options, and the settings that they share.

    `base` is the folder that the patterns of `per-file-ignores` are relative to, `known` the codes
    of all rules that there are, `sources` a digest of the course's own.
    """

    rules: tuple[Rule, ...]
    settings: Settings
    base: Path | None = None
    known: tuple[str, ...] = ()
    sources: str = ""

    def findings(
        self,
        document: Document,
        cache: dict[str, CodeCell] | None = None,
        facts: Facts | None = None,
    ) -> list[Finding]:
        """What the rules find, as grave as the settings say, its fixes as sure as they say.

        For `cache` and `facts` see `read_module`.
        """
        rules = self._rules_for(document.path)
        found = lint(document, rules, self.settings, cache, known=self.known, facts=facts)
        return list(made_possible(map(self._judged, found), document))

    def _rules_for(self, path: Path) -> tuple[Rule, ...]:
        """The rules that `per-file-ignores` leaves for a file."""
        patterns = self.settings.per_file_ignores
        if not patterns:
            return self.rules
        ignored = ignored_in(_relative(path, self.base), patterns)
        return tuple(rule for rule in self.rules if selected(rule.code, (ALL,), ignored))

    @cached_property
    def digest(self) -> str:
        """What stands for the settings, the rules with their options, and the folder of both."""
        from hashlib import blake2b

        codes = [rule.code for rule in self.rules]
        parts = (self.settings, codes, ascii(str(self.base)), self.known, self.sources)
        whole = msgspec.json.encode(parts, order="deterministic")
        return blake2b(whole, digest_size=12).hexdigest()

    @cached_property
    def _judges(self) -> bool:
        """Whether the settings change anything about findings."""
        named = named_codes(self.settings)
        kept = named.pop("fixable") != (ALL,)
        return kept or any(named[key] for key in named if key not in ("select", "ignore", "rules"))

    def _judged(self, finding: Finding) -> Finding:
        if not self._judges:
            return finding
        severity = severity_of(finding.code, finding.severity, self.settings)
        fix = finding.fix
        if fix is not None:
            sure = applicability_of(finding.code, fix.applicability, self.settings)
            fix = replace(fix, applicability=sure)
        return replace(finding, severity=severity, fix=fix)


def make_linter(settings: Settings, *, where: Where, base: Path | None = None) -> Linter:
    """The linter for settings: codes in them may be prefixes of codes.

    Raises ModfixError, naming `where` they come from, for a code that no rule has.
    """
    place = place_of(where, "local-rules")
    files = local_rule_files(settings.local_rules, base, where=place)
    local = local_rule_types(files)
    installed = (entry.code for entry in catalogue().rules)
    known = (*installed, *(kind.code for kind in local))
    _require_named(settings, where, known)
    rules: list[Rule] = []
    for entry in catalogue().rules:
        rules += _chosen(entry.code, entry.always, entry.load, settings, where)
    for kind in local:
        rules += _chosen(kind.code, kind.always, partial(_itself, kind), settings, where)
    return Linter(tuple(rules), settings, base, known, digest_of(files))


def _require_named(settings: Settings, where: Where, known: Sequence[str]) -> None:
    """Raise ModfixError for a code that settings name and no rule has."""
    for key, place, code in _named(settings):
        told = f"{place_of(where, place)}: `{key}`"
        require_known((code,), where=told, known=known, whole=key == "rules")


def _named(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """The codes that settings name: the key, the dotted key of the entry, the code."""
    for key, codes in named_codes(settings).items():
        for code in codes:
            yield key, f"{key}.{key_text(code)}" if key in _BY_CODE else key, code
    for pattern, codes in settings.per_file_ignores.items():
        for code in codes:
            yield "per-file-ignores", f"per-file-ignores.{key_text(pattern)}", code


def _chosen(
    code: str,
    always: bool,
    load: Callable[[], type[Rule]],
    settings: Settings,
    where: Where,
) -> list[Rule]:
    """The rule with its options, if it is to run. Wrong options are told of any rule."""
    chosen, options = runs(code, settings, always=always), settings.rules.get(code, {})
    if not chosen and not options:  # PERF: it need not be imported
        return []
    rule = make_rule(load(), options, where=where)
    return [rule] if chosen else []


def _itself(kind: type[Rule]) -> type[Rule]:
    return kind


def require_known(
    codes: Iterable[str], *, where: str, known: Sequence[str], whole: bool = False
) -> None:
    """Raise ModfixError for a code that is neither a known one nor the beginning of one.

    `whole`: the beginning of one is not enough.
    """
    for code in codes:
        if code == ALL and not whole:
            continue
        if not any(each == code if whole else each.startswith(code) for each in known):
            families = () if whole else sorted({each.rstrip("0123456789") for each in known})
            todo = nearest(code.upper(), [*known, *families]) or "see `modfix rules`"
            raise ModfixError(f"unknown rule `{code}`", where=where, todo=todo)


def overridden(settings: Settings, table: dict[str, Any], options: dict[str, Any]) -> Settings:
    """Settings with a command line's values over them.

    `options` are rule options by name: each goes to every rule that has an option of that name,
    so that the engine needs to know no rule.
    """
    rules = {code: dict(values) for code, values in settings.rules.items()}
    for rule in catalogue().rules if options else ():
        for name in options.keys() & set(rule.options):
            rules.setdefault(rule.code, {})[name] = options[name]
    return msgspec.structs.replace(settings, **table, rules=rules)


def wanted(finding: Finding, *, unsafe: bool) -> bool:
    """Whether a finding's fix is to be made."""
    if finding.fix is None or finding.fix.applicability is Applicability.DISPLAY:
        return False
    return unsafe or finding.fix.applicability is Applicability.SAFE


def _relative(path: Path, base: Path | None) -> str:
    """The path from the configuration's folder; the file's own name where it lies elsewhere."""
    whole = path.parent.resolve() / path.name
    inside = base is not None and whole.is_relative_to(base)
    return whole.relative_to(base).as_posix() if inside and base else path.name
