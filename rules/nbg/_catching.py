"""What a `try` or a `with suppress(…)` catches, and whether it swallows it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from modfix.syntax.plain_nodes import children, dotted_name

CATCHING = frozenset({"Exception", "BaseException", "AssertionError"})
# What also catches the error that nbgrader's stub raises, and not a failed assertion.
STUBS = frozenset({"NotImplementedError", "RuntimeError"})
_EXITS = frozenset({"exit", "_exit", "quit", "fail"})
_LOUD = re.compile(
    r"(?:traceback\.print|sys\.stderr\.|warnings\.warn)|\blog\w*\.(?:warn|err|exc|crit)"
)


def caught_names(handler: ast.ExceptHandler) -> list[str]:
    """The names of the exceptions that a handler catches; a bare one catches all."""
    if handler.type is None:
        return ["BaseException"]
    if isinstance(handler.type, ast.Tuple):
        return [last_name(element) for element in handler.type.elts]
    return [last_name(handler.type)]


def expected_names(call: ast.Call) -> list[str]:
    """The exceptions that `pytest.raises(…)` or `self.assertRaises(…)` wants, those above the
    stub's own by its name: with any of them a cell passes that nobody has solved."""
    given = [*call.args, *(each.value for each in call.keywords)]
    if last_name(call.func) not in ("raises", "assertRaises", "assertRaisesRegex") or not given:
        return []
    wanted = given[0]
    parts = wanted.elts if isinstance(wanted, ast.Tuple) else [wanted]
    names = [last_name(each) for each in parts]
    above = {"Exception": "RuntimeError", "BaseException": "RuntimeError"}
    return [above.get(name, name) for name in names]


def last_name(node: ast.AST) -> str:
    """The last part of a dotted name."""
    return dotted_name(node).rpartition(".")[2]


def escapes(body: Iterable[ast.AST]) -> bool:
    """Whether a handler lets a failure through after all: raises, asserts, exits, or tells it on
    stderr, which nbgrader counts as a failure."""
    stack = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Raise, ast.Assert)):
            return True
        if isinstance(node, ast.Call) and _is_exit(node):
            return True
        stack += children(node)
    return False


def _is_exit(call: ast.Call) -> bool:
    name = dotted_name(call.func)
    if name.rpartition(".")[2] in _EXITS or _LOUD.match(name):
        return True
    return writes_to_stderr(call)


def writes_to_stderr(call: ast.Call) -> bool:
    """Whether a call is `print(…, file=sys.stderr)`."""
    return any(each.arg == "file" and last_name(each.value) == "stderr" for each in call.keywords)
