"""The linter of each module: what the configuration above it says, under what is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import structs

from modfix.config import Config, bare_config, config_for, config_in
from modfix.errors import ModfixError
from modfix.lint.linter import Linter, make_linter, overridden
from modfix.lint.selection import selected
from modfix.nbgrader.config_file import nearest_config
from modfix.settings import ALL


@dataclass(kw_only=True)
class Linters:
    """One linter for each configuration; codes, options and files asked for go over all of them.

    `file` is a configuration that takes the place of every other, `isolated` wants none.
    """

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    extend_select: Sequence[str] = ()
    strategy: str | None = None
    file: Path | None = None
    isolated: bool = False
    sandbox: str | None = None
    linters: dict[tuple[Path | None, Path | None], Linter] = field(default_factory=dict)

    def config(self, path: Path) -> Config:
        """The configuration that applies to a module or folder. Raises ModfixError for a wrong
        one."""
        if self.isolated:
            return bare_config()
        if self.file is None:
            return config_for(path)
        folder = path if path.is_dir() else path.parent
        return config_in(self.file, nearest_config(folder.resolve()))

    def linter(self, path: Path) -> Linter:
        """The linter that the configuration nearest to a module asks for; raises as `config`."""
        config = self.config(path)
        origin = (config.path, config.nbgrader.path)
        if origin not in self.linters:
            for warning in config.nbgrader.warnings:
                self.warn(warning)
            self.linters[origin] = self._make(config)
        return self.linters[origin]

    def warn(self, text: str) -> None:
        """Say what was passed over in a configuration of nbgrader's."""

    def may_run(self, code: str) -> bool:
        """Whether what is asked for lets a rule run."""
        return selected(code, self.select or (ALL,), self.ignore, self.extend_select)

    def excludes(self, path: Path) -> bool:
        """Whether the configuration above a file or folder leaves it out; raises as `config`."""
        config = self.config(path.parent)
        settings = config.settings
        if not (settings.exclude or settings.include) or config.base is None:
            return False
        excluded = _matcher("exclude", settings.exclude, config.place("exclude"))
        included = _matcher("include", settings.include, config.place("include"))
        # The file's own name: a link may lead out of the course.
        whole = path.parent.resolve() / path.name
        if not whole.is_relative_to(config.base):
            return False
        inside = whole.relative_to(config.base).as_posix()
        if os.path.isdir(path):  # noqa: PTH112 (never raises)
            return excluded(f"{inside}/")
        return excluded(inside) or bool(settings.include and not included(inside))

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


@cache
def _matcher(key: str, patterns: tuple[str, ...], where: str) -> Callable[[str], bool]:
    from pathspec import PathSpec

    try:
        return PathSpec.from_lines("gitignore", patterns).match_file
    except ValueError as error:
        raise ModfixError(f"`{key}`: {error}", where=where) from None
