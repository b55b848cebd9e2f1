"""Errors as a person sees them: one line on stderr, the traceback only with --debug."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import click

from modfix.cli.streams import colour
from modfix.errors import ModfixError, one_line
from modfix.report.progress import wipe


def tell(error: ModfixError, *, debug: bool) -> None:
    """Print one error."""
    wipe()
    if debug:
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    head = click.style("error", fg="red", bold=True)
    click.echo(f"{head}: {error}", err=True, color=colour())


@dataclass
class Failures:
    """Errors that were told while going on with the other files."""

    told: set[str] = field(default_factory=set)
    warned: dict[str, None] = field(default_factory=dict)  # in order

    @property
    def any(self) -> bool:
        """Whether there was one: the exit code is 2."""
        return bool(self.told)

    def tell(self, error: ModfixError) -> None:
        """Print an error, once: a wrong configuration is the same for each of its modules."""
        if str(error) not in self.told:
            self.told.add(str(error))
            tell(error, debug=_debug())

    def warn(self, text: str) -> None:
        """Print what was passed over, once; it fails nothing."""
        if text not in self.warned:
            self.warned[text] = None
            wipe()
            head = click.style("warning", fg="yellow", bold=True)
            click.echo(f"{head}: {one_line(text)}", err=True, color=colour())

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Tell what goes wrong inside and go on after it."""
        try:
            yield
        except ModfixError as error:
            self.tell(error)


def _debug() -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.find_root().params.get("debug"))
