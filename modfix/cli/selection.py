"""What the commands that look at modules share: paths, rule selection, one linter a module."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from modfix.config import Config, config_for
from modfix.errors import ModfixError
from modfix.lint.discover import module_files
from modfix.lint.linter import Linter, make_linter, overridden

Command = TypeVar("Command", bound=Callable[..., Any])


def paths_argument(function: Command) -> Command:
    """`[PATHS]...`, the current folder where none is given."""
    return click.argument("paths", nargs=-1, type=click.Path(path_type=Path))(function)


def rule_options(function: Command) -> Command:
    """`--select`, `--ignore` and `--container-strategy`."""
    for option in (
        click.option(
            "--container-strategy",
            type=click.Choice(["import", "explicit"]),
            help="How an inline container is replaced: a guarded import or explicit model classes.",
        ),
        click.option("--ignore", multiple=True, metavar="CODES", help="Leave these rules out."),
        click.option("--select", multiple=True, metavar="CODES", help="Run only these rules."),
    ):
        function = option(function)
    return function


@dataclass
class Selection:
    """The module files of a command line and the linter for each of them."""

    paths: Sequence[Path]
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    strategy: str | None = None
    linters: dict[Path | None, Linter] = field(default_factory=dict)

    def files(self) -> list[Path]:
        """The module files, in order; what was named and is none is said on stderr."""
        found, skipped = module_files(self.paths or [Path()], self._excluded)
        for each in skipped:
            click.echo(f"{each.path}: skipped: {each.reason}", err=True)
        return found

    def linter(self, path: Path) -> Linter:
        """The linter that the configuration nearest to a module asks for."""
        config = config_for(path)
        if config.path not in self.linters:
            self.linters[config.path] = self._make(config)
        return self.linters[config.path]

    def _make(self, config: Config) -> Linter:
        table: dict[str, Any] = {}
        if self.select:
            table["select"] = codes(self.select)
        if self.ignore:
            table["ignore"] = (*config.settings.ignore, *codes(self.ignore))
        options = {"strategy": self.strategy} if self.strategy else {}
        settings = overridden(config.settings, table, options)
        return make_linter(settings, where=str(config.path or "command line"))

    def _excluded(self, path: Path) -> bool:
        config = config_for(path)
        if not config.settings.exclude or config.path is None:
            return False
        inside = path.resolve().relative_to(config.path.parent).as_posix()
        return _matcher(config.settings.exclude)(inside)


def codes(values: Sequence[str]) -> tuple[str, ...]:
    """`CMP,RUN101` and repeated options as one tuple of codes."""
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())


def _matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    from pathspec import PathSpec

    return PathSpec.from_lines("gitignore", patterns).match_file


@dataclass
class Failures:
    """Errors that were told while going on with the other files."""

    count: int = 0

    def tell(self, error: ModfixError) -> None:
        """Print one error and remember it for the exit code."""
        self.count += 1
        click.echo(f"{click.style('error', fg='red', bold=True)}: {error}", err=True)
