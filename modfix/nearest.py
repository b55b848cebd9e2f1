"""The nearest right name for a wrong one."""

from __future__ import annotations

from collections.abc import Iterable

_NEAR = 0.66  # the share of letters in common; below it a hint is more of a riddle


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint such as "did you mean `select`?", or "" when nothing is close."""
    close = closest(name, known)
    return "" if close is None else f"did you mean `{close}`?"


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like a wrong one, or None when nothing is close."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, list(known), n=1, cutoff=_NEAR)), None)
