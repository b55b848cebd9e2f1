"""`modfix fix`: the repair of modules, shown or, once it is proven, written."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

from modfix.cli.console import Console
from modfix.cli.fix_options import (
    STDIN,
    changed_option,
    contradiction,
    no_cache_option,
    no_verify_option,
    unsafe_option,
)
from modfix.cli.known import Known
from modfix.cli.options import jobs_option
from modfix.cli.output import print_report, report_options, stdin_filename_option
from modfix.cli.repairing import Work
from modfix.cli.selection import Selection, paths_argument, rule_options, sandbox_option
from modfix.errors import ModfixError


@click.command("fix")
@paths_argument
@rule_options
@click.option("--write", is_flag=True, help="Write what was proven; without it nothing is written.")
@click.option("-i", "--interactive", is_flag=True, help="Ask about each fix; then as --write.")
@click.option("--diff", is_flag=True, help="Print the diff and nothing else; runs no course code.")
@unsafe_option
@no_verify_option
@sandbox_option
@no_cache_option
@jobs_option
@click.option("--verify", is_flag=True, help="Run what `-` reads too (files are run by default).")
@stdin_filename_option
@changed_option
@report_options
def command(**options: Any) -> None:
    """Repair the modules in PATHS (default: the current folder; `-`: stdin to stdout).

    Shows the verdict of running the repaired modules and the diff that holds, and exits with 1 when
    there is something to fix. With --write a module is replaced only after its repaired text has
    passed every step that the original passes; otherwise it keeps every byte. Where the fixes of a
    rule are to blame for a step, the others are written without them.
    """
    contradiction(options)
    asked = click.get_current_context().get_parameter_source("output_format")
    if asked is ParameterSource.ENVIRONMENT and not (options["write"] or options["interactive"]):
        options["output_format"] = "concise"  # the variable is for reports, and this is a diff
    selection = Selection.of(options)
    if STDIN in selection.paths:
        from modfix.cli.fix_stdin import fix_stdin

        sys.exit(fix_stdin(selection, options))
    work = _work(selection, options)
    work.over(selection.files())
    _finish(work, options)
    sys.exit(work.exit_code(options))


def _work(selection: Selection, options: Mapping[str, Any]) -> Work:
    from modfix.report.report import WITH_CHANGES

    name, diff = options["output_format"], options["diff"]
    writes = options["write"] or options["interactive"]
    if name != "concise" and not writes:
        raise ModfixError(
            f"--output-format {name} is for what --write leaves; without it a diff is shown",
            todo="add --write, or take `modfix check`",
        )
    work = Work(selection, Known(selection), Console(name != "concise", options["quiet"]))
    work.write, work.shows = writes, not writes
    work.unsafe = options["unsafe_fixes"]
    work.verifies = not (options["no_verify"] or diff)
    work.cached, work.jobs = not options["no_cache"], options["jobs"]
    work.lists = writes and name == "concise"
    work.changes = name in WITH_CHANGES
    if options["interactive"]:
        from modfix.cli.interactive import Dialogue

        work.dialogue = Dialogue(aside=name != "concise")
    return work


def _finish(work: Work, options: Mapping[str, Any]) -> None:
    """Print the summary, or the report that is asked for."""
    if options["output_format"] != "concise":
        print_report(work.report(), options)
    elif work.modules and not options["diff"]:
        work.console.say(work.summary())
