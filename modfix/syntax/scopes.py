"""Python's scopes as far as names need them: what is bound and read where, and who owns it.

A name that a function binds is its own; one that it only reads belongs to the module, and is read
when the function is called, not when it is defined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import Struct

# PERF: most statements have nothing of something, and an empty set of their own takes 216 bytes.
NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Scope:
    """One scope: `deferred` says that its code runs later than the statement that holds it."""

    parent: Scope | None
    deferred: bool
    is_class: bool = False
    is_comprehension: bool = False
    bound: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)  # declared global or nonlocal
    of_module: set[str] = field(default_factory=set)  # declared global

    @property
    def binds_here(self) -> Scope:
        """The scope in which `:=` binds: that around a comprehension."""
        at = self
        while at.is_comprehension and at.parent is not None:
            at = at.parent
        return at


class NameUse(Struct, frozen=True, gc=False):
    """Names that a statement binds in the module, reads when it runs, and reads later."""

    binds: frozenset[str]
    reads: frozenset[str]
    later: frozenset[str]


def resolve(top: Scope, scopes: Sequence[Scope]) -> NameUse:
    """What the scopes of one statement come down to; `top` is the module's."""
    now: set[str] = set()
    later: set[str] = set()
    for scope in scopes:
        for name in scope.read:
            belongs, deferred = _owner(name, scope)
            if belongs is top:
                (later if deferred else now).add(name)
        if scope is not top:
            top.bound |= scope.bound & scope.of_module
    return NameUse(frozenset(top.bound) or NONE, frozenset(now) or NONE, frozenset(later) or NONE)


def owner(name: str, scope: Scope) -> Scope:
    """The scope that a name belongs to which is met in `scope`."""
    return _owner(name, scope)[0]


def _owner(name: str, scope: Scope) -> tuple[Scope, bool]:
    """The scope that a name belongs to, and whether reading it there happens later."""
    at, deferred, first = scope, False, True
    while at.parent is not None:
        visible = first or not at.is_class  # a class's names are not seen by its functions
        if visible and name in at.bound and name not in at.outer:
            return at, deferred
        deferred, first = deferred or at.deferred, False
        at = at.parent
    return at, deferred
