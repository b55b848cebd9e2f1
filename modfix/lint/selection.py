"""Which rules run, how grave they are and whose fixes are made: pure decisions over settings.

Everywhere the longest prefix that names a code decides, so that one rule of a family can be
treated otherwise than the rest. `ALL` is the prefix of every code; an empty list names none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from modfix.rule import Applicability, Severity
from modfix.settings import ALL, Settings


def selected(
    code: str, select: Iterable[str], ignore: Iterable[str], extend: Iterable[str] = ()
) -> bool:
    """Whether a rule runs: the longest prefix that names it decides; `ignore` wins a tie.

    `extend` adds to what is selected.
    """
    return max(_longest(code, select), _longest(code, extend)) > _longest(code, ignore)


def runs(code: str, settings: Settings, *, always: bool = False) -> bool:
    """Whether the settings let a rule run; one that runs `always` can only be ignored."""
    select = (ALL,) if always else settings.select
    return selected(code, select, settings.ignore, settings.extend_select)


def severity_of(code: str, given: Severity, settings: Settings) -> Severity:
    """How grave a finding is: what the settings say of its rule, else what the rule says."""
    named = _named(code, settings.severity)
    return given if named is None else Severity(settings.severity[named])


def applicability_of(code: str, given: Applicability, settings: Settings) -> Applicability:
    """How sure a fix is taken to be. A fix that is only shown is never made."""
    if given is Applicability.DISPLAY:
        return given
    if not selected(code, settings.fixable, settings.unfixable):
        return Applicability.DISPLAY
    safe = _longest(code, settings.extend_safe_fixes)
    unsafe = _longest(code, settings.extend_unsafe_fixes)
    if max(safe, unsafe) < 0:
        return given
    return Applicability.UNSAFE if unsafe >= safe else Applicability.SAFE


def ignored_in(path: str, patterns: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The codes that `per-file-ignores` leaves out in a file, by its path from the configuration.

    Patterns are those of `.gitignore`.
    """
    found = (codes for pattern, codes in patterns.items() if _matcher(pattern)(path))
    return tuple(code for codes in found for code in codes)


def named_codes(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Every code and prefix that the settings name for all files, by the key that names it."""
    return {
        "select": settings.select,
        "ignore": settings.ignore,
        "extend-select": settings.extend_select,
        "fixable": settings.fixable,
        "unfixable": settings.unfixable,
        "extend-safe-fixes": settings.extend_safe_fixes,
        "extend-unsafe-fixes": settings.extend_unsafe_fixes,
        "severity": tuple(settings.severity),
        "rules": tuple(settings.rules),
    }


def _longest(code: str, prefixes: Iterable[str]) -> int:
    """The length of the longest prefix of a code among some; -1 where none is one."""
    return max(map(_length, _naming(code, prefixes)), default=-1)


def _named(code: str, prefixes: Iterable[str]) -> str | None:
    return max(_naming(code, prefixes), key=_length, default=None)


def _naming(code: str, prefixes: Iterable[str]) -> Iterator[str]:
    return (each for each in prefixes if each == ALL or code.startswith(each))


def _length(prefix: str) -> int:
    return 0 if prefix == ALL else len(prefix)


@cache
def _matcher(pattern: str):  # type: ignore[no-untyped-def]  # pathspec is imported when needed
    from pathspec import PathSpec

    return PathSpec.from_lines("gitignore", [pattern]).match_file
