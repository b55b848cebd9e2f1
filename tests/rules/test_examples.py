"""The examples of every rule are its tests: what is bad is found, what is good is not, and the
fix makes exactly the one of the other and then nothing more."""

from pathlib import Path

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.document.folder import Folder
from modfix.fix.rounds import repair
from modfix.lint.registry import make_rule, rule_types
from modfix.lint.run import lint
from modfix.rule import Applicability, Example, Rule

SETTINGS = settings_from({}, where="tests")
CASES = [
    pytest.param(kind, example, id=f"{kind.code}-{number}-{example.title}")
    for kind in rule_types()
    for number, example in enumerate(kind.examples)
]


def read(text: str, example: Example) -> Document:
    beside = {name: inner.encode() for name, inner in (example.beside or {}).items()}
    return Document.from_bytes(Path("example_dev.py"), text.encode(), Folder.holding(beside))


def rules_for(kind: type[Rule], example: Example) -> list[Rule]:
    """The rule with the example's options, and the rules that run beside it."""
    defaults = SETTINGS.rules.get(kind.code, {})
    rule = make_rule(kind, {**defaults, **(example.options or {})})
    beside = (each for each in rule_types() if each.code in example.companions)
    return [rule, *(make_rule(each, SETTINGS.rules.get(each.code, {})) for each in beside)]


@pytest.mark.parametrize(("kind", "example"), CASES)
def test_what_is_bad_is_found_and_what_is_good_is_not(kind: type[Rule], example: Example) -> None:
    rules = rules_for(kind, example)
    if example.bad is not None:
        assert lint(read(example.bad, example), rules, SETTINGS), "the bad example has no finding"
    if example.good is not None:
        assert lint(read(example.good, example), rules, SETTINGS) == []


@pytest.mark.parametrize(("kind", "example"), CASES)
def test_a_fix_gives_the_good_example_and_is_done(kind: type[Rule], example: Example) -> None:
    rules = rules_for(kind, example)
    if example.bad is None:
        return  # it shows only what the rule accepts
    result = repair(
        read(example.bad, example),
        rules,
        SETTINGS,
        lambda finding: (
            finding.fix is not None and finding.fix.applicability is not Applicability.DISPLAY
        ),
    )
    if not result.fixed:
        assert result.after.text == example.bad
        return
    assert example.good is not None, "a fix that the examples do not show"
    assert result.after.text == example.good
    assert not repair(result.after, rules, SETTINGS, lambda _: True).changed


@pytest.mark.parametrize("kind", rule_types(), ids=lambda kind: kind.code)
def test_every_rule_is_documented_and_shows_both_sides(kind: type[Rule]) -> None:
    assert kind.__doc__ and kind.source and kind.name
    for heading in ("What it does", "Why is this bad?", "Fix safety"):
        assert heading in kind.__doc__, f"{kind.code} does not say: {heading}"
    assert any(example.bad is not None for example in kind.examples)
    assert any(example.good is not None for example in kind.examples)


@pytest.mark.parametrize("kind", rule_types(), ids=lambda kind: kind.code)
def test_the_fixes_of_the_examples_are_as_sure_as_the_rule_says(kind: type[Rule]) -> None:
    found = {
        finding.fix.applicability
        for example in kind.examples
        if example.bad is not None
        for finding in lint(read(example.bad, example), rules_for(kind, example), SETTINGS)
        if finding.fix is not None
    }
    assert found <= set(kind.fixes)
