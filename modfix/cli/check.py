"""`modfix check`: the findings of modules."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modfix.cli.output import exit_code, exit_options, output_options, print_report, read_stdin
from modfix.cli.selection import Selection, paths_argument, rule_options
from modfix.errors import ModfixError, one_line

if TYPE_CHECKING:
    from modfix.document.document import Document
    from modfix.lint.checking import Checked

STDIN = Path("-")


@click.command("check")
@paths_argument
@rule_options
@output_options
@exit_options
@click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path),
    help="The name of the module that `-` reads from standard input.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    help="The baseline to use (default: the one that applies).",
)
@click.option("--no-baseline", is_flag=True, help="Report known findings too.")
@click.option("--show-settings", is_flag=True, help="Show the settings of PATHS and stop.")
@click.option("-w", "--watch", is_flag=True, help="Check again whenever a file changes.")
@click.option("--add-config", is_flag=True, help="Write a first modfix.toml and stop.")
@click.option("--add-hook", is_flag=True, help="Write a first pre-commit hook and stop.")
def command(**options: Any) -> None:
    """Report the defects of the modules in PATHS (default: the current folder; `-`: stdin).

    Runs no course code. Exits with 1 when there are errors, 2 when a file could not be read.
    """
    selection = Selection.of(options)
    if options["add_config"] or options["add_hook"]:
        _add_first(selection, options)
        sys.exit(2 if selection.failures.any else 0)
    if options["show_settings"]:
        _show_settings(selection)
        return
    if options["watch"]:
        from modfix.cli.watch import watch

        watch(selection.paths or [Path()], lambda: _run(Selection.of(options), options))
        return
    sys.exit(_run(selection, options))


def _run(selection: Selection, options: Mapping[str, Any]) -> int:
    """Check and report once; the exit code."""
    try:
        modules = _checked(selection, options)
        found = _report(selection, modules, options)
    except ModfixError as error:
        if not options["watch"]:
            raise
        selection.failures.tell(error)
        return 2
    return 2 if selection.failures.any else found


def _add_first(selection: Selection, options: Mapping[str, Any]) -> None:
    from modfix.cli.first import add_config, add_hook

    if options["add_config"]:
        add_config(selection)
    if options["add_hook"]:
        add_hook()


def _show_settings(selection: Selection) -> None:
    from modfix.cli.config import shown

    for path in selection.paths or [Path()]:
        click.echo(shown(selection.config(path)))


def _checked(selection: Selection, options: Mapping[str, Any]) -> list[Checked]:
    """What could be checked; what could not is told."""
    from modfix.cli.checked import checked_modules
    from modfix.report.report import WITH_CHANGES

    changes = options["output_format"] in WITH_CHANGES
    if STDIN in selection.paths:
        return [_from_stdin(selection, options["stdin_filename"], changes)]
    modules = checked_modules(selection, changes=changes)
    for each in modules if options["verbose"] else ():
        click.echo(f"{one_line(each.path)}: checked", err=True)
    return modules


def _from_stdin(selection: Selection, name: Path | None, changes: bool) -> Checked:
    from modfix.document.document import Document
    from modfix.lint.checking import check_document

    if len(selection.paths) > 1:
        raise ModfixError("`-` stands for standard input and for nothing else beside it")
    document = Document.from_bytes(name or Path("stdin.py"), read_stdin())
    selection.stdin = document
    return check_document(document, selection.linter(document.path), changes=changes)


def _report(selection: Selection, modules: list[Checked], options: Mapping[str, Any]) -> int:
    """Print what the baseline does not know; the exit code for it."""
    from modfix.cli.known import Known
    from modfix.report.report import Report

    known = Known(selection, options["baseline"], off=options["no_baseline"])
    found = [f for each in modules for f in known.unknown(Path(each.path), each.findings)]
    report = Report(
        findings=found,
        modules=[each.path for each in modules],
        read=lambda path: _document(selection, path),
        known=known.count,
        statistics=options["statistics"],
    )
    print_report(report, options)
    if not options["quiet"]:
        known.finish()
    return exit_code(found, options)


def _document(selection: Selection, path: str) -> Document:
    from modfix.lint.discover import read_document

    return selection.stdin or read_document(Path(path))
