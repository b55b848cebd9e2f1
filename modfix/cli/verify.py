"""`modfix verify`: the validation of the standard, step by step."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from modfix.cli.selection import Failures, Selection, paths_argument
from modfix.errors import ModfixError


@click.command("verify")
@paths_argument
def command(paths: tuple[Path, ...]) -> None:
    """Run the modules in PATHS (default: the current folder) through every step of validation.

    Runs course code, each step in a process of its own on a copy, with limits of time and memory.
    Exits with 1 when a step failed.
    """
    from modfix.lint.discover import read_document
    from modfix.report.verdict import StepPrinter, verdict_line
    from modfix.verify.run import verify

    selection, failures, failed = Selection(paths), Failures(), 0
    for path in selection.files():
        settings = selection.linter(path).settings
        try:
            document = read_document(path)
            click.echo(click.style(str(path), bold=True))
            with StepPrinter() as printer:
                verdict = verify(document, settings, on_step=printer.on_step)
            click.echo(verdict_line(verdict))
            failed += not verdict.passed
        except ModfixError as error:
            failures.tell(error)
    sys.exit(2 if failures.count else int(failed > 0))
