"""One run of repairs over modules: planned, proven, written, counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modfix.cli.console import Console
from modfix.cli.known import Known
from modfix.cli.output import exit_code
from modfix.cli.planning import Planner, Read, clear_up
from modfix.cli.proving import Plan, Prover
from modfix.cli.repair_shown import changed_files, show_diff, tell_obstacles
from modfix.cli.selection import Selection
from modfix.errors import ModfixError

if TYPE_CHECKING:
    from modfix.cli.interactive import Dialogue
    from modfix.document.document import Document
    from modfix.fix.rounds import Repair
    from modfix.lint.located import Located
    from modfix.report.report import Report
    from modfix.rule import Finding


@dataclass
class Work:
    """What is asked of a run of repairs, and what came of it.

    `shows` prints the diff of each repair, `lists` the findings that are left as soon as they are
    known; `changes` lets their fixes carry what they change, which some reports need. `jobs` is how
    many proofs run at once, None for a fit number. With a `dialogue`, a person chooses the fixes of
    all modules before the first is carried out.
    """

    selection: Selection
    known: Known
    console: Console = field(default_factory=Console)
    write: bool = False
    shows: bool = False
    unsafe: bool = False
    verifies: bool = True
    cached: bool = True
    lists: bool = False
    changes: bool = False
    dialogue: Dialogue | None = None
    jobs: int | None = None
    modules: list[str] = field(default_factory=list)
    found: list[Located] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    fixed: int = 0
    refused: int = 0
    unverified: int = 0

    def over(self, files: Sequence[Path]) -> None:
        """Repair module files; what goes wrong with one is told, and the others go on."""
        from modfix.report.progress import followed

        plans = self._plans(files)
        if self.dialogue is None:
            plans = followed(plans, len(files), "modules")
        else:
            plans = iter(list(plans))
            self.dialogue.finish()
        try:
            for number, plan in enumerate(plans, 1):
                with self.selection.failures.going_on():
                    if plan is not None:
                        self.carry_out(plan, f"({number} of {len(files)}) " if files[1:] else "")
        except BaseException:
            self.planner.end()
            raise

    def _plans(self, files: Sequence[Path]) -> Iterator[Plan | None]:
        """What is to be done to each file, told when it is its turn."""
        for read in self.planner.over(files):
            plan = None
            with self.selection.failures.going_on():
                if isinstance(read, ModfixError):
                    raise read
                plan = self.planned(read)
            yield plan

    @cached_property
    def planner(self) -> Planner:
        """What plans the modules of this run."""
        return Planner(
            self.selection,
            write=self.write,
            unsafe=self.unsafe,
            verifies=self.verifies,
            cached=self.cached,
            dialogue=self.dialogue,
            jobs=self.jobs,
        )

    def planned(self, read: Read) -> Plan | None:
        """What is to be done to a module, or None where that cannot be said (which is told)."""
        from modfix.fix.halves import OutOfStep

        self.modules.append(str(read.document.path))
        try:
            plan = read.plan()
            tell_obstacles(plan.repair)
            return plan
        except OutOfStep as error:
            self.console.refuse(str(error))
            self.refused += 1
        except ModfixError as error:
            self.selection.failures.tell(error)
        self._keep(read.document, read.linter.findings(read.document))
        return None

    def carry_out(self, plan: Plan, count: str = "") -> Repair | None:
        """Show, prove and, where that is asked for, write a repair.

        Gives what is left of it, None for a module that stays as it is. `count` says in the
        progress bar which of how many it is.
        """
        try:
            repair = self._proven(plan, count) if plan.repair.changed else plan.repair
            if repair is not None and repair.changed:
                self._write(repair)
        except ModfixError as error:
            self.selection.failures.tell(error)
            repair = None
        if repair is None:
            before = plan.repair.before
            self._keep(before, plan.linter.findings(before))
        else:
            self.fixed += len(repair.fixed)
            self._keep(repair.after, repair.left)
        return repair

    def _proven(self, plan: Plan, count: str) -> Repair | None:
        """The repair that may be written: the whole, what is left of it, or none."""
        from modfix.fix.transaction import require_writable

        if self.write:
            for each in changed_files(plan.repair):
                clear_up(each.before.path.resolve().parent)
                require_writable(each.before.path)
        if not self.verifies:
            self._show(plan.repair)
            return plan.repair
        proven = Prover(self.console, self.write, self.cached).prove(plan, count)
        self.refused += proven.refused
        self.unverified += proven.unverified
        self._show(proven.repair or plan.repair)  # once: what is printed may be applied
        return proven.repair

    def _show(self, repair: Repair) -> None:
        if self.shows:
            show_diff(repair)

    def _write(self, repair: Repair) -> None:
        if not self.write:
            return
        from modfix.fix.transaction import Change, replace_file, replace_pair

        changes = [
            Change(each.before.path, each.before.to_bytes(), each.after.to_bytes())
            for each in changed_files(repair)
        ]
        if len(changes) == 1:
            replace_file(changes[0].path, changes[0].before, changes[0].after)
        else:
            replace_pair(changes[0], changes[1])

    def _keep(self, document: Document, left: Sequence[Finding]) -> None:
        """Keep the findings that are left in a module, but for those that a baseline knows."""
        from modfix.lint.located import located
        from modfix.report.concise import finding_line

        every = located(document, left, changes=self.changes)
        found = self.known.unknown(document.path, every)
        self.documents[str(document.path)] = document
        self.found += found
        for each in found if self.lists else ():
            click.echo(finding_line(each))

    def summary(self) -> str:
        """`Fixed 2 findings in 1 module; 1 left.`"""
        from modfix.report.concise import counted

        verb = "Fixed" if self.write else "Would fix"
        modules = counted(len(self.modules), "module")
        return f"{verb} {counted(self.fixed, 'finding')} in {modules}; {len(self.found)} left."

    def report(self, *, statistics: bool = False) -> Report:
        """The findings that are left, as every output can print them."""
        from modfix.report.report import Report

        return Report(
            findings=self.found,
            modules=self.modules,
            read=self.documents.__getitem__,
            known=self.known.count,
            fixed=self.fixed,
            statistics=statistics,
        )

    def exit_code(self, options: Mapping[str, Any]) -> int:
        """0, 1 or 2 for what came of it, as a command's options ask for."""
        if self.selection.failures.any:
            return 2
        if options.get("exit_zero"):
            return 0
        if self.fixed and (self.shows or options["exit_non_zero_on_fix"]):
            return 1
        if self.refused or self.unverified:
            return 1
        return exit_code(self.found, options)
