"""`modfix fix`: the diff as a patch, what is written, and what is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import DEFECTIVE, GUARDED, course_rule, module, only_run, run

NOTEBOOK = json.dumps(
    {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": text.strip("\n").splitlines(keepends=True),
            }
            for text in DEFECTIVE.split("# %%\n")[1:]
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 4,
    },
    indent=1,
)
CRLF = DEFECTIVE.replace("\n", "\r\n")
ODD_LINES = DEFECTIVE.replace("return", "\f\n    x = '\x1b[31m\u2028\x85'\n    return")
# Name, text and encoding of modules whose diff must apply.
PATCHED = [
    ("m_dev.py", DEFECTIVE, "utf-8"),
    ("sub/deep/m_dev.py", DEFECTIVE, "utf-8"),
    ("m_dev.py", CRLF, "utf-8"),
    ("m_dev.py", DEFECTIVE.rstrip("\n"), "utf-8"),
    ("m_dev.py", CRLF.rstrip("\r\n"), "utf-8"),
    ("m_dev.py", DEFECTIVE.replace("\n\n", "\r\n\n"), "utf-8"),
    ("m_dev.py", DEFECTIVE.replace("# %%\ndef double", "def double"), "utf-8-sig"),
    ("m_dev.py", f"# coding: latin-1\n{DEFECTIVE}# \xe9\n", "latin-1"),
    ("m_dev.py", f"{DEFECTIVE}# \N{SLIGHTLY SMILING FACE}\n", "utf-8"),
    ("m_dev.py", ODD_LINES, "utf-8"),
    ("a b/m _dev.py", DEFECTIVE, "utf-8"),
    ('a "q"\\_dev.py', DEFECTIVE, "utf-8"),
    ("two\nlines_dev.py", DEFECTIVE, "utf-8"),
    ("\N{GREEK SMALL LETTER SIGMA}_dev.py", DEFECTIVE, "utf-8"),
    ("-m_dev.py", DEFECTIVE, "utf-8"),
    ("m.ipynb", NOTEBOOK, "utf-8"),
    ("m.ipynb", NOTEBOOK + "\n", "utf-8"),
]
TOOLS = {"git": ["git", "apply", "-p1", "-"], "patch": ["patch", "-p1", "-s", "--binary"]}
SELECT = ("--select", "RUN")


def patched_with(tool: str, folder: Path, diff: bytes) -> None:
    """Apply a diff in a folder, or skip where there is no such tool."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    result = subprocess.run(TOOLS[tool], cwd=folder, input=diff, capture_output=True, check=False)
    assert result.returncode == 0, (result.stderr + result.stdout, diff)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of `PATCHED` in three folders: for `fix --write` and for a patch by each tool."""
    folder = tmp_path_factory.mktemp("cases")
    for each in ("written", *TOOLS):
        for number, (name, text, encoding) in enumerate(PATCHED):
            path = folder / each / f"{number:02}" / name
            path.parent.mkdir(parents=True)
            path.write_bytes(text.encode(encoding))
    diff = run("fix", "--diff", *SELECT, cwd=folder / "written", text=False)
    assert (diff.returncode, diff.stderr) == (1, b"")
    (folder / "diff").write_bytes(diff.stdout)
    written = run("fix", "--write", "--no-verify", *SELECT, cwd=folder / "written")
    assert written.stdout == f"Fixed {len(PATCHED)} findings in {len(PATCHED)} modules; 0 left.\n"
    return folder


def test_the_diff_applied_is_what_write_writes(cases: Path) -> None:
    for tool in TOOLS:
        patched_with(tool, cases / tool, (cases / "diff").read_bytes())
    for number, (name, text, encoding) in enumerate(PATCHED):
        place = Path(f"{number:02}", name)
        written = (cases / "written" / place).read_bytes()
        assert written != text.encode(encoding)
        assert [(cases / tool / place).read_bytes() for tool in TOOLS] == [written] * 2, place


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("named", ["{folder}/c/m_dev.py", "../w/c/m_dev.py", "{folder}", "link.py"])
def test_however_a_module_is_named_its_patch_applies_here(
    named: str, tool: str, tmp_path: Path
) -> None:
    here = tmp_path / "w"
    path = module(here / "c", name="m_dev.py")
    (here / "link.py").symlink_to("c/m_dev.py")
    diff = run("fix", "--diff", *SELECT, named.format(folder=here), cwd=here, text=False)
    patched_with(tool, here, diff.stdout)
    assert path.read_text() == GUARDED and (here / "link.py").is_symlink()


def test_a_diff_of_several_modules_is_one_patch(tmp_path: Path) -> None:
    paths = [module(tmp_path, name=name) for name in ("a_dev.py", "b_dev.py")]
    diff = run("fix", "--diff", *SELECT, cwd=tmp_path, text=False)
    patched_with("patch", tmp_path, diff.stdout)
    assert [path.read_text() for path in paths] == [GUARDED, GUARDED]


def test_write_with_nothing_to_fix_touches_nothing(tmp_path: Path) -> None:
    path = module(tmp_path, GUARDED)
    before = path.stat()
    result = run("fix", "--write", *SELECT, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, "Fixed 0 findings in 1 module; 0 left.\n")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_proven_repair_is_written_and_a_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    path = module(tmp_path)
    only_run(tmp_path)
    shown = run("fix", *SELECT, cwd=tmp_path)
    assert shown.returncode == 1 and path.read_text() == DEFECTIVE
    verdict, _, diff = shown.stdout.partition("--- a/sums_dev.py\n+++ b/sums_dev.py\n")
    assert "passed   direct execution" in verdict and '+if __name__ == "__main__":' in diff
    assert shown.stdout.endswith("Would fix 1 finding in 1 module; 0 left.\n")
    written = run("fix", "--write", *SELECT, cwd=tmp_path)
    assert written.returncode == 0 and path.read_text() == GUARDED
    assert "passed   direct execution" in written.stdout
    again = run("fix", "--write", *SELECT, cwd=tmp_path)
    assert again.stdout == "Fixed 0 findings in 1 module; 0 left.\n"


# A rule whose fix is wrong: what it does, and how it is refused.
REFUSED = [
    (
        "yield self.at(cell, 'm', self.fix(TextEdit(0, 0, 0, f'# {len(cell.source)}\\n')))",
        "the fix of ZZZ101 is not done after 50 rounds; nothing was changed",
    ),
    (
        "new = cell.source.swapcase()\n"
        "yield self.at(cell, 'm', self.fix(TextEdit(0, 0, len(new), new)))",
        "the fix of ZZZ101 undoes another fix, round after round; nothing was changed",
    ),
    (
        "yield self.at(cell, 'm', self.fix(TextEdit(0, 0, 0, 'def (:\\n')))",
        "the fix of ZZZ101 leaves a cell that does not parse; nothing was changed",
    ),
    (
        "yield self.at(cell, 'm', self.fix(TextEdit(0, 0, 9999, '')))",
        "the fix of ZZZ101 names text that cell 0 does not have; nothing was changed",
    ),
    (
        "yield self.at(cell, 'm', self.fix(RemoveCell(7)))",
        "the fix of ZZZ101 names a cell that the module does not have; nothing was changed",
    ),
    (
        "yield self.at(cell, 'm', self.fix(SplitCell(0, 9999)))",
        "the fix of ZZZ101 splits cell 0 beyond its end; nothing was changed",
    ),
    (
        "yield self.at(cell, 'm', self.fix(TextEdit(0, 0, 3, ''), TextEdit(0, 2, 4, '')))",
        "the fix of ZZZ101 changes the same text twice; nothing was changed",
    ),
    (
        "yield self.at(cell, 'm', self.fix(TextEdit(0, 0, 0, '# \\u2192\\n')))",
        "the fix of ZZZ101 writes `\N{RIGHTWARDS ARROW}`, which the file's encoding LATIN-1 "
        "does not have; nothing was changed",
    ),
]


@pytest.mark.parametrize(("body", "why"), REFUSED)
def test_a_fix_that_goes_wrong_is_thrown_away_and_said_so(
    body: str, why: str, tmp_path: Path
) -> None:
    inside = "\n".join(f"    {line}" for line in body.split("\n"))
    env = course_rule(tmp_path, "ZZZ101", f"def found(self, module, cell):\n{inside}")
    text = "# coding: latin-1\nx = 1\n# %%\ny = 2\n"
    path = module(tmp_path, text)
    result = run("fix", "--write", "--no-verify", "--select", "ZZZ", "sums_dev.py",
                 cwd=tmp_path, env=env)  # fmt: skip
    todo = "run again with `--ignore ZZZ101` and report the rule"
    assert result.stderr == f"error: sums_dev.py: {why}; {todo}\n"
    assert result.returncode == 2 and path.read_text() == text


def test_a_fix_that_leaves_no_readable_notebook_is_thrown_away(tmp_path: Path) -> None:
    text = NOTEBOOK.replace('"outputs": [],', '"outputs": [],', 1)
    body = """
        def found(self, module, cell):
            end = len(cell.source)
            edits = [TextEdit(0, end, end, "\\ud800"), MetadataEdit(0, "k", {"v": 1})]
            yield self.at(cell, "m", self.fix(*edits))
    """
    env = course_rule(tmp_path, "ZZZ101", body)
    path = module(tmp_path, text, name="m.ipynb")
    result = run(
        "fix", "--write", "--no-verify", "--select", "ZZZ", "m.ipynb", cwd=tmp_path, env=env
    )
    assert result.returncode == 2 and "Traceback" not in result.stderr
    assert result.stderr.startswith("error: m.ipynb: the fix of ZZZ101 ")
    assert path.read_text() == text


BREAKING = """
def found(self, module, cell):
    if "return 3" not in cell.source:
        at = cell.source.index("return 2")
        yield self.at(cell, "wrong on purpose", self.fix(TextEdit(0, at, at + 8, "return 3")))
