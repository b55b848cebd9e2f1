"""Settings: what is found, what is merged, and what a wrong one is told."""

from pathlib import Path

import pytest

from modfix.config import config_for, forget_configs, settings_from
from modfix.errors import ModfixError
from modfix.lint.linter import make_linter

WRONG = [
    ({"slect": ["CMP"]}, "unknown setting `slect`; did you mean `select`?"),
    ({"nbgrader": {"pionts": {}}}, "unknown setting `nbgrader.pionts`; did you mean `points`?"),
    ({"verify": {"timeout": "long"}}, "`verify.timeout`: expected `float`, got `str`"),
    ({"names": {"tests": "test_*"}}, "`names.tests`: expected `array`, got `str`"),
    ({"standard": "modul-17"}, "unknown standard `modul-17`; did you mean `module-17`?"),
    ({"verify": {"timeout": -1}}, "`verify.timeout`: expected `float` > 0.0"),
    ({"verify": {"steps": []}}, "`verify.steps`: expected `array` of length >= 1"),
    (
        {"verify": {"steps": ["rnu"]}},
        "`verify.steps[0]`: there is no `rnu`; did you mean `run`?",
    ),
    ({"nbgrader": {"points": {"default": -5}}}, "`nbgrader.points.default`: expected `float` >="),
    ({"verify": {"xyzzy": 1}}, "unknown setting `verify.xyzzy`; known here: timeout"),
]


@pytest.mark.parametrize(("table", "message"), WRONG)
def test_a_wrong_setting_is_told_with_the_nearest_right_one(
    table: dict[str, object], message: str
) -> None:
    with pytest.raises(ModfixError) as caught:
        settings_from(table, where="modfix.toml")
    assert str(caught.value).startswith(f"modfix.toml: {message}")


def test_tables_are_laid_over_the_standard_key_by_key() -> None:
    settings = settings_from({"nbgrader": {"points": {"default": 7}}}, where="t")
    assert settings.nbgrader.points.default == 7
    assert settings.nbgrader.points.by_name == {"test_module": 20}
    assert settings.nbgrader.ids["test_module"] == "test-module-integration"


def test_the_nearest_configuration_wins(tmp_path: Path) -> None:
    course, module = tmp_path, tmp_path / "modules" / "01"
    module.mkdir(parents=True)
    (course / "pyproject.toml").write_text("[tool.modfix]\nignore = ['RUN']\n")
    assert config_for(module / "a.py").settings.ignore == ("RUN",)
    (course / "modules" / "modfix.toml").write_text("ignore = ['NBG']\n")
    forget_configs()
    other = course / "modules" / "02"
    other.mkdir()
    assert config_for(other / "a.py").settings.ignore == ("NBG",)


def test_a_project_without_a_table_of_ours_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert config_for(tmp_path / "a.py").path is None


def test_broken_toml_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "modfix.toml").write_text("select = [\n")
    with pytest.raises(ModfixError, match=r"modfix\.toml: this is not TOML: "):
        config_for(tmp_path / "a.py")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"select": ["RUN10"]}, None),
        ({"select": ["RNU101"]}, "unknown rule `RNU101`; did you mean `RUN101`?"),
        ({"ignore": ["XYZ"]}, "unknown rule `XYZ`; see `modfix rules`"),
        ({"select": ["run101"]}, "unknown rule `run101`; did you mean `RUN101`?"),
        ({"rules": {"CMP111": {}}}, "`rules`: unknown rule `CMP111`; did you mean `CMP101`?"),
        (
            {"rules": {"CMP": {"strategy": "import"}}},
            "`rules`: unknown rule `CMP`; did you mean `CMP101`?",
        ),
        ({"rules": {"CMP101": {"strategie": "import"}}}, "strategie"),
        ({"rules": {"CMP101": {"strategy": "imprt"}}}, "imprt"),
    ],
)
def test_rules_and_their_options_are_checked(table: dict[str, object], message: str | None) -> None:
    settings = settings_from(table, where="t")
    if message is None:
        make_linter(settings, where="modfix.toml")
        return
    with pytest.raises(ModfixError) as caught:
        make_linter(settings, where="modfix.toml")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"CMP101": {"strateg": "import"}}, "unknown setting `strateg`; did you mean `strategy`?"),
        (
            {"CMP101": {"strategy": "explizit"}},
            "`strategy`: there is no `explizit`; did you mean `explicit`?",
        ),
        (
            {"SYS101": {"analyses": [{"functio": "f"}]}},
            "unknown setting `analyses[0].functio`; did you mean `function`?",
        ),
        ({"RUN101": {"x": 1}}, "unknown setting `x`; there are none here"),
    ],
)
def test_a_rules_own_options_are_told_like_settings(
    table: dict[str, dict[str, object]], message: str
) -> None:
    code = next(iter(table))
    with pytest.raises(ModfixError) as caught:
        make_linter(settings_from({"rules": table}, where="t"), where="modfix.toml")
    assert str(caught.value) == f"modfix.toml [rules.{code}]: {message}"
