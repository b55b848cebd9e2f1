"""Every fix, on modules made of real code, as percent scripts and as notebooks: a repair settles,
leaves no fix undone, keeps what parses parseable, is done the second time, changes no line that no
fix names, and leaves every line of IPython's where it is."""

from __future__ import annotations

import ast
import json
import random
from collections.abc import Iterator
from functools import cache, partial

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.fix.apply import apply_fixes
from modfix.fix.rounds import repair_with
from modfix.lint.linter import Linter, make_linter, overridden, wanted
from modfix.lint.registry import rule_types
from modfix.rule import Finding
from modfix.syntax.mask import ipython_lines
from modfix.syntax.module import CodeCell
from tests.generated import library_files, notebook, script

SETTINGS = settings_from({}, where="tests")
FIXING = [kind.code for kind in rule_types() if kind.fixes]
STRATEGIES = ("import", "explicit")


@cache
def linter(strategy: str, *codes: str) -> Linter:
    """The linter for all rules, or for those of some codes."""
    table = {"select": codes} if codes else {}
    return make_linter(overridden(SETTINGS, table, {"strategy": strategy}), where="tests")


def assert_repair_holds(
    document: Document, checker: Linter, trees: dict[str, CodeCell], *, unsafe: bool
) -> None:
    """Repair and check all that must hold; `trees` are parsed cells of earlier calls."""
    asked = partial(wanted, unsafe=unsafe)
    assert_only_named_lines_change(document, checker, trees, unsafe=unsafe)
    result = repair_with(checker, document, asked, cache=trees)
    assert_readable(result.after)
    assert not [each for each in result.left if asked(each)]
    assert not repair_with(checker, result.after, asked, cache=trees).changed
    assert magics(result.after) == magics(document)


def assert_readable(document: Document) -> None:
    """A script is Python; a notebook is JSON (a cell that stops parsing raises in the repair)."""
    if document.is_notebook:
        json.loads(document.text)
    else:
        ast.parse(document.to_bytes())


def magics(document: Document) -> list[str]:
    code = (cell for cell in document.cells if cell.kind == "code")
    return [line for cell in code for line, _ in ipython_lines(cell.source)]


def assert_only_named_lines_change(
    document: Document, checker: Linter, trees: dict[str, CodeCell], *, unsafe: bool
) -> None:
    """After one round all lines that no fix names stand there as before, in their order."""
    found = [f for f in checker.findings(document, trees) if wanted(f, unsafe=unsafe)]
    done = apply_fixes(document, found)
    named = set(_named_lines(document, done.applied))
    old = document.source.raw.split("\n")
    kept = iter(done.document.source.raw.split("\n"))
    for number, line in enumerate(old):
        assert number in named or line in kept, f"line {number + 1} is gone: {line[:200]}"


def _named_lines(document: Document, applied: tuple[Finding, ...]) -> Iterator[int]:
    for finding in applied:
        assert finding.fix is not None
        for each in document.replacements(finding.fix.edits):
            first = document.text.count("\n", 0, each.start)
            last = first + document.text.count("\n", each.start, each.end)
            yield from range(first, last + 1)


def check_files(seed: int, files: int, pool: int, codes: list[str]) -> int:
    """Check modules made of some library files; the rules together, and those of codes alone."""
    rng, checked = random.Random(seed), 0
    for path in rng.sample(library_files()[:pool], files):
        made = script(path, rng)
        if made is None:
            continue
        trees: dict[str, CodeCell] = {}
        for document in (made, notebook(made, rng)):
            for strategy in STRATEGIES:
                assert_repair_holds(document, linter(strategy), trees, unsafe=bool(checked % 2))
            for code in codes:
                assert_repair_holds(
                    document, linter(STRATEGIES[checked % 2], code), trees, unsafe=True
                )
        checked += 1
    return checked


def test_repairs_of_a_few_generated_modules_hold() -> None:
    assert check_files(seed=17, files=4, pool=200, codes=[]) > 0


@pytest.mark.parametrize("seed", range(4))
def test_every_rule_alone_repairs_a_generated_module(seed: int) -> None:
    assert check_files(seed=seed, files=2, pool=400, codes=FIXING[seed::4]) >= 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40))
def test_repairs_of_many_generated_modules_hold(seed: int) -> None:
    assert check_files(seed=seed, files=12, pool=10_000, codes=FIXING) > 0
