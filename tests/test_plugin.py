"""A package of rules, installed by pip from a wheel that is made here."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cli.running import module, run
from tests.lint.test_local_rules import RULE, TWO_CELLS

INFO = "our_rules-1.0.dist-info"
FILES = {
    "our_rules/__init__.py": RULE + "\n\ndef rules():\n    return [UnexplainedCell]\n",
    f"{INFO}/METADATA": "Metadata-Version: 2.1\nName: our-rules\nVersion: 1.0\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{INFO}/entry_points.txt": "[modfix.rules]\nour-course = our_rules:rules\n",
    f"{INFO}/RECORD": "",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which the package is installed."""
    folder = tmp_path_factory.mktemp("plugin")
    wheel = folder / "our_rules-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    target = folder / "installed"
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True, capture_output=True)
    return {"PYTHONPATH": str(target)}


def test_its_rules_are_like_the_built_in_ones(installed: dict[str, str], tmp_path: Path) -> None:
    module(tmp_path, TWO_CELLS)
    for _ in "twice":  # the second answer may be remembered
        found = run("check", "--select", "ABC", cwd=tmp_path, env=installed)
        assert found.stdout.startswith("sums_dev.py:4:1 ABC101 nothing explains this cell\n")
        assert (found.returncode, found.stderr) == (1, "")
    assert "ABC101" in run("rules", cwd=tmp_path, env=installed).stdout
    assert run("test-rules", "ABC", cwd=tmp_path, env=installed).returncode == 0
    (tmp_path / "modfix.toml").write_text("select = ['ABC']\n[rules.ABC101]\ntdo = 'x'\n")
    wrong = run("check", cwd=tmp_path, env=installed)
    message = "modfix.toml:3 [rules.ABC101]: unknown setting `tdo`; did you mean `todo`?"
    assert wrong.stderr == f"error: {message}\n"


def test_without_it_the_code_is_unknown(tmp_path: Path) -> None:
    module(tmp_path, TWO_CELLS)
    assert run("check", "--select", "ABC", cwd=tmp_path).returncode == 2
