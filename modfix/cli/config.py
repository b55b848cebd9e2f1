"""`modfix config`: the settings that apply to a path, and where each value comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modfix.errors import ModfixError

if TYPE_CHECKING:
    from modfix.config import Config
    from modfix.rule import Options


@click.command("config")
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option(
    "--output-format",
    type=click.Choice(["toml", "json"]),
    default="toml",
    help="TOML with the places as comments (default), or JSON.",
)
@click.option("--schema", is_flag=True, help="Print the JSON schema of the configuration instead.")
def command(path: Path, output_format: str, schema: bool) -> None:
    """Show the settings that apply to PATH (default: the current folder), value by value."""
    from modfix.config import config_for

    if schema:
        from modfix.config.schema import configuration_schema

        click.echo(
            json.dumps(
                configuration_schema(_options(config_for(path))), indent=2, ensure_ascii=False
            )
        )
        return
    if not path.exists():
        raise ModfixError("no such file or folder", where=str(path))
    click.echo(shown(config_for(path), output_format))


def shown(config: Config, output_format: str = "toml") -> str:
    """Every value of a configuration, with the place that it comes from."""
    from modfix.config.shown import toml_line, values

    found = values(config, _options(config))
    if output_format == "json":
        rows = {key: {"value": value, "from": place} for key, value, place in found}
        return json.dumps(rows, indent=2, ensure_ascii=False)
    return "\n".join(toml_line(value) for value in found)


def _options(config: Config) -> dict[str, type[Options]]:
    from modfix.lint.local_rules import rule_types_for

    return {kind.code: kind.options_type for kind in rule_types_for(config)}
