"""`modfix check`: the findings of modules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modfix.cli.selection import Selection, paths_argument, rule_options

if TYPE_CHECKING:
    from modfix.lint.checking import Checked
    from modfix.lint.located import Located


@click.command("check")
@paths_argument
@rule_options
@click.option(
    "--output-format",
    type=click.Choice(["concise", "json"]),
    default="concise",
    help="One line a finding (default), or a JSON array.",
)
@click.option("--strict", is_flag=True, help="Let warnings fail the run too.")
def command(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    container_strategy: str | None,
    output_format: str,
    strict: bool,
) -> None:
    """Report the defects of the modules in PATHS (default: the current folder).

    Runs no course code. Exits with 1 when there are errors, 2 when a file could not be read.
    """
    selection = Selection(paths, select, ignore, container_strategy)
    checked = _checked(selection)
    found = [finding for each in checked for finding in each.findings]
    _print(found, len(checked), output_format)
    if selection.failures.any:
        sys.exit(2)
    sys.exit(any(each.is_error or strict for each in found))


def _checked(selection: Selection) -> list[Checked]:
    """What could be checked; what could not is told."""
    from modfix.lint.checking import check_files

    done = []
    for each in check_files(selection.files(), selection.linter):
        if each.trouble is None:
            done.append(each)
        else:
            selection.failures.tell(each.trouble.error())
    return done


def _print(found: list[Located], modules: int, output_format: str) -> None:
    from modfix.report.concise import finding_line, summary
    from modfix.report.json_array import json_array

    if output_format == "json":
        click.echo(json_array(found))
        return
    for each in found:
        click.echo(finding_line(each))
    if modules:
        click.echo(summary(found, modules))
