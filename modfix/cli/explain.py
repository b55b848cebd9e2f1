"""`modfix explain`: the documentation of one rule."""

from __future__ import annotations

import click

from modfix.errors import ModfixError


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
    from modfix.lint.registry import rule_types
    from modfix.nearest import nearest
    from modfix.report.catalogue import explanation

    wanted = code.strip()
    for kind in rule_types():
        if wanted.upper() == kind.code or wanted.lower() == kind.name:
            click.echo(explanation(kind, output_format))
            return
    names = [name for kind in rule_types() for name in (kind.code, kind.name)]
    raise ModfixError(f"unknown rule `{code}`", todo=nearest(code, names) or "see `modfix rules`")
