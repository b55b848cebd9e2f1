"""`modfix fix`: the repair of modules, shown or, once it is proven, written."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modfix.cli.known import Known
from modfix.cli.selection import Selection, paths_argument, rule_options, sandbox_option
from modfix.errors import ModfixError, one_line

if TYPE_CHECKING:
    from modfix.fix.halves import Half
    from modfix.fix.proof import Proof
    from modfix.fix.rounds import Repair
    from modfix.lint.linter import Linter
    from modfix.settings import Settings


@click.command("fix")
@paths_argument
@rule_options
@click.option("--write", is_flag=True, help="Write what was proven; without it nothing is written.")
@click.option("--diff", is_flag=True, help="Print the diff and nothing else; runs no course code.")
@click.option("--unsafe-fixes", is_flag=True, help="Make the fixes that change behaviour too.")
@click.option("--no-verify", is_flag=True, help="Do not run the repaired modules.")
@sandbox_option
def command(**options: Any) -> None:
    """Repair the modules in PATHS (default: the current folder).

    Shows the diff and the verdict of running the repaired modules, and exits with 1 when there is
    something to fix. With --write a module is replaced only after its repaired text has passed
    every step that the original passes; otherwise it keeps every byte.
    """
    write, diff = options["write"], options["diff"]
    if diff and write:
        raise ModfixError(
            "--diff shows and --write writes; take one of them",
            todo="`modfix fix --diff` for the diff alone, `modfix fix` for diff and verdict",
        )
    selection = Selection.of(options)
    work = Work(Known(selection), write=write, only_diff=diff, unsafe=options["unsafe_fixes"])
    work.verifies = not (options["no_verify"] or diff)
    for path in selection.files():
        with selection.failures.going_on():
            work.on(path, selection.linter(path))
    code = work.finish()
    sys.exit(2 if selection.failures.any else code)


@dataclass
class Work:
    """One run of `fix` over files: what was asked for, and what came of it."""

    known: Known
    write: bool
    only_diff: bool
    unsafe: bool
    verifies: bool = True
    modules: int = 0
    fixed: int = 0
    left: int = 0
    errors_left: int = 0
    refused: int = 0
    unverified: int = 0

    def on(self, path: Path, linter: Linter) -> None:
        """Repair one module file."""
        from modfix.fix.halves import OutOfStep
        from modfix.fix.rounds import repair_with
        from modfix.lint.discover import read_document
        from modfix.lint.linter import wanted

        if self.write:
            _clear_up(path.resolve().parent)
        document = read_document(path)
        self.modules += 1
        try:
            repair = repair_with(linter, document, lambda each: wanted(each, unsafe=self.unsafe))
        except OutOfStep as error:
            self._refuse(error, len(linter.findings(document)))
            return
        _tell_obstacles(repair)
        if not repair.changed or self._carried_out(repair, linter):
            self._count(repair)
        else:
            self.refused += 1
            self.left += len(linter.findings(repair.before))

    def _refuse(self, error: ModfixError, left: int) -> None:
        refused = click.style("refused", fg="red", bold=True)
        click.echo(f"{refused}: {error}", err=True)
        self.refused += 1
        self.left += left

    def _carried_out(self, repair: Repair, linter: Linter) -> bool:
        """Show, prove and, where that is asked for, write a repair; whether it was proven."""
        from modfix.fix.transaction import require_writable

        if self.write:
            for each in _files(repair):
                _clear_up(each.before.path.resolve().parent)
                require_writable(each.before.path)
        self._show(repair)
        if not self._proven(repair, linter.settings):
            return False
        self._write(repair)
        return True

    def _show(self, repair: Repair) -> None:
        from modfix.report.diff import coloured_diff, unified_diff

        if self.write:
            return
        for each in _files(repair):
            diff = unified_diff(each.before, each.after)
            if sys.stdout.isatty():
                text = diff.decode(each.before.source.encoding, "replace")
                click.echo(coloured_diff(text), nl=False)
            else:  # bytes: a patch applies only to the very bytes of the file
                click.echo(diff, nl=False)

    def _proven(self, repair: Repair, settings: Settings) -> bool:
        if not self.verifies:
            return True
        from modfix.fix.proof import prove
        from modfix.report.verdict import StepPrinter
        from modfix.verify.sandbox import sandbox_for

        apart = f"(sandbox: {sandbox_for(settings.verify.sandbox)})"
        click.echo(f"{one_line(str(repair.before.path))}: running the repaired module {apart}")
        with StepPrinter() as printer:
            proof = prove(repair, settings, printer.on_step)
        self._explain(repair, proof)
        return proof.holds

    def _explain(self, repair: Repair, proof: Proof) -> None:
        path = one_line(str(repair.before.path))
        refused = click.style("refused", fg="red", bold=True)
        if proof.nothing_ran:
            click.echo(f"{refused}: {path}: every step was skipped, so nothing is proven", err=True)
        elif not proof.holds:
            names = ", ".join(f"`{step.title}`" for step in proof.worse)
            kept = "the original keeps every byte" if self.write else "nothing would be written"
            click.echo(f"{refused}: {path}: the repair makes {names} fail; {kept}", err=True)
        elif not proof.verdict.passed:
            self.unverified += 1
            failed = [step.title for step in proof.verdict.steps if step.outcome == "failed"]
            names = ", ".join(f"`{title}`" for title in failed)
            click.echo(f"{path}: {names} failed before the repair too and could prove nothing")

    def _write(self, repair: Repair) -> None:
        if not self.write:
            return
        from modfix.fix.transaction import Change, replace_file, replace_pair

        changes = [
            Change(each.before.path, each.before.to_bytes(), each.after.to_bytes())
            for each in _files(repair)
        ]
        if len(changes) == 1:
            replace_file(changes[0].path, changes[0].before, changes[0].after)
        else:
            replace_pair(changes[0], changes[1])

    def _count(self, repair: Repair) -> None:
        from modfix.lint.located import located
        from modfix.report.concise import finding_line

        self.fixed += len(repair.fixed)
        found = self.known.unknown(repair.after.path, located(repair.after, repair.left))
        self.left += len(found)
        self.errors_left += sum(each.is_error for each in found)
        if self.write:
            for each in found:
                click.echo(finding_line(each))

    def finish(self) -> int:
        """Print the summary and give the exit code."""
        from modfix.report.concise import counted

        if not self.only_diff and self.modules:
            verb = "Fixed" if self.write else "Would fix"
            modules = counted(self.modules, "module")
            click.echo(f"{verb} {counted(self.fixed, 'finding')} in {modules}; {self.left} left.")
        if self.refused or self.unverified or (self.fixed and not self.write):
            return 1
        return int(self.errors_left > 0)


def _files(repair: Repair) -> list[Repair | Half]:
    """The files that a repair changes: the module and the other half of its pair."""
    return [repair] if repair.half is None else [repair, repair.half]


def _tell_obstacles(repair: Repair) -> None:
    """One line a reason on stderr: which fixes are not made in this file, and why."""
    from modfix.report.concise import counted

    codes: dict[str, list[str]] = {}
    for finding in repair.left:
        if finding.fix is not None and finding.fix.obstacle:
            codes.setdefault(finding.fix.obstacle, []).append(finding.code)
    path = one_line(str(repair.before.path))
    for reason, found in codes.items():
        fixes = f"{counted(len(found), 'repair')} of {', '.join(sorted(set(found)))}"
        click.echo(f"{path}: {fixes} not made: {reason}", err=True)


@cache
def _clear_up(folder: Path) -> None:
    """Remove, once, what killed runs left in a folder and in that of temporary files."""
    from modfix.fix.transaction import remove_stale
    from modfix.verify.scratch import remove_stale_scratch

    remove_stale(folder)
    remove_stale_scratch()
