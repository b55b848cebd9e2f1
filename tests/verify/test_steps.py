"""Each step, on modules that it passes, fails and skips."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from modfix.config import settings_from
from modfix.verify.run import STEPS, verify
from modfix.verify.verdict import Place, StepResult
from tests.verify.modules import line_of, settings, step, write


def marker(grade_id: str, *, graded: bool) -> str:
    flags = {"grade": graded, "grade_id": grade_id, "locked": graded, "points": 5}
    rest = {"schema_version": 3, "solution": not graded, "task": False}
    if not graded:
        del flags["points"]
    return "# %% nbgrader=" + json.dumps({**flags, **rest})


IMPLEMENTATION, TEST = marker("cell-add", graded=False), marker("test-add", graded=True)
GOOD = f"""\
# %% [markdown]
# Sums

{IMPLEMENTATION}
#| export
def add(a, b):
    return a + b

{TEST}
def test_unit_add():
    assert add(1, 2) == 3, "one and two make three"

if __name__ == "__main__":
    test_unit_add()
"""
BAD = GOOD.replace("a + b", "a - b")

IMPORTS = {
    "silent": ("x = 1\n", ""),
    "prints": ("# %%\nprint()\nprint('hello')\n", "importing prints 'hello'"),
    "prints below": ("def f():\n    print('deep')\n\nf()\n", "importing prints 'deep'"),
    "writes to stderr": ("import sys\nsys.stderr.write('oh')\n", "importing prints 'oh'"),
    "writes past Python": ("import os\nos.write(1, b'raw')\n", "importing prints 'raw'"),
    "logs": ("import logging\nlogging.error('bad')\n", "importing prints 'ERROR:root:bad'"),
    "warns only": ("import warnings\nwarnings.warn('old')\nx = '\\d'\n", ""),
    "runs a test": ("def test_a():\n    pass\n\ntest_a()\n", "importing runs `test_a`"),
    "runs a demo": ("def analyze_a():\n    pass\nanalyze_a()\n", "importing runs `analyze_a`"),
    "has a method that looks like one": (
        "class A:\n    def test_a(self): pass\n\nA().test_a()\n",
        "",
    ),
    "guards": ("def test_a():\n    pass\nif __name__ == '__main__':\n    test_a()\n", ""),
    "has true __all__": ("__all__ = ['a']\na = 1\n", ""),
    "has false __all__": (
        "__all__ = ['a', 'b', 'c']\na = 1\n",
        "`__all__` names what the module does not define: `b`, `c`",
    ),
    "has odd __all__": ("__all__ = [1]\n", "`__all__` names what the module does not define: `1`"),
    "breaks": ("import nowhere_to_be_found\n", "ModuleNotFoundError"),
}


@pytest.mark.parametrize(("text", "reason"), IMPORTS.values(), ids=IMPORTS)
def test_import(tmp_path: Path, text: str, reason: str) -> None:
    result = step(write(tmp_path, text), "import")
    assert (result.outcome, bool(result.reason)) == (
        ("failed", True) if reason else ("passed", False)
    )
    assert result.reason.startswith(reason), result


def test_import_tells_where_and_all_that_it_saw(tmp_path: Path) -> None:
    document = write(tmp_path, "# %%\nprint(1)\n\n# %%\ndef test_a():\n    pass\ntest_a()\n")
    result = step(document, "import")
    assert result.reason == "importing runs `test_a`"
    assert result.place == Place(1, None, 3, 7)
    assert result.faults == {"runs test_a", "prints"}
    assert "also: importing prints '1'" in result.detail


def test_import_tells_who_prints(tmp_path: Path) -> None:
    document = write(tmp_path, "# %%\nimport noisy\n")
    (tmp_path / "noisy.py").write_text("print('boo')\n")
    result = step(document, "import")
    assert result.reason == "importing prints 'boo' (printed by noisy.py, line 1)"
    assert result.place is not None and result.place.line == 2


@pytest.mark.parametrize("name", ["17 sums-dev.py", "01_größe.py", "a.b.py"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_any_file_name_and_line_end_will_do(tmp_path: Path, name: str, ends: str) -> None:
    text = GOOD + "\ndef test_module():\n    test_unit_add()\n"
    document = write(tmp_path, text.replace("\n", ends), name)
    verdict = verify(document, settings(), only=["run", "import", "pytest", "integration"])
    assert [s.outcome for s in verdict.steps] == ["passed"] * 4, verdict


def test_the_name_of_a_standard_module_will_do(tmp_path: Path) -> None:
    document = write(tmp_path, "assert __file__.endswith('json.py')\n", "json.py")
    verdict = verify(document, settings(), only=["run", "import"])
    assert verdict.passed, verdict


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_failing_test_is_placed(tmp_path: Path, ends: str) -> None:
    document = write(tmp_path, BAD.replace("\n", ends))
    line = line_of(document, "assert")
    for result in verify(document, settings(), only=["run", "pytest"]).steps:
        assert result.outcome == "failed" and not result.broken
        assert "AssertionError: one and two make three" in result.reason
        assert result.place == Place(2, "test-add", 2, line)
        assert result.detail.startswith(f"line {line}: assert add(1, 2) == 3")


PYTEST = {
    "no test": ("x = 1\n", "skipped", "pytest found no test"),
    "a fixture that is not there": ("def test_a(model): pass\n", "failed", "test_a fails: "),
    "an import that fails": (
        "import nowhere_at_all\n",
        "failed",
        "importing fails: ModuleNotFoundError",
    ),
    "two that fail": (
        "def test_a(): assert 0\ndef test_b(): 1/0\ndef test_c(): pass\n",
        "failed",
        "test_a fails (and 1 more): AssertionError: assert 0",
    ),
    "all skipped": (
        "import pytest\n@pytest.mark.skip\ndef test_a(): pass\n",
        "passed",
        "",
    ),
    "expected to fail": (
        "import pytest\n@pytest.mark.xfail\ndef test_a(): assert 0\n",
        "passed",
        "",
    ),
    "leaves while collected": (
        "raise SystemExit(0)\ndef test_a(): pass\n",
        "failed",
        "exited with",
    ),
}


@pytest.mark.parametrize(("text", "outcome", "reason"), PYTEST.values(), ids=PYTEST)
def test_pytest(tmp_path: Path, text: str, outcome: str, reason: str) -> None:
    # A configuration in the module's folder has no say.
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    result = step(write(tmp_path, text), "pytest")
    assert result.outcome == outcome, result
    assert result.reason.startswith(reason)


INTEGRATION = {
    "none": ("x = 1\n", "skipped", "the module defines no `test_module`"),
    "only mentioned": ("# test_module\n", "skipped", "the module defines no `test_module`"),
    "good": ("def test_module(): print('fine')\n", "passed", ""),
    "bad": ("def test_module():\n    assert 1 == 2, 'no'\n", "failed", "AssertionError: no"),
}


@pytest.mark.parametrize(("text", "outcome", "reason"), INTEGRATION.values(), ids=INTEGRATION)
def test_integration(tmp_path: Path, text: str, outcome: str, reason: str) -> None:
    result = step(write(tmp_path, text), "integration")
    assert (result.outcome, result.reason) == (outcome, reason)


CONFTEST = """
import importlib.util, pytest

