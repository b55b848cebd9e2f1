"""`modfix explain`: the documentation of one rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modfix.errors import ModfixError

if TYPE_CHECKING:
    from modfix.rule import Rule


@click.command("explain")
@click.argument("code")
@click.option(
    "--output-format",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="Plain text (default), markdown, or JSON.",
)
def command(code: str, output_format: str) -> None:
    """Explain the rule CODE (its code or its name)."""
    from modfix.nearest import nearest
    from modfix.report.catalogue import explanation

    wanted = code.strip()
    names: list[str] = []
    for kinds in _doors():
        for kind in kinds:
            if wanted.upper() == kind.code or wanted.lower() == kind.name:
                click.echo(explanation(kind, output_format))
                return
            names += [kind.code, kind.name]
    raise ModfixError(f"unknown rule `{code}`", todo=nearest(code, names) or "see `modfix rules`")


def _doors() -> Iterator[Iterable[type[Rule]]]:
    """The installed rules, then those of the course in the current folder."""
    from modfix.lint.registry import rule_types

    yield rule_types()
    from modfix.config import config_for
    from modfix.lint.local_rules import rule_types_for

    yield rule_types_for(config_for(Path()))
