"""Where a command that repairs prints what it does; its report has a stream of its own."""

from __future__ import annotations

from dataclasses import dataclass

import click

from modfix.report.progress import wipe


@dataclass(frozen=True)
class Console:
    """`aside`: everything goes to stderr, for stdout is a report; `quiet`: only what matters."""

    aside: bool = False
    quiet: bool = False

    def say(self, text: str) -> None:
        """What goes well."""
        if not self.quiet:
            wipe()
            click.echo(text, err=self.aside)

    def note(self, text: str) -> None:
        """What explains an exit code."""
        wipe()
        click.echo(text, err=self.aside or self.quiet)

    def refuse(self, text: str) -> None:
        """What was not done, and why."""
        wipe()
        click.echo(f"{click.style('refused', fg='red', bold=True)}: {text}", err=True)