def pytest_addoption(parser):
    parser.addoption("--implementation")

@pytest.fixture
def module(request):
    spec = importlib.util.spec_from_file_location("m", request.config.getoption("implementation"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
"""


class TestReference:
    def suite(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "conftest.py").write_text(CONFTEST)
        (folder / "test_contract.py").write_text(
            "def test_add(module): assert module.add(2, 2) == 4"
        )

    def test_is_skipped_without_a_folder(self, tmp_path: Path) -> None:
        result = step(write(tmp_path, GOOD), "reference")
        assert (result.outcome, result.reason) == (
            "skipped",
            "there is no folder `reference` beside the module",
        )

    def test_is_skipped_without_a_test(self, tmp_path: Path) -> None:
        (tmp_path / "reference").mkdir()
        result = step(write(tmp_path, GOOD), "reference")
        assert (result.outcome, result.reason) == (
            "skipped",
            "there is no test file in `reference`",
        )

    def test_holds_the_module_to_the_contract(self, tmp_path: Path) -> None:
        self.suite(tmp_path / "reference")
        assert step(write(tmp_path, GOOD), "reference").outcome == "passed"
        result = step(write(tmp_path, BAD), "reference")
        assert result.outcome == "failed"
        assert result.reason.startswith("test_add fails: AssertionError: assert 0 == 4")
        assert "raised at reference/test_contract.py, line 1" in result.detail

    def test_may_stand_elsewhere(self, tmp_path: Path) -> None:
        self.suite(tmp_path / "contracts" / "sums")
        document = write(tmp_path / "sums", BAD)
        result = step(document, "reference", reference="../contracts/sums")
        assert result.reason.startswith("test_add fails")


NOTEBOOK = {
    "complete": (GOOD, "", None),
    "no metadata": (GOOD + "\n# %%\nx = 1\n", "cell 3 has no nbgrader metadata", 0),
    "before the first marker": ("x = 1\n", "cell 0 has no nbgrader metadata", 1),
    "incomplete": (
        GOOD.replace('"locked": false, ', ""),
        "cell 1 (`cell-add`) lacks locked",
        0,
    ),
    "no points": (GOOD.replace('"points": 5, ', ""), "cell 2 (`test-add`) lacks points", 0),
    "old schema": (
        GOOD.replace('"schema_version": 3', '"schema_version": 2'),
        "cell 1 (`cell-add`) has schema_version 2 instead of 3 (and 1 more)",
        0,
    ),
    "unreadable": (
        GOOD.replace('"solution": true', '"solution": yes'),
        "cell 1 has no nbgrader",
        0,
    ),
    "invalid kernel": (
        "# ---\n# jupyter:\n#   kernelspec: 3\n# ---\n\n" + GOOD,
        "jupytext cannot convert it: AttributeError: ",
        None,
    ),
}


@pytest.mark.parametrize(("text", "reason", "cell_line"), NOTEBOOK.values(), ids=NOTEBOOK)
def test_notebook(tmp_path: Path, text: str, reason: str, cell_line: int | None) -> None:
    result = step(write(tmp_path, text), "notebook")
    assert result.outcome == ("failed" if reason else "passed"), result
    assert result.reason.startswith(reason)
    assert (None if result.place is None else result.place.cell_line) == cell_line


LEGAL = {
    "a cell without metadata": (GOOD + "\n# %%\nx = 1\n", "nbgrader", ""),
    "no task key": (GOOD.replace(', "task": false', ""), "nbgrader", ""),
    "no flag": (GOOD.replace('"locked": false, ', ""), "nbgrader", "cell 1 (`cell-add`) lacks lo"),
    "an old schema": (
        GOOD.replace('version": 3', 'version": 2'),
        "nbgrader",
        "cell 1 (`cell-add`)",
    ),
    "unreadable": (GOOD.replace(": true", ": yes"), "nbgrader", "cell 1 has no nbgrader"),
    "a module of nbdev": ("# %%\n#| export\nx = 1\n", "nbdev", ""),
}


@pytest.mark.parametrize(("text", "standard", "reason"), LEGAL.values(), ids=LEGAL)
def test_notebook_asks_for_the_metadata_that_the_standard_asks_for(
    tmp_path: Path, text: str, standard: str, reason: str
) -> None:
    given = settings_from({"standard": standard}, where="tests")
    (result,) = verify(write(tmp_path, text), given, only=["notebook"]).steps
    assert result.outcome == ("failed" if reason else "passed"), result
    assert result.reason.startswith(reason)


UNNAMED = GOOD.replace('"grade_id": "test-add", ', "")
NBGRADER = {
    "good": (GOOD, "passed", "", ""),
    "bad": (
        BAD,
        "failed",
        "the graded cell `test-add` fails: AssertionError: one and two make three",
        "assert add",
    ),
    "refused": (
        UNNAMED,
        "failed",
        "nbgrader refuses the notebook: cell 2: nbgrader cell does not have a grade_id",
        '# %% nbgrader={"grade": true',
    ),
    "ungraded": ("# %%\nassert False\n", "passed", "no graded cell", ""),
    "noisy": (
        GOOD + "    import sys\n    sys.stderr.write('oh')\n",
        "failed",
        "the graded cell `test-add` fails: it writes to stderr, which nbgrader counts",
        "def test_unit_add",
    ),
    "deadly": (
        GOOD + "    import os\n    os._exit(0)\n",
        "failed",
        "the kernel died",
        "def test_unit",
    ),
    "for another language": (
        "# ---\n# jupyter:\n#   kernelspec:\n#     display_name: R\n#     language: R\n"
        "#     name: ir\n# ---\n\n" + GOOD,
        "skipped",
        "the notebook's kernel is for r, not for Python",
        "",
    ),
}


@pytest.mark.parametrize(("text", "outcome", "reason", "blamed"), NBGRADER.values(), ids=NBGRADER)
def test_nbgrader(tmp_path: Path, text: str, outcome: str, reason: str, blamed: str) -> None:
    pytest.importorskip("nbgrader")
    document = write(tmp_path, text)
    result = step(document, "nbgrader")
    assert result.outcome == outcome, result
    assert result.reason.startswith(reason)
    if blamed:
        assert result.place is not None and result.place.line == line_of(document, blamed)


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter without any package."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return str(folder / "bin" / "python")


def test_what_is_not_installed_is_skipped_and_never_passed(
    tmp_path: Path, bare_python: str
) -> None:
    document = write(tmp_path, GOOD)
    verdict = verify(
        document, settings(python=bare_python), only=["run", "import", "nbgrader", "pytest"]
    )
    outcomes = {s.step: (s.outcome, s.reason) for s in verdict.steps}
    assert outcomes["run"] == outcomes["import"] == ("passed", "")
    assert outcomes["nbgrader"] == (
        "skipped",
        'nbgrader is not installed (pip install "modfix[nbgrader]")',
    )
    assert outcomes["pytest"][0] == "skipped" and "pytest is not installed" in outcomes["pytest"][1]


class TestCoursePackages:
    def course(self, root: Path, module: str) -> StepResult:
        (root / ".git").mkdir()
        package = root / "modules" / "tinycourse" / "core"
        package.mkdir(parents=True)
        (package.parent / "__init__.py").write_text("")
        (package / "__init__.py").write_text("VALUE = 3\n")
        return step(write(root / "modules" / "17_sums", module), "run")

    def test_are_found_above_the_module(self, tmp_path: Path) -> None:
        text = "from tinycourse.core import VALUE\nassert VALUE == 3\n"
        assert self.course(tmp_path, text).outcome == "passed"

    def test_are_found_from_within_functions_and_beside_magics(self, tmp_path: Path) -> None:
        text = "def f():\n    import tinycourse.core as c\n    return c.VALUE\nassert f() == 3\n"
        assert self.course(tmp_path, text).outcome == "passed"

    def test_a_configuration_of_the_module_is_no_root(self, tmp_path: Path) -> None:
        (tmp_path / "modules" / "17_sums").mkdir(parents=True)
        (tmp_path / "modules" / "17_sums" / "modfix.toml").write_text("")
        assert self.course(tmp_path, "import tinycourse.core\n").outcome == "passed"

    def test_modules_beside_are_found(self, tmp_path: Path) -> None:
        (tmp_path / "modules" / "01_first").mkdir(parents=True)
        (tmp_path / "modules" / "01_first" / "first_dev.py").write_text("x = 1\n")
        assert self.course(tmp_path, "from first_dev import x\n").outcome == "passed"

    def test_are_not_looked_for_above_the_project(self, tmp_path: Path) -> None:
        (tmp_path / "tinyother.py").write_text("")
        project = tmp_path / "project"
        project.mkdir()
        result = self.course(project, "import tinyother\n")
        assert result.reason == "ModuleNotFoundError: No module named 'tinyother'"

    def test_settings_add_folders(self, tmp_path: Path) -> None:
        (tmp_path / "lib").mkdir()
        (tmp_path / "lib" / "tinyother.py").write_text("")
        document = write(tmp_path / "course" / "a", "import tinyother\n")
        assert step(document, "run").outcome == "failed"
        table = settings(**{"python-path": ["lib"]})
        (result,) = verify(document, table, only=["run"], base=tmp_path).steps
        assert result.outcome == "passed", result


def test_steps_run_in_order_and_are_announced(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    document = write(tmp_path, GOOD)
    verdict = verify(
        document,
        settings(steps=["notebook", "run"]),
        on_step=lambda title, result: told.append((title, result.outcome if result else "")),
    )
    assert verdict.passed and [s.step for s in verdict.steps] == ["run", "notebook"]
    titles = [STEPS["run"][1], STEPS["notebook"][1]]
    assert told == [(titles[0], ""), (titles[0], "passed"), (titles[1], ""), (titles[1], "passed")]


def test_the_list_of_steps_is_that_of_the_settings() -> None:
    assert tuple(STEPS) == settings().verify.steps


def test_importing_the_verifier_is_cheap() -> None:
    script = (
        "import sys, modfix.verify.run\n"
        "import modfix.verify.steps.nbgrader, modfix.verify.steps.notebook\n"
        "print(sorted({'jupytext', 'nbformat', 'numpy', 'libcst', 'pytest'} & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert shown.stdout == "[]\n"
