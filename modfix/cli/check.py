"""`modfix check`: the findings of modules."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from modfix.cli.selection import Failures, Selection, paths_argument, rule_options
from modfix.errors import ModfixError


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
    from modfix.lint.discover import read_document
    from modfix.report.concise import finding_line, summary
    from modfix.report.json_array import json_array
    from modfix.report.located import Located, located

    selection = Selection(paths, select, ignore, container_strategy)
    files, failures = selection.files(), Failures()
    found: list[Located] = []
    for path in files:
        linter = selection.linter(path)
        try:
            document = read_document(path)
            found += located(document, linter.findings(document))
        except ModfixError as error:
            failures.tell(error)
    if output_format == "json":
        click.echo(json_array(found))
    else:
        for each in found:
            click.echo(finding_line(each))
        if len(files) > failures.count:
            click.echo(summary(found, len(files) - failures.count))
    if failures.count:
        sys.exit(2)
    sys.exit(any(each.is_error or strict for each in found))
