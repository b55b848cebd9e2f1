"""`modfix suppress`: a comment with a reason for each finding that is to stay."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from modfix.cli.selection import Selection, paths_argument, rule_options
from modfix.errors import ModfixError


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
    """Suppress the findings of one file; how many there were."""
    from modfix.fix.suppressing import with_suppressions
    from modfix.fix.transaction import remove_stale, replace_file, require_writable
    from modfix.lint.discover import read_document
    from modfix.lint.run import FAILED

    document, linter = read_document(path), selection.linter(path)
    findings = [each for each in linter.findings(document) if each.name != FAILED]
    if not findings:
        return 0
    require_writable(path)
    remove_stale(path.resolve().parent)
    after = with_suppressions(document, findings, reason)
    left = [each.code for each in linter.findings(after) if each.name != FAILED]
    if left:
        raise ModfixError(
            f"{', '.join(sorted(set(left)))} cannot be suppressed there; nothing was written",
            where=str(path),
        )
    replace_file(path, document.to_bytes(), after.to_bytes())
    return len(findings)


def _tell(count: int, modules: int) -> None:
    from modfix.report.concise import counted

    if not count:
        click.echo("Nothing to suppress.")
        return
    click.echo(f"Suppressed {counted(count, 'finding')} in {counted(modules, 'module')}.")
