"""Settings in layers: what extends what, which value wins, and where each comes from."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from modfix.config import config_for, forget_configs
from modfix.config.key_lines import line_of
from modfix.config.schema import configuration_schema
from modfix.config.standards import standard_names
from modfix.errors import ModfixError
from modfix.lint.linter import make_linter
from modfix.lint.registry import rule_types
from tests.cli.running import run

SCHEMA = configuration_schema({kind.code: kind.options_type for kind in rule_types()})


def write(folder: Path, **files: str) -> None:
    """Write TOML files: `own` is `modfix.toml`, the others are called `<name>.toml`."""
    for name, text in files.items():
        (folder / ("modfix.toml" if name == "own" else f"{name}.toml")).write_text(text)
    forget_configs()


WINS: list[tuple[dict[str, str], str, Any, str]] = [
    ({"own": ""}, "verify.timeout", 120.0, "default"),
    ({"own": ""}, "nbgrader.points.default", 5.0, "standard module-17:"),
    ({"own": "\n[nbgrader.points]\ndefault = 7"}, "nbgrader.points.default", 7.0, "modfix.toml:3"),
    ({"own": "extend = 'a.toml'", "a": "ignore = ['RUN']"}, "ignore", ("RUN",), "a.toml:1"),
    (
        {"own": "extend = 'a.toml'\nignore = ['CMP']", "a": "ignore = ['RUN']"},
        "ignore",
        ("CMP",),
        "modfix.toml:2",
    ),
    (
        {"own": "extend = ['a.toml', 'b.toml']", "a": "ignore = ['A']", "b": "ignore = ['B']"},
        "ignore",
        ("B",),
        "b.toml:1",
    ),
    (
        {"own": "extend = 'a.toml'", "a": "extend = 'b.toml'", "b": "ignore = ['B']"},
        "ignore",
        ("B",),
        "b.toml:1",
    ),
    (
        {"own": "standard = 'ours.toml'", "ours": "standard = 'nbgrader'\nignore = ['EXP']"},
        "ignore",
        ("EXP",),
        "ours.toml:2",
    ),
    (
        {"own": "standard = 'ours.toml'", "ours": "[nbgrader.points]\ndefault = 9"},
        "nbgrader.points.default",
        9.0,
        "ours.toml:2",
    ),
    (
        {"own": "extend = 'a.toml'", "a": "standard = 'ours.toml'", "ours": "ignore = ['X']"},
        "ignore",
        ("X",),
        "ours.toml:1",
    ),
]


@pytest.mark.parametrize(("files", "dotted", "value", "place"), WINS)
def test_which_layer_wins(
    files: dict[str, str], dotted: str, value: object, place: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, **files)
    config = config_for(tmp_path / "a_dev.py")
    found: Any = config.settings
    for key in dotted.split("."):
        found = getattr(found, key)
    assert found == value
    assert config.origin(dotted.split(".")).startswith(place)


WRONG = [
    ({"own": "extend = 'no.toml'"}, "modfix.toml:1: `extend`: there is no file `no.toml`"),
    (
        {"own": "[severity]\nNBG301 = 'error'\nRUN101 = 'warn'"},
        "modfix.toml:3: `severity.RUN101`: there is no `warn`; did you mean `warning`?",
    ),
    (
        {"own": "severity = { NBG301 = 'error', RUN = 3 }"},
        "modfix.toml:1: `severity.RUN`: expected `str`, got `int`",
    ),
    (
        {"own": "[per-file-ignores]\n'a/' = ['RUN']\n'b.c/[d]' = 'RUN'"},
        'modfix.toml:3: `per-file-ignores."b.c/[d]"`: expected `array`, got `str`',
    ),
    (
        {"own": "[per-file-ignores]\n'a/' = ['RUN', 3]"},
        'modfix.toml:2: `per-file-ignores."a/"[1]`: expected `str`, got `int`',
    ),
    (
        {"own": "[nbgrader.templates.test]\nprefix = 'x'\ngrade = 1"},
        "modfix.toml:3: `nbgrader.templates.test.grade`: expected `bool`, got `int`",
    ),
    (
        {"own": "[nbgrader.templates.test]\ngrad = true"},
        "modfix.toml:2: unknown setting `nbgrader.templates.test.grad`; did you mean `grade`?",
    ),
    (
        {"own": "[nbgrader.points.by-name]\na = 1\nb = 'x'"},
        "modfix.toml:3: `nbgrader.points.by-name.b`: expected `float`, got `str`",
    ),
    ({"own": "[rules]\nCMP101 = 3"}, "modfix.toml:2: `rules.CMP101`: expected `table`, got `int`"),
    (
        {"own": "extend = 'a.toml'", "a": "[severity]\nRUN = 3"},
        "a.toml:2: `severity.RUN`: expected `str`, got `int`",
    ),
    ({"own": "x = 1\n"}, "modfix.toml:1: unknown setting `x`"),
    ({"own": "\ufeff\nx = 1\n"}, "modfix.toml:2: unknown setting `x`"),
    ({"own": "\n[tool.modfix]\n"}, "modfix.toml:2: `[tool.modfix]` is for a pyproject.toml; take"),
    ({"own": "\nextend = 3"}, "modfix.toml:2: `extend`: expected `str | array`, got `int`"),
    ({"own": "extend = 'a.toml'", "a": "\nx = 1"}, "a.toml:2: unknown setting `x`"),
    ({"own": "extend = 'modfix.toml'"}, "modfix.toml:1: the configuration extends itself"),
    (
        {"own": "extend = 'a.toml'", "a": "extend = 'modfix.toml'"},
        "modfix.toml:1: the configuration extends itself",
    ),
    ({"own": "standard = 'no.toml'"}, "modfix.toml:1: no such standard: there is no file `no.toml"),
    ({"own": "standard = 'nbgradr'"}, "modfix.toml:1: unknown standard `nbgradr`; did you mean"),
    (
        {"own": "standard = 'a.toml'", "a": "standard = 'a.toml'"},
        "a.toml:1: the standard `a.toml` builds on itself",
    ),
    ({"own": "standard = 'a.toml'", "a": "y = 1"}, "a.toml:1: unknown setting `y`"),
]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[severity]\nRUN101 = 'error'\nNBG3011 = 'error'\n", "modfix.toml:3: `severity`: "),
        ("\n[rules.RUN101]\n[rules.CMP999]\n", "modfix.toml:3: `rules`: "),
        (
            "[per-file-ignores]\n'a/' = ['RUN']\n'b.c/*.py' = ['XYZ']\n",
            "modfix.toml:3: `per-file-ignores`: ",
        ),
        (
            "ignore = []\nper-file-ignores.'[b]/' = ['RUN', 'XYZ']\n",
            "modfix.toml:2: `per-file-ignores`: ",
        ),
        ("\nselect = ['XYZ']\n", "modfix.toml:2: `select`: "),
    ],
)
def test_an_unknown_code_is_named_with_its_own_line(
    text: str, place: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, own=text)
    config = config_for(tmp_path / "a_dev.py")
    with pytest.raises(ModfixError) as caught:
        make_linter(config.settings, where=config.place)
    assert str(caught.value).startswith(f"{place}unknown rule ")


@pytest.mark.parametrize(("files", "message"), WRONG)
def test_a_wrong_layer_is_named_with_its_line(
    files: dict[str, str], message: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, **files)
    with pytest.raises(ModfixError) as caught:
        config_for(tmp_path / "a_dev.py")
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("name", standard_names())
def test_every_standard_is_whole_and_names_rules_that_exist(name: str, tmp_path: Path) -> None:
    write(tmp_path, own=f"standard = '{name}'")
    config = config_for(tmp_path / "a_dev.py")
    assert config.settings.standard == name
    assert make_linter(config.settings, where=config.place).rules


TOML = '''\
a = 1
text = """
b = 2
"""
list = [
  "x = 3",
]
[table]
"quoted key" = 4
[[table.rows]]
c = 5
[[table.rows]]
c = 6
[table . inner]
d.e = 7
'''


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("a", 1),
        ("text", 2),
        ("b", None),
        ("x", None),
        ("list", 5),
        ("table", 8),
        ("table/quoted key", 9),
        ("table/rows/0/c", 11),
        ("table/rows/1/c", 13),
        ("table/inner/d/e", 15),
        ("table/inner/f", 14),
    ],
)
def test_the_line_of_a_key(keys: str, line: int | None) -> None:
    assert tomllib.loads(TOML) and line_of(TOML, tuple(keys.split("/"))) == line


def test_what_config_prints_is_a_configuration_that_means_the_same(tmp_path: Path) -> None:
    write(tmp_path, own="ignore = ['RUN']\n[verify]\ntimeout = 7.5\n[rules.CMP101]\nnames = ['S']")
    first = run("config", cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert "verify.timeout = 7.5  # modfix.toml:3" in first.stdout.splitlines()
    assert "verify.memory = 4096  # default" in first.stdout.splitlines()
    again = tmp_path / "again"
    again.mkdir()
    (again / "modfix.toml").write_text(first.stdout)
    second = run("config", "again", cwd=tmp_path)

    def without_places(text: str) -> list[str]:
        return [line.partition("  # ")[0] for line in text.splitlines()]

    assert without_places(second.stdout) == without_places(first.stdout)
    rows = json.loads(run("config", "--output-format", "json", cwd=tmp_path).stdout)
    assert rows["verify.timeout"] == {"value": 7.5, "from": "modfix.toml:3"}


SCHEMA_CASES = [
    ({}, True),
    ({"select": ["RUN"], "rules": {"CMP101": {"strategy": "explicit"}}}, True),
    ({"nbgrader": {"templates": {"test": {"grade": True}}}}, True),
    ({"slect": []}, False),
    ({"select": "RUN"}, False),
    ({"verify": {"timeout": -1}}, False),
    ({"rules": {"CMP101": {"strategy": "explizit"}}}, False),
    ({"rules": {"CMP999": {}}}, False),
    ({"severity": {"RUN": "fatal"}}, False),
]


@pytest.mark.parametrize(("table", "valid"), SCHEMA_CASES)
def test_the_schema_accepts_what_modfix_accepts(table: dict[str, Any], valid: bool) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert jsonschema.Draft202012Validator(SCHEMA).is_valid(table) is valid


def test_the_command_prints_that_schema(tmp_path: Path) -> None:
    assert json.loads(run("config", "--schema", cwd=tmp_path).stdout) == json.loads(
        json.dumps(SCHEMA)
    )
