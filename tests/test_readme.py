"""Everything that the README shows is what really prints."""

import re
from pathlib import Path

from tests.readme import README, RULES, rendered, rule_index, without_times


def test_the_readme_shows_what_really_prints() -> None:
    text = README.read_text(encoding="utf-8")
    assert without_times(rendered(text)) == without_times(text)


def test_the_index_of_rules_is_what_the_rules_say() -> None:
    assert RULES.read_text(encoding="utf-8") == rule_index()


def test_every_make_target_that_the_readme_names_exists() -> None:
    makefile = (README.parent / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README.read_text("utf-8"), re.MULTILINE))
    assert named and all(f"\n{target}:" in makefile for target in named)


def test_every_file_that_the_readme_links_exists() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README.read_text(encoding="utf-8"))
    assert [link for link in links if not (README.parent / Path(link)).exists()] == []
