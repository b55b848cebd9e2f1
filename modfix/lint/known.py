"""Which findings the baselines of a run know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from modfix.lint.baseline import Baseline, nearest_baseline, read_baseline
from modfix.lint.checked import Located
from modfix.lint.linters import Linters


@dataclass
class KnownFindings:
    """Findings that baselines know, module by module.

    `given` is a file that takes the place of every other, `off` wants none; `count` is how many
    findings were known so far.
    """

    course: Linters
    given: Path | None = None
    off: bool = False
    baselines: dict[Path, Baseline] = field(default_factory=dict)
    count: int = 0

    def unknown(self, path: Path, findings: Iterable[Located]) -> tuple[Located, ...]:
        """The findings of a module that its baseline does not know."""
        every = tuple(findings)
        baseline = self.of(path)
        if baseline is None:
            return every
        left = tuple(baseline.unknown(path, every))
        self.count += len(every) - len(left)
        return left

    def of(self, path: Path) -> Baseline | None:
        """The baseline of a module. Raises ModfixError for one that is set and cannot be read."""
        file = None if self.off else self.file_of(path)
        if file is None:
            return None
        if file not in self.baselines:
            self.baselines[file] = read_baseline(file)
        return self.baselines[file]

    def file_of(self, path: Path) -> Path | None:
        """The file in which the baseline of a module is looked for."""
        if self.given is not None:
            return self.given
        config = self.course.config(path)
        return nearest_baseline(path.parent.resolve(), config.settings.baseline, config.base)
