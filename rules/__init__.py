"""The built-in rules, installed as `modfix_rules`: one folder a family, one file a rule.

A file with a `Rule` subclass in a family's folder is a rule; there is nothing to register. A file
whose name begins with `_` holds parts that rules share, and is loaded when a rule needs it.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TypeGuard

from modfix.rule import Rule


def rules() -> list[type[Rule]]:
    """Every rule class of this package; the door that `modfix.rules` opens."""
    found: list[type[Rule]] = []
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        if module.name.rpartition(".")[2].startswith("_"):
            continue
        values = vars(importlib.import_module(module.name)).values()
        found += [value for value in values if _is_rule_of(value, module.name)]
    return found


def _is_rule_of(value: object, module: str) -> TypeGuard[type[Rule]]:
    """Whether a value is a rule class that this very module defines."""
    is_rule = isinstance(value, type) and issubclass(value, Rule)
    return is_rule and value.__module__ == module
