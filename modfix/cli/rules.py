"""`modfix rules`: the list of rules."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("rules")
@click.option(
    "--output-format",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="A table (default), a markdown table, or JSON.",
)
def command(output_format: str) -> None:
    """List the rules, the course's own too: code, name, severity, fix and what each finds."""
    from modfix.config import config_for
    from modfix.lint.local_rules import rule_types_for
    from modfix.report.catalogue import rule_table

    click.echo(rule_table(rule_types_for(config_for(Path())), output_format))
