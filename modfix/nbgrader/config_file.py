"""Reads `nbgrader_config.py` for what it tells nbgrader about clearing. Nothing is executed.

The file is Python that nbgrader runs; here it is only parsed, and of its top-level statements the
assignments of literals to options that we know (`c.ClearSolutions.text_stub = "…"`) are taken.
What else happens to such an option (a computed value, a condition, `.update(…)`) is told as a
warning and ignored. Options: nbgrader's `preprocessors/clearsolutions.py`, `clearhiddentests.py`,
`clearmarkingscheme.py` and `coursedir.py`, their spelling included.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from modfix.watch import saw_file

CONFIG_NAME = "nbgrader_config.py"

# (class, trait): our key under [nbgrader], and the type of its value.
_OPTIONS: dict[tuple[str, str], tuple[str, type]] = {
    ("ClearSolutions", "begin_solution_delimeter"): ("begin-solution", str),
    ("ClearSolutions", "end_solution_delimeter"): ("end-solution", str),
    ("ClearSolutions", "code_stub"): ("code-stub", dict),
    ("ClearSolutions", "text_stub"): ("text-stub", str),
    ("ClearHiddenTests", "begin_test_delimeter"): ("begin-hidden-tests", str),
    ("ClearHiddenTests", "end_test_delimeter"): ("end-hidden-tests", str),
    ("ClearMarkScheme", "begin_mark_scheme_delimeter"): ("begin-mark-scheme", str),
    ("ClearMarkScheme", "end_mark_scheme_delimeter"): ("end-mark-scheme", str),
    ("ClearMarkScheme", "check_attachment_leakage"): ("check-attachment-leakage", bool),
    ("CourseDirectory", "ignore"): ("ignored-files", list),
}
_ENFORCING = {
    "ClearSolutions": "solution",
    "ClearHiddenTests": "hidden-tests",
    "ClearMarkScheme": "mark-scheme",
}
_ENFORCE = "enforce_metadata"


@dataclass(frozen=True, slots=True, eq=False)
class NbgraderConfig:
    """What a file says: a table for `[nbgrader]`, and what of it could not be taken."""

    path: Path | None = None
    table: dict[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


NOTHING_TOLD = NbgraderConfig()


@cache
def nearest_config(folder: Path) -> NbgraderConfig:
    """The configuration that stands in a folder or nearest above it; an empty one for none."""
    for place in (folder, *folder.parents):
        text = _text(place / CONFIG_NAME)
        if text is not None:
            return read_config_file(place / CONFIG_NAME, text)
    return NOTHING_TOLD


def _text(path: Path) -> bytes | None:
    """The file's text; None where there is none, or what is not ours to read or no file (a pipe
    would be waited for): nbgrader could not read it either."""
    saw_file(path)
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def read_config_file(path: Path, text: bytes) -> NbgraderConfig:
    """Read the text of a configuration; one that is no Python says nothing but that."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        what = getattr(error, "msg", None) or str(error) or type(error).__name__
        line = getattr(error, "lineno", None) or 1
        return NbgraderConfig(path, {}, (f"{path}:{line}: this is no Python: {what}; ignored",))
    reading = _Reading(path)
    for statement in tree.body:
        reading.take(statement)
    reading.watch(tree)
    return NbgraderConfig(path, reading.result(), tuple(reading.warnings))


class _Reading:
    """Collects the options of one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.table: dict[str, object] = {}
        self.enforced = dict.fromkeys(_ENFORCING.values(), True)
        self.warnings: list[str] = []
        self.taken: set[ast.AST] = set()

    def take(self, statement: ast.stmt) -> None:
        """An assignment of a literal to one option."""
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            return
        target = statement.targets[0]
        option = _option(target)
        if option is None:
            return
        self.taken.add(target)
        fault = self._set(option, statement.value)
        if fault:
            self._warn(target, f"`{'.'.join(option)}` {fault}")

    def watch(self, tree: ast.Module) -> None:
        """Warn of options that are touched in any other way."""
        for node in ast.walk(tree):
            option = _option(node)
            if option is not None and node not in self.taken:
                self._warn(node, f"`{'.'.join(option)}` is not simply set to a value")

    def result(self) -> dict[str, object]:
        """The table, with what is enforced in one key."""
        if not all(self.enforced.values()):
            self.table["enforce-metadata"] = [k for k, wanted in self.enforced.items() if wanted]
        return self.table

    def _set(self, option: tuple[str, str], value: ast.expr) -> str:
        """Take a value; says why it cannot be taken, or ""."""
        try:
            literal = ast.literal_eval(value)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            return "is computed, and this file is not run"
        if option[1] == _ENFORCE:
            self.enforced[_ENFORCING[option[0]]] = bool(literal)
            return ""
        key, kind = _OPTIONS[option]
        if key == "code-stub" and isinstance(literal, str):
            literal = {"python": literal}  # as nbgrader still takes it
        if not isinstance(literal, kind) or not _of_texts(literal):
            return f"is no {_NAMES[kind]}"
        if literal == "" and key != "text-stub":
            return "is empty, which every line holds"
        self.table[key] = literal
        return ""

    def _warn(self, node: ast.AST, what: str) -> None:
        line = getattr(node, "lineno", 1)
        self.warnings.append(f"{self.path}:{line}: {what}; ignored")


_NAMES = {str: "text", dict: "table of texts", list: "list of texts", bool: "True or False"}


def _of_texts(literal: object) -> bool:
    return all(isinstance(each, str) for each in _parts(literal))


def _parts(literal: object) -> Iterator[object]:
    if isinstance(literal, dict):
        yield from (*literal.keys(), *literal.values())
    elif isinstance(literal, list):
        yield from literal


def _option(node: ast.AST) -> tuple[str, str] | None:
    """The option that `c.Class.option` names, if it is one that we know."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Attribute):
        return None
    owner = node.value
    if not isinstance(owner.value, ast.Name):
        return None
    option = (owner.attr, node.attr)
    known = option in _OPTIONS or (owner.attr in _ENFORCING and node.attr == _ENFORCE)
    return option if known else None
