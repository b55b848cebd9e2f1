"""The rules that a course keeps among its own files and names by path (`local-rules`).

NOTE: they are Python code that is imported to be run; naming them is what allows that.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from modfix.config import Config
from modfix.errors import ModfixError
from modfix.lint.registry import catalogue, rule_types
from modfix.rule import Rule
from modfix.watch import saw_file, saw_folder


def local_rule_files(names: Iterable[str], base: Path | None, *, where: str) -> tuple[Path, ...]:
    """The files that `local-rules` names, relative to `base`: a folder stands for those in it.

    Files whose name begins with `_` are parts that rules share. Raises ModfixError for a name
    that is nothing.
    """
    found: dict[Path, None] = {}
    for name in names:
        path = (base or Path.cwd()) / name
        saw_file(path)
        if not path.exists():
            raise ModfixError(f"`local-rules`: there is no `{name}`", where=where)
        _saw_folders(path)
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        found.update(dict.fromkeys(f for f in files if not f.name.startswith("_") or f == path))
    return tuple(found)


@cache
def local_rule_types(files: tuple[Path, ...]) -> tuple[type[Rule], ...]:
    """The rules that some files define, sorted by code.

    Raises ModfixError for a file that cannot be imported and for a code that is taken.
    """
    found: dict[str, tuple[type[Rule], Path]] = {}
    taken = {rule.code for rule in catalogue().rules}
    for file in files:
        for rule in _rules_in(file):
            if rule.code in taken or rule.code in found:
                other = f"in {found[rule.code][1]}" if rule.code in found else "of modfix's"
                raise ModfixError(
                    f"there is another rule {rule.code} {other}",
                    where=str(file),
                    todo="give it a code of its own",
                )
            found[rule.code] = rule, file
    return tuple(found[code][0] for code in sorted(found))


def rule_types_for(config: Config) -> tuple[type[Rule], ...]:
    """Every rule that a configuration knows: the installed ones and the course's own."""
    where = config.place("local-rules")
    files = local_rule_files(config.settings.local_rules, config.base, where=where)
    return tuple(sorted((*rule_types(), *local_rule_types(files)), key=lambda kind: kind.code))


def digest_of(files: Iterable[Path]) -> str:
    """A digest of the sources of some rules and of what lies beside them; "" for none."""
    whole = hashlib.blake2b(digest_size=16)
    folders = sorted({file.parent for file in files})
    for folder in folders:
        _saw_folders(folder)
        for source in sorted(folder.rglob("*.py")):
            saw_file(source)
            whole.update(source.read_bytes())
    return whole.hexdigest() if folders else ""


def _saw_folders(root: Path) -> None:
    """Note a folder of rules and those in it: a rule may come into any of them."""
    for folder, below, _ in os.walk(root):
        below[:] = [name for name in below if name != "__pycache__" and not name.startswith(".")]
        saw_folder(folder)


def _rules_in(file: Path) -> Iterator[type[Rule]]:
    module = _imported(file)
    for value in vars(module).values():
        if (
            isinstance(value, type)
            and issubclass(value, Rule)
            and value.__module__ == module.__name__
        ):
            _require_whole(value, file)
            yield value


def _imported(file: Path) -> ModuleType:
    """The file as a module; those beside it can be imported by name, as from a script."""
    name = f"modfix_local_{hashlib.blake2b(os.fsencode(file), digest_size=6).hexdigest()}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.append(str(file.parent))
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # anybody's code: what it raises is its own mistake
        raise ModfixError(
            f"its rules cannot be loaded: {type(error).__name__}: {error}",
            where=str(file),
            todo="mend it, or take it out of `local-rules`",
        ) from error
    finally:
        sys.path.remove(str(file.parent))
    return module


def _require_whole(rule: type[Rule], file: Path) -> None:
    missing = [name for name in ("code", "name") if not isinstance(getattr(rule, name, None), str)]
    if missing:
        raise ModfixError(
            f"rule `{rule.__name__}` has no {' and no '.join(f'`{name}`' for name in missing)}",
            where=str(file),
            todo="every rule has a code (ABC101) and a name (what-is-wrong)",
        )
