"""What the decorators of a definition say about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modfix.rule import Statement

from ..run._effects import called_name

if TYPE_CHECKING:
    import libcst as cst


def decorator_names(statement: Statement) -> tuple[str, ...]:
    """The last name of each decorator of a function or class: `b` for `@a.b` and `@a.b(…)`."""
    decorators = statement.node.decorators  # type: ignore[attr-defined]  # FunctionDef, ClassDef
    return tuple(_last_name(each.decorator) for each in decorators)


def _last_name(node: cst.BaseExpression) -> str:
    import libcst as cst

    call = node if isinstance(node, cst.Call) else cst.Call(node)
    return called_name(call).rpartition(".")[2]
