"""What is to be done to each module of a run of repairs; proofs of the next ones begin ahead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from modfix.cli.ahead import Ahead, begun_ahead
from modfix.cli.proving import Plan
from modfix.cli.repair_shown import changed_files
from modfix.cli.selection import Selection
from modfix.errors import ModfixError

if TYPE_CHECKING:
    from modfix.cli.interactive import Dialogue
    from modfix.document.document import Document
    from modfix.fix.rounds import Repair
    from modfix.lint.linter import Linter
    from modfix.rule import Finding
    from modfix.syntax.module import CodeCell


@dataclass(frozen=True)
class Read:
    """A module that was read; `plan` gives its plan, or raises why there is none (ModfixError)."""

    document: Document
    linter: Linter
    plan: Callable[[], Plan]


@dataclass
class Planner:
    """Plans modules: for the options see `Work`. `proofs` are those that have begun, which they do
    where there are `several` modules."""

    selection: Selection
    write: bool
    unsafe: bool
    verifies: bool
    cached: bool
    dialogue: Dialogue | None = None
    jobs: int | None = None
    several: bool = False
    proofs: list[Ahead] = field(default_factory=list)

    def over(self, files: Sequence[Path]) -> Iterator[Read | ModfixError]:
        """The modules in their order, or why one cannot be read; nothing is told here."""
        self.several = len(files) > 1
        return begun_ahead(files, self._begin, self._at_once)

    def end(self) -> None:
        """End what runs ahead of its turn."""
        if not self.proofs:
            return
        from modfix.verify.process import run_no_more

        run_no_more()
        for proof in self.proofs:
            proof.wait()

    def _begin(self, path: Path) -> Read | ModfixError:
        from modfix.lint.discover import read_document

        try:
            if self.write:
                clear_up(path.resolve().parent)
            return self.read(read_document(path), self.selection.linter(path))
        except ModfixError as error:
            return error

    def read(self, document: Document, linter: Linter) -> Read:
        """A module and its plan."""
        try:
            plan = self._plan(document, linter)
        except ModfixError as error:
            return Read(document, linter, partial(_raised, error))
        begun = replace(plan, begun=self._ahead(plan))
        return Read(document, linter, lambda: begun)

    def _plan(self, document: Document, linter: Linter) -> Plan:
        from modfix.fix.rounds import repair_with
        from modfix.lint.linter import wanted

        def asked(finding: Finding) -> bool:
            return wanted(finding, unsafe=self.unsafe)

        if self.dialogue is not None:
            chosen = self.dialogue.about(linter, document)
            return Plan(linter, chosen.repair(asked), partial(chosen.again, asked))
        cells: dict[str, CodeCell] = {}

        def made(codes: Collection[str] | None = None) -> Repair:
            def among(finding: Finding) -> bool:
                return (codes is None or finding.code in codes) and asked(finding)

            return repair_with(linter, document, among, cache=cells)

        return Plan(linter, made(), made)

    def _ahead(self, plan: Plan) -> Ahead | None:
        """The proof of a plan, begun; None for one that begins when it is its turn."""
        from modfix.fix.transaction import require_writable

        if not plan.repair.changed or self._at_once(plan.repair.before.path) == 1:
            return None
        try:
            for each in changed_files(plan.repair) if self.write else ():
                require_writable(each.before.path)
        except ModfixError:  # told when it is its turn
            return None
        self.proofs.append(Ahead(plan.repair, plan.linter.settings, cached=self.cached))
        return self.proofs[-1]

    def _at_once(self, path: Path) -> int:
        """How many modules may be proven at once; a person who chooses is waited for."""
        if not (self.several and self.verifies) or self.dialogue is not None:
            return 1
        if self.jobs is not None:
            return self.jobs
        from modfix.cli.verifying import fit_jobs

        try:
            return fit_jobs(self.selection.linter(path).settings)
        except ModfixError:  # there is nothing to prove
            return 1


def _raised(error: ModfixError) -> NoReturn:
    raise error


@cache
def clear_up(folder: Path) -> None:
    """Remove, once, what killed runs left in a folder and in that of temporary files."""
    from modfix.fix.transaction import remove_stale
    from modfix.verify.scratch import remove_stale_scratch

    remove_stale(folder)
    remove_stale_scratch()
