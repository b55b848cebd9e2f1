"""What a person sees of a repair: the diff, and which fixes cannot be made in a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from modfix.errors import one_line
from modfix.report.progress import wipe

if TYPE_CHECKING:
    from modfix.fix.halves import Half
    from modfix.fix.rounds import Repair


def changed_files(repair: Repair) -> list[Repair | Half]:
    """The files that a repair changes: the module and the other half of its pair."""
    return [repair] if repair.half is None else [repair, repair.half]


def show_diff(repair: Repair) -> None:
    """Print the diff of a repair."""
    from modfix.report.diff import coloured_diff, unified_diff

    for each in changed_files(repair):
        diff = unified_diff(each.before, each.after)
        if sys.stdout.isatty():
            text = diff.decode(each.before.source.encoding, "replace")
            click.echo(coloured_diff(text), nl=False)
        else:  # bytes: a patch applies only to the very bytes of the file
            click.echo(diff, nl=False)


def tell_obstacles(repair: Repair) -> None:
    """One line a reason on stderr: which fixes are not made in this file, and why."""
    from modfix.report.concise import counted

    codes: dict[str, list[str]] = {}
    for finding in repair.left:
        if finding.fix is not None and finding.fix.obstacle:
            codes.setdefault(finding.fix.obstacle, []).append(finding.code)
    path = one_line(str(repair.before.path))
    for reason, found in codes.items():
        wipe()
        fixes = f"{counted(len(found), 'repair')} of {', '.join(sorted(set(found)))}"
        click.echo(f"{path}: {fixes} not made: {reason}", err=True)