"""


def test_a_repair_that_breaks_the_module_is_refused_and_the_step_named(tmp_path: Path) -> None:
    env = course_rule(tmp_path, "ZZZ101", BREAKING)
    path = module(tmp_path / "c")
    only_run(tmp_path / "c")
    before = path.stat()
    result = run("fix", "--write", "--select", "ZZZ", "c", cwd=tmp_path, env=env)
    assert result.returncode == 1 and path.read_text() == DEFECTIVE
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert result.stderr == (
        "refused: c/sums_dev.py: the fix of ZZZ101 makes `direct execution` fail; "
        "the original keeps every byte\n"
    )
    assert "failed   direct execution" in result.stdout
    assert "assert double(2) == 4" in result.stdout
    assert result.stdout.endswith("Fixed 0 findings in 1 module; 1 left.\n")


# The rules that are chosen, and what the only diff that is shown adds.
SHOWN = [("RUN,ZZZ", '+if __name__ == "__main__":'), ("ZZZ", "+    return 3 * x")]


@pytest.mark.parametrize(("select", "added"), SHOWN)
def test_without_write_the_diff_is_shown_once_of_what_is_proven_or_else_refused(
    select: str, added: str, tmp_path: Path
) -> None:
    env = course_rule(tmp_path, "ZZZ101", BREAKING)
    path = module(tmp_path)
    only_run(tmp_path)
    result = run("fix", "--select", select, path.name, cwd=tmp_path, env=env)
    assert result.stdout.count("--- a/sums_dev.py") == 1
    lines = result.stdout.splitlines()
    assert [line for line in lines if line.startswith(("+if", "+    return"))] == [added]
    assert "refused: sums_dev.py: the fix of ZZZ101" in result.stderr
    assert (result.returncode, path.read_text()) == (1, DEFECTIVE)


def test_one_refused_module_leaves_the_others_to_be_repaired(tmp_path: Path) -> None:
    env = course_rule(tmp_path, "ZZZ101", BREAKING)
    bad = module(tmp_path / "c", name="a_dev.py")
    good = module(tmp_path / "c", DEFECTIVE.replace("== 4", "in (4, 6)"), name="b_dev.py")
    only_run(tmp_path / "c")
    result = run("fix", "--write", "--select", "ZZZ", "c", cwd=tmp_path, env=env)
    assert result.returncode == 1 and result.stderr.count("refused: ") == 1
    assert bad.read_text() == DEFECTIVE and "return 3" in good.read_text()


def test_no_verify_writes_what_would_be_refused(tmp_path: Path) -> None:
    env = course_rule(tmp_path, "ZZZ101", BREAKING)
    path = module(tmp_path)
    result = run("fix", "--write", "--no-verify", "--select", "ZZZ", "sums_dev.py",
                 cwd=tmp_path, env=env)  # fmt: skip
    assert result.returncode == 0 and "return 3" in path.read_text()
    assert result.stdout == "Fixed 1 finding in 1 module; 0 left.\n"


UNSAFE = """
fixes = (Applicability.UNSAFE,)
def found(self, module, cell):
    if "here" not in cell.source:
        yield self.at(cell, "m", Fix("f", (TextEdit(0, 0, 0, "# here\\n"),), Applicability.UNSAFE))
