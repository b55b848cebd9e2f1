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
    """List the rules, the course's own too: code, name, severity, fix and what each finds."""
    from modfix.lint.code_state import derived
    from modfix.lint.course_root import may_have_local_rules
    from modfix.lint.registry import catalogue

    if may_have_local_rules("."):
        click.echo(_table_here(output_format))
        return

    def installed() -> str:
        from modfix.lint.registry import rule_types
        from modfix.report.catalogue import rule_table

        return rule_table(rule_types(), output_format)

    click.echo(derived(f"rules-{output_format}", catalogue().digest, str, installed))


def _table_here(output_format: str) -> str:
    from pathlib import Path

    from modfix.config import config_for
    from modfix.lint.local_rules import rule_types_for
    from modfix.report.catalogue import rule_table

    return rule_table(rule_types_for(config_for(Path())), output_format)
