"""`modfix release`: what students get of modules, shown or written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modfix.cli.selection import Selection, paths_argument
from modfix.errors import ModfixError

if TYPE_CHECKING:
    from modfix.release.release import Release
    from modfix.release.writing import Target


@click.command("release")
@paths_argument
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE|FOLDER",
    help="Write the release there; without it nothing is written.",
)
@click.option(
    "--to",
    "suffix",
    type=click.Choice(["py", "ipynb"]),
    help="The format in an output folder (default: that of the module).",
)
@click.option("--force", is_flag=True, help="Replace an earlier release.")
@click.option("--diff", is_flag=True, help="Print the diff from the module to its release.")
@click.option("--strict", is_flag=True, help="Let warnings hold a release back too.")
def command(
    paths: tuple[Path, ...],
    output: Path | None,
    suffix: str | None,
    force: bool,
    diff: bool,
    strict: bool,
) -> None:
    """Make the students' version of the modules in PATHS (default: the current folder).

    Clears solutions, hidden tests and mark schemes as nbgrader does, without nbgrader, and runs no
    course code. Tells everything that nbgrader would refuse and that would break or leak, and
    then writes nothing. Exits with 1 when a release is held back, 2 when a file could not be read.
    """
    if output is None and (force or suffix):
        raise ModfixError("--force and --to are for --output", todo="name a file or a folder")
    if output is not None and not str(output).strip("."):
        raise ModfixError("the output is the current folder", where="--output", todo="name another")
    selection = Selection(paths)
    files = selection.files()
    places = _places(files, paths, output, suffix)
    held = 0
    for path in files:
        with selection.failures.going_on():
            release = _release(selection, path)
            held += not _carried_out(release, places.get(path), force, diff, strict)
    sys.exit(2 if selection.failures.any else int(held > 0))


def _places(
    files: list[Path], paths: tuple[Path, ...], output: Path | None, suffix: str | None
) -> dict[Path, Target]:
    """Where the release of each module is written; none without an output."""
    from modfix.release.writing import targets

    if output is None:
        return {}
    found = targets(files, paths or (Path(),), output, f".{suffix}" if suffix else None)
    return {target.module: target for target in found}


def _release(selection: Selection, path: Path) -> Release:
    from modfix.lint.discover import read_document
    from modfix.release.release import release_of

    return release_of(read_document(path), selection.linter(path).settings)


def _carried_out(
    release: Release, target: Target | None, force: bool, diff: bool, strict: bool
) -> bool:
    """Show and, where that is asked for, write a release; whether it was not held back."""
    from modfix.release.writing import require_free, write_release
    from modfix.report.release import problem_lines, summary_table, verdict

    if target is not None:
        require_free(target, force=force)
    if diff:
        _show(release)
    for line in problem_lines(release):
        click.echo(line)
    click.echo(summary_table(release))
    click.echo(f"  {verdict(release)}")
    if not release.holds or (strict and release.problems):
        return False
    if target is not None:
        write_release(target, release.data(target.path.suffix), force=force)
        click.echo(f"  written to {target.path}")
    return True


def _show(release: Release) -> None:
    from modfix.report.diff import coloured_diff, unified_diff

    before = release.version.document
    diff = unified_diff(before, release.document)
    if sys.stdout.isatty():
        text = diff.decode(before.source.encoding, "replace")
        click.echo(coloured_diff(text), nl=False)
    else:  # bytes: a patch applies only to the very bytes of the file
        click.echo(diff, nl=False)
