"""`modfix fix`: the repair of modules, shown or, once it is proven, written."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modfix.cli.selection import Failures, Selection, paths_argument, rule_options
from modfix.errors import ModfixError

if TYPE_CHECKING:
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
def command(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    container_strategy: str | None,
    write: bool,
    diff: bool,
    unsafe_fixes: bool,
    no_verify: bool,
) -> None:
    """Repair the modules in PATHS (default: the current folder).

    Shows the diff and the verdict of running the repaired modules, and exits with 1 when there is
    something to fix. With --write a module is replaced only after its repaired text has passed
    every step that the original passes; otherwise it keeps every byte.
    """
    selection = Selection(paths, select, ignore, container_strategy)
    work = Work(write=write, only_diff=diff and not write, unsafe=unsafe_fixes)
    work.show_diff = diff or not write
    work.verifies = not no_verify and not work.only_diff
    for path in selection.files():
        linter = selection.linter(path)
        try:
            work.on(path, linter)
        except ModfixError as error:
            work.failures.tell(error)
    sys.exit(work.finish())


@dataclass
class Work:
    """One run of `fix` over files: what was asked for, and what came of it."""

    write: bool
    only_diff: bool
    unsafe: bool
    show_diff: bool = True
    verifies: bool = True
    failures: Failures = field(default_factory=Failures)
    modules: int = 0
    fixed: int = 0
    left: int = 0
    errors_left: int = 0
    refused: int = 0

    def on(self, path: Path, linter: Linter) -> None:
        """Repair one module file."""
        from modfix.fix.rounds import repair_with
        from modfix.fix.transaction import require_writable
        from modfix.lint.discover import read_document
        from modfix.lint.linter import wanted

        repair = repair_with(
            linter, read_document(path), lambda finding: wanted(finding, unsafe=self.unsafe)
        )
        self.modules += 1
        if repair.changed:
            if self.write:
                require_writable(path)
            self._show(repair)
            if not self._proven(repair, linter.settings):
                self.refused += 1
                return
            self._write(repair)
        self._count(repair)

    def _show(self, repair: Repair) -> None:
        from modfix.report.diff import coloured_diff, unified_diff

        if self.show_diff:
            click.echo(coloured_diff(unified_diff(repair.before, repair.after)), nl=False)

    def _proven(self, repair: Repair, settings: Settings) -> bool:
        if not self.verifies:
            return True
        from modfix.fix.proof import prove
        from modfix.report.verdict import StepPrinter

        click.echo(f"{repair.before.path}: running the repaired module")
        with StepPrinter() as printer:
            proof = prove(repair, settings, printer.on_step)
        self._explain(repair, proof)
        return proof.holds

    def _explain(self, repair: Repair, proof: Proof) -> None:
        path = repair.before.path
        if not proof.holds:
            names = ", ".join(f"`{step.title}`" for step in proof.worse)
            kept = "the original keeps every byte" if self.write else "nothing would be written"
            click.echo(
                f"{click.style('refused', fg='red', bold=True)}: {path}: "
                f"the repair makes {names} fail; {kept}",
                err=True,
            )
        elif not proof.verdict.passed:
            failed = [step.title for step in proof.verdict.steps if step.outcome == "failed"]
            names = ", ".join(f"`{title}`" for title in failed)
            click.echo(f"{path}: {names} failed before the repair too; the repair is not to blame")

    def _write(self, repair: Repair) -> None:
        if not self.write:
            return
        from modfix.fix.transaction import replace_file

        replace_file(repair.before.path, repair.before.to_bytes(), repair.after.to_bytes())

    def _count(self, repair: Repair) -> None:
        from modfix.report.concise import finding_line
        from modfix.report.located import located

        self.fixed += len(repair.fixed)
        found = located(repair.after, repair.left)
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
        if self.failures.count:
            return 2
        if self.refused or (self.fixed and not self.write):
            return 1
        return int(self.errors_left > 0)
