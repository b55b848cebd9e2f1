"""`modfix baseline`: today's findings, so that only new ones fail."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from modfix.cli.selection import Selection, paths_argument, rule_options


@click.command("baseline")
@paths_argument
@rule_options
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    help="The baseline (default: the one that applies, else .modfix-baseline.json).",
)
@click.option("--prune", is_flag=True, help="Only take out what no longer applies.")
def command(**options: Any) -> None:
    """Record the findings of the modules in PATHS (default: the current folder).

    From then on `check` and `fix` report only findings that are not among them. A finding is
    known by its text, not by its line. Entries of modules outside of PATHS stay as they are.
    """
    selection = Selection.of(options)
    if options["prune"]:
        _prune(selection, options["file"])
    else:
        _record(selection, options["file"])
    sys.exit(2 if selection.failures.any else 0)


def _prune(selection: Selection, file: Path | None) -> None:
    from modfix.cli.checked import checked_modules
    from modfix.cli.known import Known

    known = Known(selection, file)
    for each in checked_modules(selection):
        known.unknown(Path(each.path), each.findings)
    known.finish(prune=True)


def _record(selection: Selection, file: Path | None) -> None:
    from modfix.cli.checked import checked_modules
    from modfix.cli.known import Known, default_file, shown_file, write_baseline
    from modfix.lint.baseline import Baseline, baseline_text, read_baseline, recorded
    from modfix.report.concise import counted

    done = checked_modules(selection)
    known = Known(selection, file)
    first = Path(done[0].path) if done else Path()
    target = known.file_of(first) or default_file(selection)
    baseline = read_baseline(target) if target.exists() else Baseline(target)
    found = [(Path(each.path), finding) for each in done for finding in each.findings]
    baseline.checked |= {baseline.name_of(Path(each.path)) for each in done}
    entries = recorded(baseline, found)
    write_baseline(target, baseline_text(entries))
    what = counted(sum(entry.count for entry in entries), "finding")
    click.echo(f"Recorded {what} of {counted(len(done), 'module')} in {shown_file(target)}.")
