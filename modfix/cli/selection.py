"""The modules of a command line, and one linter for each of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import structs

from modfix.cli.failures import Failures
from modfix.cli.options import codes, paths_argument, rule_options, sandbox_option
from modfix.config import Config, bare_config, config_for, config_in
from modfix.document.document import NOTEBOOK
from modfix.errors import ModfixError, one_line
from modfix.lint.discover import Discovery, module_files, paired_script
from modfix.lint.linter import Linter, make_linter, overridden, require_known
from modfix.lint.local_rules import rule_types_for
from modfix.lint.registry import catalogue
from modfix.lint.selection import selected
from modfix.nbgrader.config_file import nearest_config

if TYPE_CHECKING:
    from modfix.document.document import Document


__all__ = ["Selection", "codes", "paths_argument", "rule_options", "sandbox_option"]


@dataclass
class Selection:
    """The module files of a command line and the linter for each of them.

    `told` is what was said of the paths on stderr.

    Raises ModfixError for a rule of the command line that does not exist.
    """

    paths: Sequence[Path]
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    extend_select: Sequence[str] = ()
    strategy: str | None = None
    file: Path | None = None
    isolated: bool = False
    quiet: bool = False
    stdin: Document | None = None
    sandbox: str | None = None
    linters: dict[tuple[Path | None, Path | None], Linter] = field(default_factory=dict)
    failures: Failures = field(default_factory=Failures)
    told: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Selection:
        """The selection that a command's options (`paths_argument`, `rule_options`) ask for."""
        return cls(
            options["paths"],
            codes(options["select"]),
            codes(options["ignore"]),
            codes(options["extend_select"]),
            options["container_strategy"],
            options["config"],
            options["isolated"],
            options.get("quiet", False),
            sandbox=options.get("sandbox"),
        )

    def __post_init__(self) -> None:
        for name in ("select", "ignore", "extend_select"):
            self._require_known(getattr(self, name), f"--{name.replace('_', '-')}")
        if self.file is not None and self.isolated:
            raise ModfixError("--config and --isolated contradict each other", todo="take one")

    def _require_known(self, given: Sequence[str], where: str) -> None:
        known = [rule.code for rule in catalogue().rules]
        strange = [code for code in given if not any(each.startswith(code) for each in known)]
        if strange:  # of the course's own, then
            for path in self.paths or [Path()]:
                known += [kind.code for kind in rule_types_for(self.config(path))]
            require_known(strange, where=where, known=known)

    def files(self) -> list[Path]:
        """The module files, in order; what was named and is none is said on stderr."""
        found = self.discovery()
        self._tell_pairs(found)
        return found.files

    def discovery(self, *, tell: bool = True) -> Discovery:
        """What the paths stand for; what was passed over, and why, is said unless told not to."""
        found = module_files(
            self.paths or [Path()],
            self._excluded,
            self._source_of_pair,
            self._respects_gitignore,
        )
        for each in found.skipped if tell and not self.quiet else ():
            self._say(f"{each.path}: skipped: {each.reason}")
        for failure in found.failures if tell else ():
            self.failures.tell(failure)
        return found

    def config(self, path: Path) -> Config:
        """The configuration that applies to a module or folder."""
        if self.isolated:
            return bare_config()
        if self.file is None:
            return config_for(path)
        folder = path if path.is_dir() else path.parent
        return config_in(self.file, nearest_config(folder.resolve()))

    def may_run(self, code: str) -> bool:
        """Whether the command line lets a rule run."""
        return selected(code, self.select, self.ignore, self.extend_select)

    def _tell_pairs(self, found: Discovery) -> None:
        """Say of each file that was named and is half of a pair where the other half is."""
        for path in () if self.quiet else self.paths:
            stands = found.halves.get(path)
            alone = path.suffix == NOTEBOOK and path in found.files
            other = paired_script(path) if alone else stands
            if other is not None:
                what = "which is not looked at" if alone else "which stands for both"
                self._say(f"{path}: paired with {other}, {what}")

    def _say(self, text: str) -> None:
        """Say something of a path on stderr, now and whenever the cache gives the same answer."""
        self.told.append(one_line(text))
        click.echo(self.told[-1], err=True)

    def _source_of_pair(self, path: Path) -> str:
        """Which half of a pair the configuration above it lets stand for both."""
        try:
            return self.config(path).settings.pairs.source
        except ModfixError as error:
            self.failures.tell(error)
            return "script"

    def linter(self, path: Path) -> Linter:
        """The linter that the configuration nearest to a module asks for."""
        config = self.config(path)
        origin = (config.path, config.nbgrader.path)
        if origin not in self.linters:
            for warning in config.nbgrader.warnings:
                self.failures.warn(warning)
            self.linters[origin] = self._make(config)
        return self.linters[origin]

    def _make(self, config: Config) -> Linter:
        table: dict[str, Any] = {}
        if self.select:
            table["select"] = self.select
            table["extend_select"] = ()
        if self.extend_select:
            table["extend_select"] = (*config.settings.extend_select, *self.extend_select)
        if self.ignore:
            table["ignore"] = (*config.settings.ignore, *self.ignore)
        options = {"strategy": self.strategy} if self.strategy else {}
        if self.sandbox:
            table["verify"] = structs.replace(config.settings.verify, sandbox=self.sandbox)
        settings = overridden(config.settings, table, options)
        return make_linter(settings, where=config.place, base=config.base)

    def _respects_gitignore(self, folder: Path) -> bool:
        """Whether what git ignores below a folder is left out."""
        try:
            return self.config(folder).settings.respect_gitignore
        except ModfixError as error:
            self.failures.tell(error)
            return True

    def _excluded(self, path: Path) -> bool:
        """Whether the configuration above a file or folder leaves it out."""
        try:
            config = self.config(path.parent)
            settings = config.settings
            if not (settings.exclude or settings.include) or config.base is None:
                return False
            excludes = _matcher("exclude", settings.exclude, config.place("exclude"))
            includes = _matcher("include", settings.include, config.place("include"))
        except ModfixError as error:
            self.failures.tell(error)
            return False
        # The file's own name: a link may lead out of the course.
        whole = path.parent.resolve() / path.name
        if not whole.is_relative_to(config.base):
            return False
        inside = whole.relative_to(config.base).as_posix()
        if os.path.isdir(path):  # noqa: PTH112 (never raises)
            return excludes(f"{inside}/")
        return excludes(inside) or bool(settings.include and not includes(inside))


@cache
def _matcher(key: str, patterns: tuple[str, ...], where: str) -> Callable[[str], bool]:
    from pathspec import PathSpec

    try:
        return PathSpec.from_lines("gitignore", patterns).match_file
    except ValueError as error:
        raise ModfixError(f"`{key}`: {error}", where=where) from None
