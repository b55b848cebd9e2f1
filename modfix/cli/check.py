"""`modfix check`: the findings of modules."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modfix.cli.failures import Failures
from modfix.cli.fix_options import (
    STDIN,
    changed_option,
    no_verify_option,
    require_fix,
    unsafe_option,
)
from modfix.cli.options import jobs_option, paths_argument, rule_options, sandbox_option
from modfix.cli.output import (
    exit_code,
    exit_options,
    output_options,
    print_report,
    read_stdin,
    stdin_filename_option,
)
from modfix.errors import ModfixError, one_line
from modfix.timing import lap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from modfix.cli.known import Known
    from modfix.cli.selection import Selection
    from modfix.document.document import Document
    from modfix.lint.checked import Checked, Located


@click.command("check")
@paths_argument
@rule_options
@output_options
@exit_options
@click.option("--fix", is_flag=True, help="Repair, prove and write first; report what is left.")
@unsafe_option
@no_verify_option
@sandbox_option
@changed_option
@stdin_filename_option
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    help="The baseline to use (default: the one that applies).",
)
@click.option("--no-baseline", is_flag=True, help="Report known findings too.")
@jobs_option
@click.option("--no-cache", is_flag=True, help="Check every module anew, and remember nothing.")
@click.option("--timing", is_flag=True, help="Say where the time went, by phase and by rule.")
@click.option("--show-settings", is_flag=True, help="Show the settings of PATHS and stop.")
@click.option("-w", "--watch", is_flag=True, help="Check again whenever a file changes.")
@click.option("--add-config", is_flag=True, help="Write a first modfix.toml and stop.")
@click.option("--add-hook", is_flag=True, help="Write a first pre-commit hook and stop.")
def command(**options: Any) -> None:
    """Report the defects of the modules in PATHS (default: the current folder; `-`: stdin).

    Runs no course code, but for --fix, which proves what it writes. Exits with 1 when there are
    errors, 2 when a file could not be read.
    """
    require_fix(options)
    if options["add_config"] or options["add_hook"] or options["show_settings"]:
        sys.exit(_instead(options))
    if options["watch"]:
        from modfix.cli.watch import watch

        watch(options["paths"] or [Path()], lambda: _run(options))
        return
    sys.exit(_run(options))


def _instead(options: Mapping[str, Any]) -> int:
    """What is asked for in the place of a check; the exit code."""
    from modfix.cli.selection import Selection

    selection = Selection.of(options)
    if options["show_settings"]:
        _show_settings(selection)
    else:
        _add_first(selection, options)
    return 2 if selection.failures.any else 0


def _run(options: Mapping[str, Any]) -> int:
    """Check and report once; the exit code."""
    if options["fix"]:
        from modfix.cli.check_fix import check_and_fix

        return check_and_fix(options)
    from modfix import timing

    watch = timing.start() if options["timing"] else None
    try:
        code = _checked(options)
    except ModfixError as error:
        if not options["watch"]:
            raise
        Failures().tell(error)
        return 2
    if watch is not None:
        from modfix.report.timing import timing_table

        click.echo(timing_table(watch), err=True)
    return code


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


def _checked(options: Mapping[str, Any]) -> int:
    """Check what is asked for and report it; the exit code."""
    from modfix.cli.answer import Answer
    from modfix.report.report import WITH_CHANGES

    changes = options["output_format"] in WITH_CHANGES
    if STDIN in options["paths"]:
        return _check_stdin(options, changes)
    answer = Answer(options, changes=changes)
    for each in answer.modules if options["verbose"] else ():
        click.echo(f"{one_line(each.path)}: checked", err=True)
    code = _report(answer.modules, options, lambda: answer.selection, answer.baselines)
    return 2 if answer.failed else code


def _check_stdin(options: Mapping[str, Any], changes: bool) -> int:
    from modfix.cli.selection import Selection

    selection = Selection.of(options)
    checked = _from_stdin(selection, options["stdin_filename"], changes)
    return _report([checked], options, lambda: selection, baselines=True)


def _from_stdin(selection: Selection, name: Path | None, changes: bool) -> Checked:
    from modfix.document.document import Document
    from modfix.lint.checking import check_document

    if len(selection.paths) > 1:
        raise ModfixError("`-` stands for standard input and for nothing else beside it")
    document = Document.from_bytes(name or Path("stdin.py"), read_stdin())
    selection.stdin = document
    return check_document(document, selection.linter(document.path), changes=changes)


def _report(
    modules: Sequence[Checked],
    options: Mapping[str, Any],
    selection: Callable[[], Selection],
    baselines: bool,
) -> int:
    """Print what no baseline knows; the exit code for it."""
    from modfix.report.report import Report

    known = _known(options, selection, baselines)
    found = [finding for each in modules for finding in _unknown(each, known)]
    report = Report(
        findings=found,
        modules=[each.path for each in modules],
        read=lambda path: _document(selection(), path),
        known=known.count if known else 0,
        statistics=options["statistics"],
    )
    with lap("output"):
        print_report(report, options)
    if known and not options["quiet"]:
        known.finish()
    return exit_code(found, options)


def _known(
    options: Mapping[str, Any], selection: Callable[[], Selection], baselines: bool
) -> Known | None:
    """The baselines that apply. PERF: where there is none, nothing is imported for them."""
    if options["no_baseline"] or not (baselines or options["baseline"]):
        return None
    from modfix.cli.known import Known

    return Known(selection(), options["baseline"])


def _unknown(checked: Checked, known: Known | None) -> Sequence[Located]:
    found = checked.findings
    return known.unknown(Path(checked.path), found) if known else found


def _document(selection: Selection, path: str) -> Document:
    from modfix.lint.discover import read_document

    return selection.stdin or read_document(Path(path))
