"""The settings and baselines of the modules that are open, read again once their files change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from modfix.config import forget_configs
from modfix.document.jupytext_config import forget_formats
from modfix.lint.baseline import forget_baselines
from modfix.lint.checked import Located
from modfix.lint.known import KnownFindings
from modfix.lint.linter import Linter
from modfix.lint.linters import Linters
from modfix.lint.local_rules import local_rule_types
from modfix.watch import Seen, saw_file, watching


class Course:
    """What configurations say. All of it belongs to one thread: the one that reviews modules."""

    def __init__(self, linters: Linters) -> None:
        self.linters = linters
        self.files: dict[str, Seen] = {}

    def linter(self, path: Path) -> Linter | None:
        """The linter of a module, None for one that is excluded.

        Raises ModfixError for a wrong configuration.
        """
        self._refresh()
        with self._noted():
            linter = self.linters.linter(path)
            return None if self.linters.excludes(path) else linter

    def unknown(self, path: Path, findings: Iterable[Located]) -> tuple[Located, ...]:
        """The findings of a module that no baseline knows; raises as `KnownFindings.of`."""
        known = KnownFindings(self.linters)
        with self._noted():
            file = known.file_of(path)
            if file is None:
                return tuple(findings)
            saw_file(file)
            return known.unknown(path, findings)

    def _refresh(self) -> None:
        """Forget everything once a file that it was read from, or missed in, is another."""
        if all(seen.holds(path) for path, seen in self.files.items()):
            return
        forget_configs()
        forget_baselines()
        forget_formats()
        local_rule_types.cache_clear()
        self.linters.linters.clear()
        self.files.clear()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        with watching() as watch:
            try:
                yield
            finally:
                self.files.update(watch.files)
