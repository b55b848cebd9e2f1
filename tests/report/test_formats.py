"""Every output on a script and on a notebook: valid by its schema, true in its places."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import junitparser
import pytest

from modfix.cli.output import _FORMATS
from modfix.report.report import FORMATS
from tests.cli.running import DEFECTIVE, course_rule, module, run
from tests.report.published import validator

SELECT = ("--select", "RUN101,FMT001")
ACCENT = DEFECTIVE.replace("test_double()\n", 'print("é"); test_double()\n')


def notebook(text: str = DEFECTIVE) -> str:
    """The cells of a script as a notebook with one line a row."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{number}",
            "metadata": {"nbgrader": {"grade_id": f"id-{number}"}},
            "outputs": [],
            "source": source.strip("\n").splitlines(keepends=True),
        }
        for number, source in enumerate(text.split("# %%\n")[1:])
    ]
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def check(folder: Path, output: str, *more: str) -> subprocess.CompletedProcess[Any]:
    return run("check", *SELECT, "--output-format", output, *more, cwd=folder)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A script and a notebook with one defect each, and a clean module, in an odd folder."""
    module(tmp_path, name="a b/sums_dev.py")
    (tmp_path / "a b" / "book.ipynb").write_text(notebook(), encoding="utf-8")
    module(tmp_path, "# %%\nx = 1\n", "a b/clean_dev.py")
    return tmp_path


def line_in(folder: Path, path: str, line: int) -> str:
    return (folder / path).read_text(encoding="utf-8").split("\n")[line - 1]


def test_the_command_offers_every_format() -> None:
    assert tuple(FORMATS) == _FORMATS


def sarif(text: str) -> list[tuple[str, int]]:
    whole = json.loads(text)
    validator("sarif-2.1.0").validate(whole)
    (run,) = whole["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert all(result["fixes"] for result in run["results"])
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    return [
        (unquote(place["artifactLocation"]["uri"]), place["region"]["startLine"])
        for place in places
    ]


def gitlab(text: str) -> list[tuple[str, int]]:
    issues = json.loads(text)
    for each in issues:
        assert each.keys() >= {"description", "check_name", "fingerprint", "severity", "location"}
        assert each["severity"] in {"info", "minor", "major", "critical", "blocker"}
    return [(e["location"]["path"], e["location"]["lines"]["begin"]) for e in issues]


def github(text: str) -> list[tuple[str, int]]:
    pattern = r"::(?:error|warning) title=[^,:]+,file=([^,:]+),line=(\d+),[^:]*::[^\n]+"
    assert all(re.fullmatch(pattern, line) for line in text.splitlines())
    return [(m[1], int(m[2])) for m in re.finditer(pattern, text)]


def rdjson(text: str) -> list[tuple[str, int]]:
    whole = json.loads(text)
    assert whole.keys() == {"source", "diagnostics"}
    for each in whole["diagnostics"]:
        assert each["severity"] in {"ERROR", "WARNING", "INFO"} and each["suggestions"]
    return [
        (e["location"]["path"], e["location"]["range"]["start"]["line"])
        for e in whole["diagnostics"]
    ]


def json_array(text: str) -> list[tuple[str, int]]:
    return [(each["path"], each["line"]) for each in json.loads(text)]


def json_lines(text: str) -> list[tuple[str, int]]:
    return json_array(f"[{','.join(text.splitlines())}]")


def concise(text: str) -> list[tuple[str, int]]:
    return [(m[1], int(m[2])) for m in re.finditer(r"^(a b/[^:]+):(\d+):\d+ ", text, re.MULTILINE)]


def grouped(text: str) -> list[tuple[str, int]]:
    blocks = re.findall(r"^(a b/[^:]+):\n  (\d+):", text, re.MULTILINE)
    return [(path, int(line)) for path, line in blocks]


def full(text: str) -> list[tuple[str, int]]:
    return [(path, int(line)) for path, line in re.findall(r"--> ([^:]+):(\d+):\d+, cell 1", text)]


READERS: dict[str, Callable[[str], list[tuple[str, int]]]] = {
    "sarif": sarif, "gitlab": gitlab, "github": github, "rdjson": rdjson, "json": json_array,
    "json-lines": json_lines, "concise": concise, "grouped": grouped, "full": full,
}  # fmt: skip


@pytest.mark.parametrize("output", READERS)
def test_every_format_names_the_true_line_of_the_file(output: str, course: Path) -> None:
    result = check(course, output)
    assert (result.returncode, result.stderr) == (1, "")
    found = READERS[output](result.stdout)
    assert [path for path, _ in found] == ["a b/book.ipynb", "a b/sums_dev.py"]
    assert all("test_double()" in line_in(course, path, line) for path, line in found)
    if output not in {"json", "json-lines"}:
        assert "cell 1 `id-1`, line 4" in result.stdout


@pytest.mark.parametrize("output", FORMATS)
def test_every_format_says_nothing_wrong_where_nothing_is(output: str, tmp_path: Path) -> None:
    module(tmp_path, "# %%\nx = 1\n")
    result = check(tmp_path, output)
    assert (result.returncode, result.stderr) == (0, "")
    if output == "sarif":
        validator("sarif-2.1.0").validate(json.loads(result.stdout))
    assert "error" not in result.stdout.replace('errors="0"', "")


def test_junit_has_a_suite_for_each_module(course: Path) -> None:
    suites = list(junitparser.JUnitXml.fromstring(check(course, "junit").stdout.encode()))
    assert [(s.name, s.tests, s.failures) for s in suites] == [
        ("a b/book.ipynb", 1, 1),
        ("a b/clean_dev.py", 1, 0),
        ("a b/sums_dev.py", 1, 1),
    ]
    (case,) = suites[2]
    assert (case.name, case.classname) == ("RUN101", "a b/sums_dev.py")
    assert case.result[0].message.startswith("10:1 test `test_double()` runs")


def test_edits_in_json_make_the_repair(tmp_path: Path) -> None:
    path = module(tmp_path)
    (finding,) = json.loads(check(tmp_path, "json").stdout)
    lines = path.read_text().split("\n")
    for edit in reversed(finding["fix"]["edits"]):
        head = lines[edit["line"] - 1][: edit["column"] - 1]
        tail = lines[edit["end_line"] - 1][edit["end_column"] - 1 :]
        lines[edit["line"] - 1 : edit["end_line"]] = f"{head}{edit['text']}{tail}".split("\n")
    run("fix", *SELECT, "--write", "--no-verify", cwd=tmp_path)
    assert "\n".join(lines) == path.read_text()


@pytest.mark.parametrize("output", ["json", "json-lines", "sarif", "rdjson"])
def test_a_fix_that_this_file_cannot_have_carries_no_edits(output: str, tmp_path: Path) -> None:
    text = "---\njupyter:\n  kernelspec:\n    display_name: P\n    name: python3\n---\n\n"
    module(tmp_path, f"{text}```python\ndef test_a():\n    pass\n\ntest_a()\n```\n", "a.md")
    result = run("check", "--select", "NBG101", "--output-format", output, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (1, "")
    assert "schema_version" not in result.stdout


def test_rdjson_counts_bytes(tmp_path: Path) -> None:
    env = course_rule(
        tmp_path,
        "ZZZ101",
        """
        def found(self, module, cell):
            at = cell.source.index("here")
            yield Finding(self.code, self.name, self.severity, "m", 0, at, at + 4)
    """,
    )
    module(tmp_path, '# %%\nx = "é🚀"; here = 1\n')
    result = run("check", "--select", "ZZZ", "--output-format", "rdjson", cwd=tmp_path, env=env)
    (each,) = json.loads(result.stdout)["diagnostics"]
    bytes_before = len('x = "é🚀"; '.encode())
    assert each["location"]["range"]["start"] == {"line": 2, "column": bytes_before + 1}
    assert each["location"]["range"]["end"] == {"line": 2, "column": bytes_before + 5}


def test_fingerprints_differ_for_equal_findings_and_stay_when_lines_move(tmp_path: Path) -> None:
    twice = DEFECTIVE + "\ntest_double()\n"
    marks = []
    for text in (twice, "# %%\nmoved = 1\n\n" + twice):
        path = module(tmp_path, text)
        issues = json.loads(check(tmp_path, "gitlab").stdout)
        marks.append([each["fingerprint"] for each in issues])
        path.unlink()
    assert len(set(marks[0])) == 2 and marks[0] == marks[1]


FULL = """\
RUN101 test `test_double()` runs whenever the module is imported: call it under \
`if __name__ == "__main__":` right after its definition
  --> sums_dev.py:10:1, cell 1, line 4
   |
 8 |     assert double(2) == 4
 9 |
