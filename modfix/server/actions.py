"""The code actions of a module: what can be done about its findings, and to the whole of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lsprotocol.types import (
    CodeAction,
    CodeActionDisabled,
    CodeActionKind,
    Command,
    Range,
)

from modfix.lint.linter import wanted
from modfix.lint.run import FAILED
from modfix.rule import Applicability, Finding
from modfix.server.diagnostics import diagnostic, place_of
from modfix.server.repairs import Repairs, Task
from modfix.server.review import Review
from modfix.server.snapshot import Snapshot

VERIFY = "modfix.verify"
VERIFY_KIND = "source.verify.modfix"
KINDS = (
    CodeActionKind.QuickFix,
    "source.fixAll.modfix",
    "notebook.source.fixAll.modfix",
    VERIFY_KIND,
)


def actions(
    review: Review, uri: str, where: Range, only: Sequence[str] | None, *, disabled: bool
) -> list[CodeAction]:
    """What is offered at a range of a document, of the kinds that are asked for.

    Edits are left to be resolved. With `disabled`, a fix that an editor cannot make is told of.
    """
    every = [*_at(review, uri, where, disabled), *_of_the_whole(review)]
    if only is None:
        return every
    return [action for action in every if _is_asked(str(action.kind), only)]


def _is_asked(kind: str, only: Sequence[str]) -> bool:
    return any(kind == each or kind.startswith(f"{each}.") for each in only)


def _at(review: Review, uri: str, where: Range, disabled: bool) -> Iterator[CodeAction]:
    codes: dict[str, None] = {}
    for number, finding in enumerate(review.findings):
        document, place = place_of(review, finding)
        if document == uri and _touches(place, where):
            codes[finding.code] = None
            yield from _fixes(review, number, finding, disabled)
            yield from _ignores(review, number, finding)
    counts = Counter(finding.code for finding in _safe(review))
    for code in codes:
        if counts[code] > 1:
            title = f"Fix all {counts[code]} of {code} in this file"
            yield _action(review, title, Task("rule", code=code))


def _touches(place: Range, where: Range) -> bool:
    """Whether two ranges share a line: people ask from anywhere in it."""
    return place.start.line <= where.end.line and where.start.line <= place.end.line


def _fixes(review: Review, number: int, finding: Finding, disabled: bool) -> Iterator[CodeAction]:
    fix = finding.fix
    if fix is None:
        return
    why = review.snapshot.obstacle(fix.edits) or fix.obstacle
    action = _action(review, _title(finding), Task("fix", number, finding.code, finding.message))
    action.diagnostics = [diagnostic(review, finding)]
    if why and disabled:
        action.disabled, action.data = CodeActionDisabled(why), None
        yield action
    elif not why and fix.applicability is not Applicability.DISPLAY:
        action.is_preferred = fix.applicability is Applicability.SAFE or None
        yield action


def _title(finding: Finding) -> str:
    assert finding.fix is not None
    what = f"{finding.code}: {finding.fix.message}"
    unsafe = finding.fix.applicability is Applicability.UNSAFE
    return f"{what} (unsafe: it may change what the module does)" if unsafe else what


def _ignores(review: Review, number: int, finding: Finding) -> Iterator[CodeAction]:
    if finding.name == FAILED:
        return
    task = Task("ignore", number, finding.code, finding.message)
    action = _action(review, f"Ignore {finding.code} here", task)
    action.diagnostics = [diagnostic(review, finding)]
    yield action


def _of_the_whole(review: Review) -> Iterator[CodeAction]:
    if any(_safe(review)):
        kind = review.snapshot.fixes_all
        yield _action(review, "Fix all that is safe to fix (modfix)", Task("all"), kind)
    if review.document is not None:
        title = "Run the saved module and verify it (modfix)"
        command = Command(title, VERIFY, arguments=[review.snapshot.uri])
        yield CodeAction(title, kind=VERIFY_KIND, command=command)


def _safe(review: Review) -> Iterable[Finding]:
    """The findings that fixing all would fix."""
    return (
        finding
        for finding in review.findings
        if wanted(finding, unsafe=False) and _can(review.snapshot, finding)
    )


def _can(snapshot: Snapshot, finding: Finding) -> bool:
    return finding.fix is not None and not snapshot.obstacle(finding.fix.edits)


def _action(
    review: Review, title: str, task: Task, kind: str = CodeActionKind.QuickFix.value
) -> CodeAction:
    return CodeAction(title, kind=kind, data=Repairs.data(review.snapshot, task))
