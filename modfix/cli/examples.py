"""`modfix test-rules`: the examples of rules, run."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from modfix.errors import ModfixError, one_line


@click.command("test-rules")
@click.argument("codes", nargs=-1)
def command(codes: tuple[str, ...]) -> None:
    """Run the examples of the rules CODES (codes or prefixes; default: all, the course's own too).

    Every bad example must be found, every good one not, and a fix must give exactly the one of
    the other and then nothing more. Exits with 1 where one does not.
    """
    from modfix.config import config_for
    from modfix.fix.examples import faults
    from modfix.lint.local_rules import rule_types_for
    from modfix.report.concise import counted

    config = config_for(Path())
    every = rule_types_for(config)
    kinds = [kind for kind in every if not codes or kind.code.startswith(codes)]
    if not kinds:
        raise ModfixError(f"unknown rule `{', '.join(codes)}`", todo="see `modfix rules`")
    failed = 0
    for kind in kinds:
        found = faults(kind, config.settings, every)
        failed += bool(found)
        for fault in found:
            head, _, text = fault.partition("\n")
            click.echo(f"{click.style(kind.code, fg='red', bold=True)} {one_line(head)}")
            click.echo("".join(f"    {line}\n" for line in text.splitlines()), nl=False)
    examples = sum(len(kind.examples) for kind in kinds)
    what = f"{counted(len(kinds), 'rule')} with {counted(examples, 'example')}"
    click.echo(f"{what}: {f'{failed} failed' if failed else 'all passed'}.")
    sys.exit(int(failed > 0))
