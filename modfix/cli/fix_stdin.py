"""`fix -`: a module from standard input, its repaired text on standard output."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modfix.cli.console import Console
from modfix.cli.known import Known
from modfix.cli.output import print_report, read_stdin
from modfix.cli.repairing import Work
from modfix.cli.selection import Selection
from modfix.errors import ModfixError

if TYPE_CHECKING:
    from modfix.fix.rounds import Repair


def fix_stdin(selection: Selection, options: Mapping[str, Any]) -> int:
    """Repair what standard input holds; the exit code is that of a check of the result.

    Whatever goes wrong, the text comes out again, as it was. With --verify it is proven first, in
    the folder of --stdin-filename; what is not proven comes out as it was.
    """
    if len(selection.paths) > 1:
        raise ModfixError("`-` stands for standard input and for nothing else beside it")
    data = read_stdin()
    name = options["stdin_filename"] or Path("stdin.py")
    work, repair = _work(selection, options), None
    with selection.failures.going_on():
        repair = _repaired(work, name, data)
    if not work.shows:
        sys.stdout.buffer.write(repair.after.to_bytes() if repair else data)
        sys.stdout.buffer.flush()
    print_report(work.report(statistics=options.get("statistics", False)), options, err=True)
    return work.exit_code(options)


def _work(selection: Selection, options: Mapping[str, Any]) -> Work:
    from modfix.report.report import WITH_CHANGES

    known = Known(selection, options.get("baseline"), off=options.get("no_baseline", False))
    work = Work(selection, known, Console(aside=True, quiet=options["quiet"]))
    work.shows = options.get("diff", False)
    work.unsafe = options["unsafe_fixes"]
    work.verifies = options.get("verify", False)
    work.cached = not options.get("no_cache", False)
    work.changes = options["output_format"] in WITH_CHANGES
    return work


def _repaired(work: Work, name: Path, data: bytes) -> Repair | None:
    """The repair that may be printed, or None where there is none."""
    from modfix.document.document import Document

    document = Document.from_bytes(name, data)
    plan = work.planned(work.planner.read(document, work.selection.linter(name)))
    return None if plan is None else work.carry_out(plan)
