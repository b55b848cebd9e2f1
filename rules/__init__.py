"""The built-in rules, installed as `modfix_rules`: one folder a family, one file a rule.

A file with a `Rule` subclass in a family's folder is a rule; there is nothing to register. A file
whose name begins with `_` holds parts that rules share, and is loaded when a rule needs it.
"""

from __future__ import annotations

import importlib
import pkgutil

from modfix.rule import Rule


def rules() -> list[type[Rule]]:
    """Every rule class of this package; the door that `modfix.rules` opens."""
    found: list[type[Rule]] = []
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        if module.name.rpartition(".")[2].startswith("_"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Rule) and value is not Rule:
                if value.__module__ == module.name:
                    found.append(value)
    return found
