"""What a check comes to: from the cache where that still holds, else worked out and remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from modfix.cli.failures import Failures
from modfix.lint.cache import Cache, KeptRun, changed_modules, telling
from modfix.lint.cache_folder import cache_folder
from modfix.lint.registry import catalogue
from modfix.timing import lap

if TYPE_CHECKING:
    from modfix.cli.selection import Selection
    from modfix.lint.cache import KeptModule
    from modfix.lint.checked import Checked

# The options that findings depend on, beside the paths.
_ASKED = ("select", "ignore", "extend_select", "container_strategy", "config", "isolated", "quiet")


class Answer:
    """The checked modules of a command line's options, in order.

    `failed` says that something could not be checked, which was told; `known` that a baseline
    may apply to some module. With `changes`, fixes carry what they change.
    """

    def __init__(self, options: Mapping[str, Any], *, changes: bool = False) -> None:
        self.options = options
        self.changes = changes
        self.failed = False
        self.baselines = False
        self.modules: Sequence[Checked] = ()
        with lap("cache"):
            names = [str(path) for path in options["paths"]]
            folder = "" if options["no_cache"] else cache_folder(names)
            self.cache = Cache(folder, catalogue().digest)
            run = self.cache.recall(self._key())
            changed = changed_modules(run) if run else ()
        if run and changed:
            run = self._renewed(run, changed)
        if run:
            self._repeat(run)
        else:
            self._work_out()

    @cached_property
    def selection(self) -> Selection:
        """The command line's selection; a run that the cache answers needs none."""
        with lap("starting"):
            from modfix.cli.selection import Selection

            return Selection.of(self.options)

    def _key(self) -> str:
        import os

        asked = [self.options[name] for name in _ASKED]
        paths = [str(path) for path in self.options["paths"]]
        return repr((os.getcwd(), paths, list(map(str, asked)), self.changes))  # noqa: PTH109

    def _repeat(self, run: KeptRun) -> None:
        for line in run.told:
            click.echo(line, err=True)
        # What checking some modules again has warned of is not told twice.
        failures = self.selection.failures if "selection" in vars(self) else Failures()
        for text in run.warned:
            failures.warn(text)
        self.baselines = run.baselines
        self.modules = [module.checked for module in run.modules]

    def _renewed(self, run: KeptRun, changed: Sequence[int]) -> KeptRun | None:
        """The run with some modules checked again; None where finding modules depends on it."""
        from msgspec.structs import replace

        known = {(each.path, each.checked.path, each.linter): each for each in run.modules}
        modules = list(run.modules)
        again = self._check([modules[number].checked.path for number in changed], known)
        for number, new in zip(changed, again, strict=True):
            if new.checked.trouble is not None or new.judgement != modules[number].judgement:
                return None
            modules[number] = new
        renewed = replace(run, modules=tuple(modules))
        self._keep(renewed)
        return renewed

    def _work_out(self) -> None:
        """Find the modules, check them, and keep the run for the next time."""
        from modfix.watch import watching

        failures = self.selection.failures
        with watching() as watch, lap("finding modules and settings"):
            paths = self._paths()
        with lap("cache"):
            known = self.cache.modules()
        modules = self._check(paths, known)
        for module in modules:
            if module.checked.trouble is not None:
                failures.tell(module.checked.trouble.error())
        self.failed = failures.any
        self.modules = [each.checked for each in modules if each.checked.trouble is None]
        if self.failed:
            return
        own = {module.path for module in modules}
        files = {path: was for path, was in watch.files.items() if path not in own}
        run = KeptRun(
            self._key(),
            self.cache.code,
            telling(files, watch.folders),
            watch.folders,
            tuple(self.selection.told),
            tuple(failures.warned),
            self.baselines,
            tuple(modules),
        )
        self._keep(run)

    def _paths(self) -> list[str]:
        """The modules; what their settings and baselines come from is looked at on the way."""
        from modfix.cli.known import Known
        from modfix.config import forget_configs
        from modfix.document.jupytext_config import configured_formats, forget_formats
        from modfix.lint.baseline import forget_baselines

        forget_configs()  # so that each look at them is seen by the watch
        forget_baselines()
        forget_formats()
        paths = self.selection.files()
        known = Known(self.selection)
        for path in paths:
            with self.selection.failures.going_on():
                self.selection.linter(path)
                configured_formats(path.parent)
                self.baselines = known.file_of(path) is not None or self.baselines
        return list(map(str, paths))

    def _check(
        self, paths: Sequence[str], known: Mapping[tuple[str, str, str], KeptModule]
    ) -> list[KeptModule]:
        from pathlib import Path

        from modfix.lint.checking import checked_modules
        from modfix.lint.known_cells import KnownCells
        from modfix.lint.workers import usable_cpus
        from modfix.report.progress import followed

        jobs = 1 if self.options["timing"] else self.options["jobs"] or usable_cpus()
        return checked_modules(
            list(map(Path, paths)),
            self.selection.linter,
            lambda *key: known.get(key),
            changes=self.changes,
            jobs=jobs,
            follow=lambda answers, count: followed(answers, count, "modules checked"),
            cells=KnownCells(self.cache.folder, self.cache.code),
        )

    def _keep(self, run: KeptRun) -> None:
        with lap("cache"):
            self.cache.keep(run)
