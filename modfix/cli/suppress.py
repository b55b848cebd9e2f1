"""`modfix suppress`: a comment with a reason for each finding that is to stay."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modfix.cli.selection import Selection, paths_argument, rule_options
from modfix.errors import ModfixError

if TYPE_CHECKING:
    from modfix.document.document import Document
    from modfix.document.edit import Edit
    from modfix.fix.halves import Half
    from modfix.rule import Finding


@click.command("suppress")
@paths_argument
@rule_options
@click.option("--reason", required=True, help="Why the findings may stay; written behind each.")
def command(**options: Any) -> None:
    """Write `# modfix: ignore[CODE] reason` for every finding in PATHS that is selected.

    Only comments and tags are added; no code changes, and none is run. Files keep every other
    byte.
    """
    reason = options["reason"]
    if not reason.strip() or "\n" in reason:
        raise ModfixError("--reason wants a reason, on one line")
    selection, count, modules = Selection.of(options), 0, 0
    for path in selection.files():
        with selection.failures.going_on():
            done = _suppressed(selection, path, reason.strip())
            count, modules = count + done, modules + bool(done)
    _tell(count, modules)
    sys.exit(2 if selection.failures.any else 0)


def _suppressed(selection: Selection, path: Path, reason: str) -> int:
    """Suppress the findings of one file, in both halves of a pair; how many there were."""
    from modfix.fix.transaction import remove_stale, require_writable
    from modfix.lint.discover import read_document
    from modfix.lint.run import FAILED

    document, linter = read_document(path), selection.linter(path)
    findings = [each for each in linter.findings(document) if each.name != FAILED]
    if not findings:
        return 0
    work = _Work(document, _half(document))
    for each in work.files:
        require_writable(each)
        remove_stale(each.resolve().parent)
    after = work.suppress(findings, reason)
    left = [each.code for each in linter.findings(after) if each.name != FAILED]
    if left:
        raise ModfixError(
            f"{', '.join(sorted(set(left)))} cannot be suppressed there; nothing was written",
            where=str(path),
        )
    work.write(after)
    return len(findings)


def _half(document: Document) -> Half | None:
    """The other half of a pair in step; of one that disagrees only the named file is written."""
    from modfix.fix.halves import OutOfStep, other_half

    try:
        return other_half(document)
    except OutOfStep:
        return None


@dataclass
class _Work:
    """A document that gets suppressions, and the other half that follows."""

    document: Document
    half: Half | None

    @property
    def files(self) -> list[Path]:
        """The files that are written."""
        return [each.path for each in (self.document, self.half and self.half.before) if each]

    def suppress(self, findings: list[Finding], reason: str) -> Document:
        """The document with suppressions; beside it the other half with the same."""
        from modfix.fix.suppressing import with_suppressions

        after = with_suppressions(self.document, findings, reason, self._follow)
        return self.half.seen_by(after) if self.half else after

    def _follow(self, document: Document, edit: Edit) -> None:
        if self.half:
            self.half = self.half.edited(document, [edit])

    def write(self, after: Document) -> None:
        """Replace the file, or both."""
        from modfix.fix.transaction import Change, replace_file, replace_pair

        path, before, data = self.document.path, self.document.to_bytes(), after.to_bytes()
        if self.half is None:
            replace_file(path, before, data)
            return
        old, new = self.half.before, self.half.after
        second = Change(old.path, old.to_bytes(), new.to_bytes())
        replace_pair(Change(path, before, data), second)


def _tell(count: int, modules: int) -> None:
    from modfix.report.concise import counted

    if not count:
        click.echo("Nothing to suppress.")
        return
    click.echo(f"Suppressed {counted(count, 'finding')} in {counted(modules, 'module')}.")
