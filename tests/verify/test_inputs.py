"""What else the kept steps rest on: the interpreter, its packages, sources that are edited, the
settings of grades, and modfix's own code."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

import modfix
from modfix.config import settings_from
from modfix.settings import Settings
from modfix.verify.run import verify
from tests.verify.modules import write
from tests.verify.test_grades import GOOD

TEXT = """
# %%
try:
    from greetings import HELLO
except ImportError:
    HELLO = "nobody"
print(HELLO)
"""
METADATA = "Metadata-Version: 2.1\nName: greetings\nVersion: {0}\n"
TAG = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
Change = Callable[[str, Path], object]


@pytest.fixture(scope="session")
def environments(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Two interpreters without packages."""
    folder = tmp_path_factory.mktemp("environments")
    found = []
    for name in ("one", "two"):
        command = [sys.executable, "-m", "venv", "--without-pip", str(folder / name)]
        subprocess.run(command, check=True)
        found.append(str(folder / name / "bin" / "python"))
    return found[0], found[1]


@pytest.fixture
def python(environments: tuple[str, str]) -> str:
    """An interpreter in which nothing is installed."""
    for path in packages(environments[0]).iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return environments[0]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MODFIX_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "course"


def packages(python: str) -> Path:
    (found,) = Path(python).parents[1].glob("lib/python*/site-packages")
    return found


def wheel(folder: Path, version: str) -> Path:
    """A package of one module."""
    path = folder / f"greetings-{version}-py3-none-any.whl"
    info = f"greetings-{version}.dist-info"
    with ZipFile(path, "w") as file:
        file.writestr("greetings.py", f'HELLO = "{version}"\n')
        file.writestr(f"{info}/METADATA", METADATA.format(version))
        file.writestr(f"{info}/WHEEL", TAG)
        file.writestr(
            f"{info}/RECORD",
            "".join(f"{info}/{name},,\n" for name in ("METADATA", "WHEEL", "RECORD"))
            + "greetings.py,,\n",
        )
    return path


def pip(python: str, *arguments: object) -> None:
    """Change the packages of an interpreter; nothing is fetched."""
    own = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    subprocess.run([*own, *map(str, arguments)], check=True, capture_output=True)


def install(python: str, folder: Path, version: str) -> None:
    options = ("--no-index", "--no-deps", "--upgrade", "--no-compile")
    pip(python, "install", *options, wheel(folder, version))


def is_kept(course: Path, python: str = "", **table: object) -> bool:
    """Whether verification lets a step of another time stand."""
    own = settings_from({"verify": {"python": python}, **table}, where="tests")
    return stands(course, own, TEXT, "run")


def stands(course: Path, own: Settings, text: str, step: str) -> bool:
    (result,) = verify(write(course, text), own, only=[step], base=course, cached=True).steps
    assert result.outcome == "passed", result
    return result.cached


def test_another_interpreter_is_another_input(course: Path, environments: tuple[str, str]) -> None:
    one, two = environments
    assert not is_kept(course) and not is_kept(course, one) and not is_kept(course, two)
    assert is_kept(course) and is_kept(course, one) and is_kept(course, two)


def test_what_is_installed_counts(course: Path, python: str, tmp_path: Path) -> None:
    assert not is_kept(course, python)
    install(python, tmp_path, "1.0")
    assert not is_kept(course, python) and is_kept(course, python)
    install(python, tmp_path, "2.0")
    assert not is_kept(course, python) and is_kept(course, python)
    pip(python, "uninstall", "--yes", "greetings")
    assert is_kept(course, python)  # as at the beginning
    install(python, tmp_path, "2.0")
    assert not is_kept(course, python)  # at another time: its files may be others


def test_packages_of_another_interpreter_do_not_count(
    course: Path, environments: tuple[str, str], python: str, tmp_path: Path
) -> None:
    assert not is_kept(course, environments[1])
    install(python, tmp_path, "3.0")
    assert is_kept(course, environments[1])


def by_path_file(python: str, source: Path) -> None:
    (packages(python) / "greetings.pth").write_text(f"{source}\n")


def by_direct_url(python: str, source: Path) -> None:
    install(python, source.parent, "1.0")
    url = f'{{"url": "{source.as_uri()}", "dir_info": {{"editable": true}}}}'
    (packages(python) / "greetings-1.0.dist-info" / "direct_url.json").write_text(url)


def by_finder(python: str, source: Path) -> None:
    finder = f"MAPPING: dict[str, str] = {{'greetings': '{source / 'greetings'}'}}\n"
    (packages(python) / "__editable___greetings_1_0_finder.py").write_text(finder)


@pytest.mark.parametrize("installed", [by_path_file, by_direct_url, by_finder])
def test_sources_that_are_edited_count(
    installed: Change, course: Path, python: str, tmp_path: Path
) -> None:
    source = tmp_path / "a source" / "greetings"
    source.mkdir(parents=True)
    (source / "__init__.py").write_text("from greetings.deep import HELLO\n")
    (source / "deep.py").write_text('HELLO = "edited"\n')
    installed(python, source.parent)
    assert not is_kept(course, python) and is_kept(course, python)
    (source / "deep.py").write_text('HELLO = "edited again"\n')
    assert not is_kept(course, python) and is_kept(course, python)


def test_the_settings_of_rules_are_those_of_grades_alone(course: Path) -> None:
    pytest.importorskip("nbgrader")
    first, other = (settings_from(table, where="tests") for table in ({}, {"ignore": ["NBG4"]}))
    assert not stands(course, first, GOOD, "grades") and not stands(course, first, GOOD, "run")
    assert stands(course, first, GOOD, "grades") and stands(course, other, GOOD, "run")
    assert not stands(course, other, GOOD, "grades")


DIGEST = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import modfix
assert modfix.__file__.startswith(sys.argv[1])
from modfix.document.document import Document
from modfix.settings import Settings
from modfix.verify.bench import Bench
from modfix.verify.inputs import inputs_digest
course = Path(sys.argv[2])
document = Document.from_bytes(course / "sums_dev.py", b"# %%\\nx = 1\\n")
print(inputs_digest(Bench(document, Settings(), course)))
"""


def test_modfixs_own_code_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODFIX_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "course").mkdir()
    copy = tmp_path / "code"
    own = Path(modfix.__file__).parent
    shutil.copytree(own, copy / "modfix", ignore=shutil.ignore_patterns("__pycache__"))

    def digest() -> str:
        command = [sys.executable, "-B", "-c", DIGEST, copy, tmp_path / "course"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    before = digest()
    assert before == digest() != "None\n"
    with (copy / "modfix" / "verify" / "hints.py").open("a") as file:
        file.write("# another state\n")
    assert digest() != before