10 | test_double()
   | ^^^^^^^^^^^^^
   |
   = fix: guard the call

Found 1 error in 1 module (1 fixable with `modfix fix --write`).
"""


def test_a_frame_looks_like_a_compilers(tmp_path: Path) -> None:
    module(tmp_path)
    assert check(tmp_path, "full").stdout == FULL


def test_statistics_count_by_rule(tmp_path: Path) -> None:
    module(tmp_path, DEFECTIVE + "\ntest_double()\n\n# %%\ndef (\n")
    result = check(tmp_path, "concise", "--statistics")
    assert result.stdout.splitlines() == [
        "2  RUN101  unguarded-test-call  [fixable]",
        "1  FMT001  unparsable-cell",
        "Found 3 errors in 1 module (2 fixable with `modfix fix --write`).",
    ]


def test_a_report_in_a_file_leaves_stdout_empty(tmp_path: Path) -> None:
    module(tmp_path)
    result = check(tmp_path, "sarif", "--output-file", "out/report.sarif")
    assert (result.returncode, result.stdout, result.stderr) == (1, "", "")
    assert len(json.loads((tmp_path / "out" / "report.sarif").read_text())["runs"]) == 1


def test_no_colour_in_files_and_pipes_unless_forced(tmp_path: Path) -> None:
    module(tmp_path)
    assert "\x1b" not in check(tmp_path, "full").stdout
    check(tmp_path, "full", "--output-file", "out.txt")
    assert "\x1b" not in (tmp_path / "out.txt").read_text()


TEXT_NOTEBOOK = """\
---
jupyter:
  kernelspec:
    display_name: Python 3
    language: python
    name: python3
---

```python
def test_double():
    assert 2 * 2 == 4

test_double()
```
"""


@pytest.mark.parametrize("output", ["json", "sarif", "rdjson"])
def test_a_fix_that_cannot_be_made_in_the_file_has_no_edits(output: str, tmp_path: Path) -> None:
    (tmp_path / "m.md").write_text(TEXT_NOTEBOOK)
    result = run("check", "m.md", "--output-format", output, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (1, "")
    assert "NBG101" in result.stdout and "RUN101" in result.stdout
