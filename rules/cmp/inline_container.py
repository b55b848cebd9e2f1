"""CMP101: a module defines its own container of layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from modfix.rule import Applicability, Example, Finding, Fix, Module, Options, Rule

from .examples_of_containers import EXAMPLES

if TYPE_CHECKING:
    from ._container_shape import Container


class ContainerOptions(Options, frozen=True):
    """Names that are forbidden, what replaces the class, and where the import comes from."""

    strategy: Literal["import", "explicit"] = "import"
    names: tuple[str, ...] = ("Sequential",)
    source: str = "tinytorch.nn.containers"
    source_name: str = "Sequential"


class InlineContainer(Rule):
    """A container of layers is defined in the module.

    ## What it does
    Finds classes that store their layers and call them one after the other in a loop: a class
    with a forbidden name (`Sequential`) that takes `*layers` or one list and roughly does so, and
    a class of any name that takes `*layers` and does exactly so. Both must be about layers: have
    `forward` or `parameters`, or call what they store layers, modules or blocks. Any other class
    of that name is left alone, and so are one that students write (a solution region in it or
    around it), one in an `except ImportError` (with `import`), and the source of the import.

    ## Why is this bad?
    A container hides what a lesson should show: how data flows from layer to layer. And a second
    definition of a class of the course drifts away from the first.

    ## Fix safety
    With the strategy `import` the class becomes a guarded import with a minimal fallback. This is
    safe for the documented class; a class that does more stays, whole, as the fallback, and the
    fix is unsafe: what is imported may do less. For a class that takes one list it is only shown.

    With the strategy `explicit` each call becomes a model whose layers have names, one class for
    each number of layers; examples in docstrings are calls too. The fix does everything or
    nothing: a use that cannot be rewritten is a finding of its own, and the class stays until it
    is gone. It is safe as long as there is a call; without one the class is only deleted, which
    is unsafe.

    ## Options
    `strategy`: `import` or `explicit`. `names`: the forbidden names. `source` and `source-name`:
    the module and the class that the guarded import takes.
    """

    code = "CMP101"
    name = "inline-container"
    fixes = (Applicability.SAFE, Applicability.UNSAFE, Applicability.DISPLAY)
    source = "Critical Fixes Required for Module 17, Fix 1"
    options_type = ContainerOptions
    examples: ClassVar[tuple[Example, ...]] = EXAMPLES

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield one finding a container, and with `explicit` one a use that is in the way."""
        if not self._may_have_container(module):
            return
        from ._container_shape import containers
        from ._exercises import is_exercise

        explicit = self.options.strategy == "explicit"
        found = [
            container
            for container in containers(module, self.options.names, guarded=explicit)
            if not is_exercise(container, module.settings.nbgrader)
        ]
        findings = self._explicit(module, found) if explicit else self._import(module, found)
        yield from sorted(findings, key=lambda each: (each.cell, each.start or 0))

    def _may_have_container(self, module: Module) -> bool:
        """Whether there is a class with a loop at all, and the module is not the source itself."""
        target = module.default_export
        if target and f".{self.options.source}".endswith(f".{target}"):
            return False
        sources = [cell.source for cell in module.cells]
        return any("class " in each and "for " in each for each in sources)

    def _import(self, module: Module, found: list[Container]) -> Iterator[Finding]:
        from ._guarded_import import import_fix

        source, imported = self.options.source, self.options.source_name
        for container in found:
            message = (
                f"the container `{container.name}` hides how data flows; "
                f"import it from {source}, with a fallback for testing only"
            )
            yield self._at_class(
                container, message, import_fix(module, container, source, imported)
            )

    def _explicit(self, module: Module, found: list[Container]) -> Iterator[Finding]:
        from ._container_uses import find_uses
        from ._explicit_models import explicit_fix, words

        taken = words(module) if found else set()
        for container in found:
            uses = find_uses(module, container)
            for obstacle in uses.obstacles:
                cell, offset = obstacle.place
                place = module.document.cells[cell]
                yield self.at(place, obstacle.message, start=offset)
            what = f"the container `{container.name}` hides how data flows; "
            if uses.obstacles:
                left = len(uses.obstacles)
                which = "one thing stands" if left == 1 else f"{left} things stand"
                yield self._at_class(container, f"{what}{which} in the way of explicit models")
            else:
                fix = explicit_fix(module, container, uses, taken)
                message = f"{what}write models that name their layers"
                yield self._at_class(container, message, fix)

    def _at_class(self, container: Container, message: str, fix: Fix | None = None) -> Finding:
        start, _ = container.cell.span(container.node)
        return self.at(container.cell.cell, message, fix, start=start)
