"""Containers that students write: they are the lesson, not a helper of it."""

from __future__ import annotations

from modfix.settings import Nbgrader

from ._container_shape import Container


def is_exercise(container: Container, nbgrader: Nbgrader) -> bool:
    """Whether a solution region is in a container or around it."""
    source, statement = container.cell.source, container.statement
    if nbgrader.begin_solution in source[statement.start : statement.end]:
        return True
    before = source[: statement.start]
    return before.rfind(nbgrader.begin_solution) > before.rfind(nbgrader.end_solution)
