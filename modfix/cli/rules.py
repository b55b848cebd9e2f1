"""`modfix rules`: the list of rules."""

from __future__ import annotations

import click


@click.command("rules")
@click.option(
    "--output-format",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="A table (default), a markdown table, or JSON.",
)
def command(output_format: str) -> None:
    """List the rules: code, name, severity, fix and what each finds."""
    from modfix.lint.registry import rule_types
    from modfix.report.catalogue import rule_table

    click.echo(rule_table(rule_types(), output_format))
