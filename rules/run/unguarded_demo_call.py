"""RUN102: demos and analyses that run whenever the module is imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Applicability, Example, Finding, Module, Rule

from ._unguarded import unguarded_calls


class UnguardedDemoCall(Rule):
    """A demo or an analysis is called at module level, outside of a main guard.

    ## What it does
    Finds bare calls of the module's demos and analyses (the names in the setting
    `names.demos`), also with arguments, and calls without arguments of imported ones.
    A file that exports nothing, and whose tests and demos all need arguments, is no course
    module: its `test_loop(model)` is a step of its work.

    ## Why is this bad?
    Analyses measure and print: they are the slowest part of a module, and whoever imports
    one function of it waits for all of them.

    ## Fix safety
    Safe, as for RUN101: the call is guarded after its definition if the module is the same
    there for all that the demo needs, otherwise where it stands.
    """

    code = "RUN102"
    name = "unguarded-demo-call"
    fixes = (Applicability.SAFE,)
    phase = 0
    source = "Critical Fixes Required for Module 17, Fix 2, item 8"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="an analysis after its definition",
            bad="""# %%
def analyze_memory():
    print("memory")

analyze_memory()
""",
            good="""# %%
def analyze_memory():
    print("memory")

if __name__ == "__main__":
    analyze_memory()
""",
        ),
        Example(
            title="several demos at the end of a cell",
            bad="""# %%
def demo_small(size=1):
    print("small", size)

def demo_large():
    print("large")

demo_small(
    size=2,
)
demo_large()
""",
            good="""# %%
def demo_small(size=1):
    print("small", size)

if __name__ == "__main__":
    demo_small(
        size=2,
    )

def demo_large():
    print("large")

if __name__ == "__main__":
    demo_large()
""",
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield each bare call of a demo."""
        yield from unguarded_calls(self, module, module.is_demo, "demo")
