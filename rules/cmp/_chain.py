"""The loop in which a container hands its input from layer to layer.

Plainly, as `for layer in self.layers: x = layer(x)` and nothing else, or roughly, as some loop
that calls its own variable.
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from modfix.syntax.index import dotted_name

from ._moved_code import walk


@dataclass(frozen=True)
class Chain:
    """The loop in which a method hands its input from layer to layer.

    `layer` is the variable of the loop, `data` the one that is handed on; `step` is what one layer
    does, `test` and `other` are there where it depends (`step if test else other`).
    """

    before: tuple[cst.SimpleStatementLine, ...]
    layer: str
    data: str
    step: cst.Call
    test: cst.BaseExpression | None = None
    other: cst.Call | None = None


def plain_chain(method: cst.FunctionDef, attribute: str) -> Chain | None:
    """The plain chain: `for layer in self.layers: x = …`, then `return x`, nothing else."""
    body = plain_body(method)
    if method.decorators or method.asynchronous or len(body) < 2:
        return None
    if not isinstance(body[-2], cst.For):
        return None
    *before, loop, last = body
    assert isinstance(loop, cst.For)
    if loop.orelse or loop.asynchronous or dotted_name(loop.iter) != f"self.{attribute}":
        return None
    if not isinstance(loop.target, cst.Name) or len(loop.body.body) != 1:
        return None
    layer, only = loop.target.value, loop.body.body[0]
    found = _branch(only) if isinstance(only, cst.If) else _assignment(only)
    copies = [_copied(line) for line in before]
    if found is None or layer == found[0] or not _returns(last, found[0]) or len(copies) > 1:
        return None
    given = {param.name.value for param in method.params.params[1:]}
    if not set(copies or [(found[0], found[0])]) <= {(found[0], name) for name in given}:
        return None
    step, test, other = _parts(found[1], found[2])
    if step is None or not _hands_on(step, layer, found[0]):
        return None
    if test is not None and (other is None or not _hands_on(other, layer, found[0])):
        return None
    lines = tuple(line for line in before if isinstance(line, cst.SimpleStatementLine))
    return Chain(lines, layer, found[0], step, test, other)


Assigned = tuple[str, cst.BaseExpression, "tuple[cst.BaseExpression, cst.BaseExpression] | None"]


def _assignment(line: cst.CSTNode) -> Assigned | None:
    """Target and value of a line that is one assignment to one name."""
    only = only_statement(line)
    if not isinstance(only, cst.Assign) or len(only.targets) != 1:
        return None
    target = only.targets[0].target
    return (target.value, only.value, None) if isinstance(target, cst.Name) else None


def _branch(node: cst.If) -> Assigned | None:
    """`if test: x = a` / `else: x = b`, read as `x = a if test else b`."""
    orelse = node.orelse
    if not isinstance(orelse, cst.Else) or len(node.body.body) != 1 or len(orelse.body.body) != 1:
        return None
    yes, no = _assignment(node.body.body[0]), _assignment(orelse.body.body[0])
    if yes is None or no is None or yes[0] != no[0]:
        return None
    return yes[0], yes[1], (node.test, no[1])


def _parts(
    value: cst.BaseExpression, rest: tuple[cst.BaseExpression, cst.BaseExpression] | None
) -> tuple[cst.Call | None, cst.BaseExpression | None, cst.Call | None]:
    if rest is None and isinstance(value, cst.IfExp):
        whole = value
        value, rest = whole.body, (whole.test, whole.orelse)
    step = value if isinstance(value, cst.Call) else None
    if rest is None:
        return step, None, None
    return step, rest[0], rest[1] if isinstance(rest[1], cst.Call) else None


def _hands_on(call: cst.Call, layer: str, data: str) -> bool:
    """Whether a call is `layer(x)` or `layer.forward(x)`."""
    if dotted_name(call.func) not in (layer, f"{layer}.forward") or len(call.args) != 1:
        return False
    only = call.args[0]
    return not only.star and only.keyword is None and is_name(only.value, data)


def _copied(line: cst.CSTNode) -> tuple[str, str]:
    found = _assignment(line)
    if found is None or not isinstance(found[1], cst.Name):
        return "", ""
    return found[0], found[1].value


def _returns(line: cst.CSTNode, name: str) -> bool:
    only = only_statement(line)
    return isinstance(only, cst.Return) and only.value is not None and is_name(only.value, name)


def roughly_chains(method: cst.FunctionDef) -> bool:
    """Whether some loop calls its own variable with a variable that it sets."""
    for loop in walk(method):
        if not isinstance(loop, cst.For):
            continue
        own = {node.value for node in walk(loop.target) if isinstance(node, cst.Name)}
        for node in walk(loop.body):
            found = _target_and_value(node)
            if found is not None and _calls_own(found[1], own, found[0]):
                return True
    return False


def _target_and_value(node: cst.CSTNode) -> tuple[str, cst.BaseExpression] | None:
    if not isinstance(node, cst.Assign) or len(node.targets) != 1:
        return None
    target = node.targets[0].target
    return (target.value, node.value) if isinstance(target, cst.Name) else None


def _calls_own(value: cst.BaseExpression, own: set[str], data: str) -> bool:
    calls = [node for node in walk(value) if isinstance(node, cst.Call)]
    return any(
        dotted_name(call.func).partition(".")[0] in own and is_name(arg.value, data)
        for call in calls
        for arg in call.args
    )


def plain_body(method: cst.FunctionDef) -> list[cst.CSTNode]:
    """The statements of a method without its docstring."""
    body: list[cst.CSTNode] = list(method.body.body)
    return body[1:] if body and is_docstring(body[0]) else body


def is_docstring(line: cst.CSTNode) -> bool:
    """Whether a statement is a string and nothing else."""
    only = only_statement(line)
    return isinstance(only, cst.Expr) and isinstance(
        only.value, (cst.SimpleString, cst.ConcatenatedString)
    )


def only_statement(line: cst.CSTNode) -> cst.CSTNode | None:
    """The one small statement of a line, also where it stands behind a colon."""
    if isinstance(line, cst.BaseSmallStatement):
        return line
    if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
        return line.body[0]
    return None


def is_name(node: cst.CSTNode, name: str) -> bool:
    """Whether a node is this name."""
    return isinstance(node, cst.Name) and node.value == name
