"""The modules of a command line, and one linter for each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modfix.cli.failures import Failures
from modfix.cli.options import codes, paths_argument, rule_options, sandbox_option
from modfix.document.document import NOTEBOOK
from modfix.errors import ModfixError, one_line
from modfix.lint.discover import Discovery, module_files, paired_script
from modfix.lint.linter import require_known
from modfix.lint.linters import Linters
from modfix.lint.local_rules import rule_types_for
from modfix.lint.registry import catalogue

if TYPE_CHECKING:
    from modfix.document.document import Document


__all__ = ["Selection", "codes", "paths_argument", "rule_options", "sandbox_option"]


@dataclass
class Selection(Linters):
    """The module files of a command line and the linter for each of them.

    `told` is what was said of the paths on stderr.

    Raises ModfixError for a rule of the command line that does not exist.
    """

    paths: Sequence[Path]
    quiet: bool = False
    stdin: Document | None = None
    failures: Failures = field(default_factory=Failures)
    told: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Selection:
        """The selection that a command's options (`paths_argument`, `rule_options`) ask for."""
        return cls(
            options["paths"],
            options.get("quiet", False),
            select=codes(options["select"]),
            ignore=codes(options["ignore"]),
            extend_select=codes(options["extend_select"]),
            strategy=options["container_strategy"],
            file=options["config"],
            isolated=options["isolated"],
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

    def _tell_pairs(self, found: Discovery) -> None:
        """Say of each file that was named and is half of a pair where the other half is."""
        for path in () if self.quiet else self.paths:
            stands = found.halves.get(path)
            alone = path.suffix == NOTEBOOK and path in found.files
            other = paired_script(path) if alone else stands
            if other is not None:
                what = (
                    "; this half is looked at, a repair changes both"
                    if alone
                    else ", which stands for both"
                )
                self._say(f"{path}: paired with {other}{what}")

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

    def warn(self, text: str) -> None:
        """Say on stderr, once, what was passed over."""
        self.failures.warn(text)

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
            return self.excludes(path)
        except ModfixError as error:
            self.failures.tell(error)
            return False
