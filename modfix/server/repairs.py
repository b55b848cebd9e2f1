"""What the code actions do, as edits of the text that was reviewed.

NOTE: nothing is run here. An edit of a buffer is not proven as `modfix fix` proves what it writes;
`modfix.verify` runs the module when somebody asks for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from modfix.document.document import Document
from modfix.document.edit import Edit, UnsoundEdit
from modfix.errors import ModfixError
from modfix.fix.rounds import repair_with
from modfix.fix.suppressing import with_suppressions
from modfix.lint.linter import Linter, wanted
from modfix.rule import Finding
from modfix.server.review import Cells, Review, alone
from modfix.server.snapshot import Edits, Snapshot


class Task(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an action does: make one fix, all safe ones of a rule or of all rules, or ignore one.

    `at` is the number of the finding in its review; `code` and `message` say whether it is still
    the same.
    """

    do: Literal["fix", "rule", "all", "ignore"]
    at: int = 0
    code: str = ""
    message: str = ""


class Outdated(Exception):
    """The text, or what is found in it, is not any more what an action was offered for."""


class Reference(msgspec.Struct, frozen=True):
    """The `data` of an action: the module, its version, and the task."""

    uri: str
    version: int
    task: Task


class Repairs:
    """The edits of the tasks of one review. `cells` are parsed cells, as `review` has them."""

    def __init__(self, review: Review, cells: Cells) -> None:
        if review.document is None or review.linter is None:
            raise Outdated
        self.review = review
        self.cells = cells
        self.document: Document = alone(review.document)
        self.linter: Linter = review.linter

    @staticmethod
    def data(snapshot: Snapshot, task: Task) -> Mapping[str, Any]:
        """What stands for a task in an action."""
        found: Mapping[str, Any] = msgspec.to_builtins(
            Reference(snapshot.uri, snapshot.version, task)
        )
        return found

    @staticmethod
    def reference(data: object) -> Reference:
        """What the data of an action say. Raises ValidationError for those of another server."""
        return msgspec.convert(data, Reference)

    def edits(self, task: Task) -> Edits:
        """The edits of a task.

        Raises Outdated where its finding is gone and ModfixError where it cannot be done.
        """
        if task.do == "all":
            return self._repaired("")
        if task.do == "rule":
            return self._repaired(task.code)
        finding = self._finding(task)
        return self._fixed(finding) if task.do == "fix" else self._ignored(finding)

    def _finding(self, task: Task) -> Finding:
        found = self.review.findings
        if task.at >= len(found):
            raise Outdated
        finding = found[task.at]
        if (finding.code, finding.message) != (task.code, task.message):
            raise Outdated
        return finding

    def _fixed(self, finding: Finding) -> Edits:
        assert finding.fix is not None
        try:
            return self.review.snapshot.edits(self.document, finding.fix.edits)
        except (UnsoundEdit, UnicodeEncodeError) as error:
            raise ModfixError(
                f"the fix of {finding.code} {error}", todo="please report the rule"
            ) from None

    def _ignored(self, finding: Finding) -> Edits:
        """The comment that `modfix suppress` writes, its reason left for the person to give."""
        edits: list[Edit] = []
        after = with_suppressions(self.document, [finding], "", lambda _, edit: edits.append(edit))
        why = self.review.snapshot.obstacle(edits)
        if why:
            raise ModfixError(f"{finding.code} is not ignored: {why}")
        if self._count(after, finding) >= self._count(self.document, finding):
            raise ModfixError(f"{finding.code} cannot be ignored there")
        return self.review.snapshot.edits(self.document, edits)

    def _count(self, document: Document, finding: Finding) -> int:
        """How many findings that say the same are in a document."""
        every = self.linter.findings(document, self.cells)
        return sum((each.code, each.message) == (finding.code, finding.message) for each in every)

    def _repaired(self, code: str) -> Edits:
        """Every safe fix, of one rule or of all, round by round until nothing is left."""
        snapshot = self.review.snapshot

        def asked(finding: Finding) -> bool:
            return (
                (not code or finding.code == code)
                and wanted(finding, unsafe=False)
                and finding.fix is not None
                and not snapshot.obstacle(finding.fix.edits)
            )

        repair = repair_with(self.linter, self.document, asked, cache=self.cells)
        return snapshot.difference(self.document, repair.after)
