"""A rule's examples are its tests: what is bad is found, what is good is not, and the fix of the
one is the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from modfix.document.document import Document
from modfix.document.folder import Folder
from modfix.errors import ModfixError
from modfix.fix.rounds import Repair, repair
from modfix.lint.registry import make_rule
from modfix.lint.run import FAILED, lint
from modfix.rule import Applicability, Example, Finding, Rule
from modfix.settings import Settings

HEADINGS = ("What it does", "Why is this bad?", "Fix safety")


def faults(kind: type[Rule], settings: Settings, others: Iterable[type[Rule]]) -> list[str]:
    """What is wrong with a rule, by its own examples and documentation; nothing for a sound one.

    `others` are the rules that an example may name as companions.
    """
    found = list(_undocumented(kind))
    for number, example in enumerate(kind.examples, 1):
        name = f"example {number}{f' ({example.title})' if example.title else ''}"
        try:
            rules = rules_for(kind, example, settings.rules, others)
            for each in _example_faults(kind, example, rules, settings):
                found.append(f"{name}: {each}")
        except ModfixError as error:
            found.append(f"{name}: {error}")
    return found


def rules_for(
    kind: type[Rule],
    example: Example,
    options: Mapping[str, Mapping[str, Any]],
    others: Iterable[type[Rule]],
) -> list[Rule]:
    """The rule with an example's options, and the companions that run beside it."""
    own = {**options.get(kind.code, {}), **(example.options or {})}
    beside = (each for each in others if each.code in example.companions)
    return [
        make_rule(kind, own, where=f"options of {kind.code}"),
        *(make_rule(each, options.get(each.code, {})) for each in beside),
    ]


def document_of(example: Example, text: str) -> Document:
    """The module of an example, with the files that are to be beside it."""
    beside = {name: inner.encode() for name, inner in (example.beside or {}).items()}
    return Document.from_bytes(Path(example.path), text.encode(), Folder.holding(beside))


def _undocumented(kind: type[Rule]) -> Iterator[str]:
    documentation = kind.__doc__ or ""
    for heading in HEADINGS:
        if heading not in documentation:
            yield f"its docstring does not say: {heading}"
    if not kind.source:
        yield "`source` does not say what it stands on"
    if all(example.bad is None for example in kind.examples):
        yield "no example shows what is bad"
    if all(example.good is None for example in kind.examples):
        yield "no example shows what is good"


def _example_faults(
    kind: type[Rule], example: Example, rules: list[Rule], settings: Settings
) -> Iterator[str]:
    if example.good is not None:
        for finding in lint(document_of(example, example.good), rules, settings):
            yield f"the good text has a finding: {finding.message}"
    if example.bad is None:
        return
    bad = document_of(example, example.bad)
    found = lint(bad, rules, settings)
    yield from (each.message for each in found if each.name == FAILED)
    if not any(each.code == kind.code for each in found):
        yield "the bad text has no finding"
    yield from _unsure(kind, found)
    yield from _fixed(example, bad, rules, settings)


def _unsure(kind: type[Rule], found: Iterable[Finding]) -> Iterator[str]:
    for each in found:
        sure = each.fix.applicability if each.fix is not None else None
        if each.code == kind.code and sure is not None and sure not in kind.fixes:
            yield f"a fix is {sure}, which `fixes` does not list"


def _fixed(example: Example, bad: Document, rules: list[Rule], settings: Settings) -> Iterator[str]:
    done = _repair(bad, rules, settings)
    if not done.changed:
        return
    if example.good is None:
        yield f"it has a fix that no good text shows:\n{done.after.text}"
    elif done.after.text != example.good:
        yield f"the fix gives another text than the good one:\n{done.after.text}"
    elif _repair(done.after, rules, settings).changed:
        yield "fixing a second time changes something"


def _repair(document: Document, rules: list[Rule], settings: Settings) -> Repair:
    return repair(document, rules, settings, _is_made)


def _is_made(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.applicability is not Applicability.DISPLAY
