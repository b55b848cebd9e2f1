"""`check --fix`: repairs, proves and writes; stdout is the report of what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modfix.cli.console import Console
from modfix.cli.fix_options import STDIN
from modfix.cli.fix_stdin import fix_stdin
from modfix.cli.known import Known
from modfix.cli.output import print_report
from modfix.cli.repairing import Work
from modfix.cli.selection import Selection


def check_and_fix(options: Mapping[str, Any]) -> int:
    """Repair modules and report the findings that are left; the exit code."""
    from modfix.report.report import WITH_CHANGES

    selection = Selection.of(options)
    if STDIN in selection.paths:
        return fix_stdin(selection, options)
    known = Known(selection, options["baseline"], off=options["no_baseline"])
    work = Work(selection, known, Console(aside=True, quiet=options["quiet"]), write=True)
    work.unsafe = options["unsafe_fixes"]
    work.verifies = not options["no_verify"]
    work.cached, work.jobs = not options["no_cache"], options["jobs"]
    work.changes = options["output_format"] in WITH_CHANGES
    work.over(selection.files())
    print_report(work.report(statistics=options["statistics"]), options)
    if not options["quiet"]:
        known.finish()
    return work.exit_code(options)
