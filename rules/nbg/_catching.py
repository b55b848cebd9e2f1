"""What a `try` or a `with suppress(…)` catches, and whether it swallows it."""

from __future__ import annotations

import libcst as cst

from modfix.syntax.index import dotted_name
from modfix.syntax.names import children

CATCHING = frozenset({"Exception", "BaseException", "AssertionError"})
# What also catches the error that nbgrader's stub raises, and not a failed assertion.
STUBS = frozenset({"NotImplementedError", "RuntimeError"})
_EXITS = frozenset({"exit", "quit", "fail"})


def caught_names(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> list[str]:
    """The names of the exceptions that a handler catches; a bare one catches all."""
    if handler.type is None:
        return ["BaseException"]
    if isinstance(handler.type, cst.Tuple):
        return [last_name(element.value) for element in handler.type.elements]
    return [last_name(handler.type)]


def expected_names(call: cst.Call) -> list[str]:
    """The exceptions that `pytest.raises(…)` or `self.assertRaises(…)` wants, those above the
    stub's own by its name: with any of them a cell passes that nobody has solved."""
    if last_name(call.func) not in ("raises", "assertRaises", "assertRaisesRegex") or not call.args:
        return []
    wanted = call.args[0].value
    parts = [e.value for e in wanted.elements] if isinstance(wanted, cst.Tuple) else [wanted]
    names = [last_name(each) for each in parts]
    above = {"Exception": "RuntimeError", "BaseException": "RuntimeError"}
    return [above.get(name, name) for name in names]


def last_name(node: cst.CSTNode) -> str:
    """The last part of a dotted name."""
    return dotted_name(node).rpartition(".")[2]


def escapes(body: cst.CSTNode) -> bool:
    """Whether a handler lets a failure through after all: raises, asserts, exits, or tells it on
    stderr, which nbgrader counts as a failure."""
    stack = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, (cst.Raise, cst.Assert)):
            return True
        if isinstance(node, cst.Call) and _is_exit(node):
            return True
        stack.extend(children(node))
    return False


def _is_exit(call: cst.Call) -> bool:
    name = dotted_name(call.func)
    if name.rpartition(".")[2] in _EXITS or name.startswith(("traceback.print", "sys.stderr.")):
        return True
    return writes_to_stderr(call)


def writes_to_stderr(call: cst.Call) -> bool:
    """Whether a call is `print(…, file=sys.stderr)`."""
    return any(
        argument.keyword is not None
        and argument.keyword.value == "file"
        and last_name(argument.value) == "stderr"
        for argument in call.args
    )
