"""The examples of every rule are its tests: what is bad is found, what is good is not, and the
fix makes exactly the one of the other and then nothing more."""

import pytest

from modfix.config import settings_from
from modfix.fix.examples import faults
from modfix.lint.registry import rule_types
from modfix.rule import Rule

SETTINGS = settings_from({}, where="tests")


@pytest.mark.parametrize("kind", rule_types(), ids=lambda kind: kind.code)
def test_a_rule_is_what_its_examples_and_its_documentation_say(kind: type[Rule]) -> None:
    assert faults(kind, SETTINGS, rule_types()) == []
