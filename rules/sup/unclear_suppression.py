"""SUP102: a suppression that names no rule, or one that does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from modfix.nearest import closest, nearest
from modfix.rule import Example, Finding, Ledger, Module, Options, Rule, Suppression


class UnclearSuppressionOptions(Options, frozen=True):
    """`require-reason` wants words after the brackets."""

    require_reason: bool = False


class UnclearSuppression(Rule):
    """A suppression names no rule, or one that does not exist.

    ## What it does

    Wants at least one code, or the beginning of codes, in `# modfix: ignore[…]`, each that of a
    rule. With `require-reason` it also wants a reason behind the brackets.

    ## Why is this bad?

    Such a suppression does nothing: the finding that it was written for is still reported, or
    comes back when a code is mistyped. And a suppression without a reason is a riddle next year.

    ## Fix safety

    There is no fix: only its author knows what was meant.
    """

    code = "SUP102"
    name = "unclear-suppression"
    source = "modfix, the section on suppressions in its README"
    options_type = UnclearSuppressionOptions
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="no rule of that name",
            bad="""\
# %%
x = 1  # modfix: ignore[RNU101]
""",
            good=None,
        ),
        Example(
            title="no code",
            bad="""\
# %%
x = 1  # modfix: ignore
""",
            good=None,
        ),
        Example(
            title="a family with its reason",
            bad=None,
            good="""\
# %%
x = 1  # modfix: ignore[RUN] the lecture shows what an import does
""",
            options={"require-reason": True},
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Nothing: it looks at suppressions, when the other rules have run."""
        yield from ()

    def review(self, module: Module, ledger: Ledger) -> Iterator[Finding]:
        """Yield a finding for each suppression without a code, or with an unknown one."""
        for each in ledger.suppressions:
            for message in self._faults(each, ledger):
                start = None if each.tag is not None else each.start
                yield self.at(module.document.cells[each.cell], message, start=start)

    def _faults(self, suppression: Suppression, ledger: Ledger) -> Iterator[str]:
        if not suppression.codes:
            yield "this suppression names no rule: write `modfix: ignore[CODE]`"
        for code, _ in suppression.codes:
            if not any(each.startswith(code) for each in ledger.known):
                yield _unknown(code, ledger)
        if self.options.require_reason and suppression.codes and not suppression.reason:
            yield "this suppression gives no reason: write one after the brackets"


def _unknown(code: str, ledger: Ledger) -> str:
    """What to say of a code that no rule has: a name is no code."""
    if code in ledger.names:
        of = ledger.names[code]
        return f"`{code}` is the name of {of}: write `ignore[{of}]`"
    hint = nearest(code.upper(), ledger.known) or _by_name(code, ledger.names)
    return f"there is no rule `{code}`; {hint or 'see `modfix rules`'}"


def _by_name(code: str, names: Mapping[str, str]) -> str:
    close = closest(code.lower(), names)
    return "" if close is None else f"did you mean `{names[close]}` ({close})?"