"""


@pytest.mark.parametrize(
    ("options", "code", "changed"), [((), 1, False), (("--unsafe-fixes",), 0, True)]
)
def test_unsafe_fixes_are_made_when_they_are_asked_for(
    options: tuple[str, ...], code: int, changed: bool, tmp_path: Path
) -> None:
    env = course_rule(tmp_path, "ZZZ101", UNSAFE)
    path = module(tmp_path)
    result = run("fix", "--write", "--no-verify", "--select", "ZZZ", *options, "sums_dev.py",
                 cwd=tmp_path, env=env)  # fmt: skip
    assert result.returncode == code and ("# here" in path.read_text()) is changed
    assert ("sums_dev.py:1:1 ZZZ101 m" in result.stdout) is not changed


MEDDLING = """
# %%
import pathlib
path = pathlib.Path({path!r})
if path.exists():
    {action}

"""


@pytest.mark.parametrize(
    ("action", "left", "what"),
    [
        (
            "path.write_text('# mine')", "# mine",
            "changed by someone else while modfix was at work; nothing was written; "
            "run modfix again",
        ),
        (
            "path.unlink()", None,
            "removed by someone else while modfix was at work; nothing was written",
        ),
    ],
)  # fmt: skip
def test_a_file_that_changes_during_the_run_is_left_alone(
    action: str, left: str | None, what: str, tmp_path: Path
) -> None:
    path = tmp_path / "c" / "sums_dev.py"
    module(path.parent, MEDDLING.format(path=str(path), action=action) + DEFECTIVE)
    only_run(path.parent)
    command = ("fix", "--write", "--sandbox", "none", *SELECT, "--ignore", "RUN103", "c")
    result = run(*command, cwd=tmp_path)
    assert result.stderr == f"error: c/sums_dev.py: {what}\n"
    assert result.returncode == 2
    assert (path.read_text() if path.exists() else None) == left
    names = {each.name for each in path.parent.iterdir()}
    assert names <= {".modfix_cache", "modfix.toml", "sums_dev.py"}


def test_the_same_module_twice_is_repaired_once(tmp_path: Path) -> None:
    path = module(tmp_path)
    result = run("fix", "--write", "--no-verify", *SELECT, "sums_dev.py", path, ".", cwd=tmp_path)
    assert result.stdout == "Fixed 1 finding in 1 module; 0 left.\n"
    assert path.read_text() == GUARDED


def test_a_broken_path_leaves_the_others_to_be_repaired(tmp_path: Path) -> None:
    path = module(tmp_path)
    result = run("fix", "--write", "--no-verify", *SELECT, "gone.py", "sums_dev.py", cwd=tmp_path)
    assert result.returncode == 2 and result.stderr == "error: gone.py: no such file or folder\n"
    assert path.read_text() == GUARDED


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/dev/full")
def test_a_diff_that_cannot_be_shown_is_not_written(tmp_path: Path) -> None:
    path = module(tmp_path)
    with Path("/dev/full").open("w") as full:
        result = run("fix", "--write", "--diff", "--no-verify", *SELECT, cwd=tmp_path, stdout=full)
    assert result.returncode == 2 and path.read_text() == DEFECTIVE


def test_duplicate_keys_of_a_notebook_stay(tmp_path: Path) -> None:
    text = NOTEBOOK.replace('"nbformat": 4,', '"nbformat": 3,\n "nbformat": 4,')
    text = text.replace('"outputs": [],', '"outputs": [],\n   "outputs": [],')
    path = module(tmp_path, text, name="m.ipynb")
    result = run("fix", "--write", "--no-verify", *SELECT, "m.ipynb", cwd=tmp_path)
    assert result.returncode == 0 and "__main__" in path.read_text()
    assert path.read_text().count('"outputs": []') == 4 and '"nbformat": 3' in path.read_text()


def test_what_failed_before_is_not_blamed_but_the_run_still_says_it(tmp_path: Path) -> None:
    path = module(tmp_path, DEFECTIVE + "\n# %%\nraise RuntimeError('as ever')\n")
    only_run(tmp_path)
    result = run("fix", "--write", *SELECT, path.name, cwd=tmp_path)
    assert "`direct execution` failed before the repair too" in result.stdout
    assert result.returncode == 1
    assert "if __name__" in path.read_text()


def test_a_repair_that_nothing_ran_on_is_refused(tmp_path: Path) -> None:
    path = module(tmp_path)
    (tmp_path / "modfix.toml").write_text('[verify]\nsteps = ["reference"]\n')
    result = run("fix", "--write", *SELECT, path.name, cwd=tmp_path)
    assert "every step was skipped, so nothing is proven" in result.stderr
    assert (result.returncode, path.read_text()) == (1, DEFECTIVE)


def test_showing_and_writing_at_once_is_a_contradiction(tmp_path: Path) -> None:
    path = module(tmp_path)
    result = run("fix", "--write", "--diff", path.name, cwd=tmp_path)
    assert result.returncode == 2 and "--diff shows and --write writes" in result.stderr
    assert path.read_text() == DEFECTIVE
