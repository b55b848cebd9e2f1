"""`modfix explain`: the documentation of one rule."""

from __future__ import annotations

from functools import partial

import click

from modfix.cli.options import codes_that_begin
from modfix.errors import ModfixError


@click.command("explain")
@click.argument("code", shell_complete=codes_that_begin)
@click.option(
    "--output-format",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="Plain text (default), markdown, or JSON.",
)
def command(code: str, output_format: str) -> None:
    """Explain the rule CODE (its code or its name)."""
    from modfix.lint.code_state import derived
    from modfix.lint.registry import catalogue

    known, wanted = catalogue(), code.strip()
    for rule in known.rules:
        if wanted.upper() == rule.code or wanted.lower() == rule.name:
            name, kind = f"explained-{output_format}", dict[str, str]
            texts = derived(name, known.digest, kind, partial(_explanations, output_format))
            click.echo(texts[rule.code])
            return
    click.echo(_of_the_course(code, output_format))


def _explanations(output_format: str) -> dict[str, str]:
    """The documentation of every installed rule, by code."""
    from modfix.lint.registry import rule_types
    from modfix.report.catalogue import explanation

    return {kind.code: explanation(kind, output_format) for kind in rule_types()}


def _of_the_course(code: str, output_format: str) -> str:
    """The documentation of a rule of the course in the current folder."""
    from pathlib import Path

    from modfix.config import config_for
    from modfix.lint.local_rules import rule_types_for
    from modfix.nearest import nearest
    from modfix.report.catalogue import explanation

    kinds = rule_types_for(config_for(Path()))
    wanted = code.strip()
    for kind in kinds:
        if wanted.upper() == kind.code or wanted.lower() == kind.name:
            return explanation(kind, output_format)
    names = [name for kind in kinds for name in (kind.code, kind.name)]
    raise ModfixError(f"unknown rule `{code}`", todo=nearest(code, names) or "see `modfix rules`")
