"""Which rules run with which settings: one `Linter` for each configuration."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from modfix.document.document import Document
from modfix.errors import ModfixError
from modfix.lint.registry import make_rules, rule_types
from modfix.lint.run import lint
from modfix.nearest import nearest
from modfix.rule import Applicability, Finding, Fix, Rule
from modfix.settings import Settings
from modfix.syntax.module import CodeCell


@dataclass(frozen=True, slots=True)
class Linter:
    """The selected rules with their options, and the settings that they share."""

    rules: tuple[Rule, ...]
    settings: Settings

    def findings(
        self, document: Document, cache: dict[str, CodeCell] | None = None
    ) -> list[Finding]:
        """What the rules find; fixes that the settings call safe are safe."""
        found = lint(document, self.rules, self.settings, cache)
        promoted = self.settings.extend_safe_fixes
        return [_promoted(finding, promoted) for finding in found]


def make_linter(settings: Settings, *, where: str) -> Linter:
    """The linter for settings: `select` and `ignore` are codes or prefixes of codes.

    An empty `select` selects every rule. Raises ModfixError for a code that no rule has.
    """
    named = (settings.select, settings.ignore, settings.extend_safe_fixes, settings.rules)
    require_known([code for codes in named for code in codes], where=where)
    rules = make_rules(settings.rules, where=where)
    return Linter(tuple(rule for rule in rules if _runs(rule, settings)), settings)


def _runs(rule: Rule, settings: Settings) -> bool:
    select = () if rule.always else settings.select
    return selected(rule.code, select, settings.ignore)


def require_known(codes: Iterable[str], *, where: str) -> None:
    """Raise ModfixError for a code that is neither a rule's nor the beginning of one."""
    for code in codes:
        known = [kind.code for kind in rule_types()]
        if not any(each.startswith(code) for each in known):
            todo = nearest(code, known) or "see `modfix rules`"
            raise ModfixError(f"unknown rule `{code}`", where=where, todo=todo)


def selected(code: str, select: Iterable[str], ignore: Iterable[str]) -> bool:
    """Whether a rule runs: the longest prefix that names it decides; `ignore` wins a tie."""
    chosen = [len(prefix) for prefix in select if code.startswith(prefix)]
    dropped = [len(prefix) for prefix in ignore if code.startswith(prefix)]
    if not tuple(select):
        chosen = [0]
    return bool(chosen) and max(chosen) > max(dropped, default=-1)


def overridden(settings: Settings, table: dict[str, Any], options: dict[str, Any]) -> Settings:
    """Settings with a command line's values over them.

    `options` are rule options by name: each goes to every rule that has an option of that name,
    so that the engine needs to know no rule.
    """
    rules = {code: dict(values) for code, values in settings.rules.items()}
    for kind in rule_types():
        own = {field.encode_name for field in msgspec.structs.fields(kind.options_type)}
        for name in own & options.keys():
            rules.setdefault(kind.code, {})[name] = options[name]
    return msgspec.structs.replace(settings, **table, rules=rules)


def _promoted(finding: Finding, codes: Collection[str]) -> Finding:
    fix = finding.fix
    if fix is None or fix.applicability is not Applicability.UNSAFE:
        return finding
    if not any(finding.code.startswith(code) for code in codes):
        return finding
    return replace(finding, fix=Fix(fix.message, fix.edits))


def wanted(finding: Finding, *, unsafe: bool) -> bool:
    """Whether a finding's fix is to be made."""
    if finding.fix is None or finding.fix.applicability is Applicability.DISPLAY:
        return False
    return unsafe or finding.fix.applicability is Applicability.SAFE
