"""What the files say of their cells, where jupytext or nbgrader does not read it as it is meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jupytext
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modfix.document.document import Document
from modfix.document.folder import Folder
from modfix.rule import Severity
from modfix.settings import CODE_STUBS
from tests.rules.forms import (
    SETTINGS,
    entries_of,
    found,
    found_in,
    mended,
    notebook,
    script,
    with_nbgrader,
)

KEYS = '"grade": false, "grade_id": "a", "locked": true, "schema_version": 3, "solution": false'
ENTRY = json.loads(f'{{{KEYS}, "task": false}}')
WHOLE = f"nbgrader={json.dumps(ENTRY)}"
REGION = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"


def jupytexts(text: str) -> list[Any]:
    """The metadata that jupytext reads in a script."""
    cells = jupytext.reads(text, fmt="py:percent").cells
    return [cell.metadata.get("nbgrader") for cell in cells]


def codes(text: str, *chosen: str, **more: Any) -> list[str]:
    return [each.finding.code for each in found(text, *(chosen or ("FMT1",)), **more)]


READ_ONE_WAY = [
    "nbgrader={'grade': false, 'grade_id': 'a', 'locked': true}",
    'nbgrader={"grade": False, "grade_id": "a", "locked": true}',
    'nbgrader={"grade": false, "grade_id": "a", "locked": true,}',
    'nbgrader={"grade": false, "grade_id": "a", "locked": true',
    'nbgrader = {"grade": false, "grade_id": "a", "locked": true',
    'nbgrader={“grade”: false, “grade_id”: “a”, “locked”: true}',
    'nbgrader={grade: false, grade_id: "a", locked: true}',
    'nbgrader={"grade": false "grade_id": "a" "locked": true}',
    'A title nbgrader={"grade": FALSE, "grade_id": "a", "locked": true}',
    'nbgrader={"grade": False, "grade_id": "a", "locked": true} tags=["b"]',
    '{"nbgrader": {"grade": false, "grade_id": "a", "locked": true,}}',
    '{"nbgrader": {"grade": false, "grade_id": "a", "locked": true}',
    "{'nbgrader': {'grade': false, 'grade_id': 'a', 'locked': true}}",
    '{nbgrader: {"grade": false, "grade_id": "a", "locked": true}}',
    'nbgrader="grade": false, "grade_id": "a", "locked": true}',
    'nbgrader={"grade": false, "grade_id": "a", "locked": true}}',
    'nbgrader=("grade": false, "grade_id": "a", "locked": true)',
    'nbgrader=dict(grade=False, grade_id="a", locked=True)',
    'nbgrader=={"grade": false, "grade_id": "a", "locked": true}',
    'nbgrader:={"grade": false, "grade_id": "a", "locked": true}',
    '"nbgrader"={"grade": false, "grade_id": "a", "locked": true}',
    'nbgrader={"grade": false, "grade_id": "a", "locked": true};',
    "nb_grader={'grade': false, 'grade_id': 'a', 'locked': true}",
]  # fmt: skip
# Metadata that jupytext reads, and nbgrader does not look for; safe where only the key is misspelt.
_IN_IT = '{"grade": false, "grade_id": "a", "locked": true}'
NOT_LOOKED_FOR = [
    (f"nbgrader: {_IN_IT}", True),
    (f"nbgrader : {_IN_IT}", True),
    (f"nbgrader {_IN_IT}", True),
    (f'"nbgrader": {_IN_IT}', True),
    (f"A title nbgrader: {_IN_IT}", True),
    (f"[markdown] nbgrader: {_IN_IT}", True),
    (f"nb_grader={_IN_IT}", True),
    (f"nb-grader = {_IN_IT}", True),
    (f'Nbgrader={_IN_IT} tags=["b"]', True),
    (f'{{"NBGRADER" : {_IN_IT}}}', True),
    (f'{{"Nbgrader": {_IN_IT}, "tags": ["b"]}}', False),
    (f"nbgrade={_IN_IT}", False),
    (f"metadata.nbgrader={_IN_IT}", False),
    (f'metadata={{"nbgrader": {_IN_IT}}}', False),
    (_IN_IT, False),
    ('A title grade=false grade_id="a" locked=true', False),
]  # fmt: skip


@pytest.mark.parametrize(("marker", "sure"), NOT_LOOKED_FOR)
def test_metadata_under_another_key_moves_to_nbgrader(marker: str, sure: bool) -> None:
    text = f"# %% {marker}\n# x = 1\n"
    assert jupytexts(text) == [None]
    (told,) = found(text, "FMT", "NBG101", "NBG102")
    assert (told.finding.code, told.line) == ("FMT101", 1)
    assert mended(text, "FMT1").changed is sure
    after = mended(text, "FMT1", unsafe=True).after.text
    assert jupytexts(after) == [{"grade": False, "grade_id": "a", "locked": True}]
    for kept in ("tags", "A title", "[markdown]"):
        assert (kept in after) == (kept in text)


@pytest.mark.parametrize(
    ("metadata", "sure"),
    [
        ({"nb_grader": ENTRY}, True),
        ({"Nbgrader": ENTRY, "tags": ["b"]}, True),
        ({"nbgraders": ENTRY}, False),
        ({"metadata": {"nbgrader": ENTRY}}, False),
        (ENTRY, False),
    ],
)
def test_the_same_in_a_notebook(metadata: dict[str, Any], sure: bool) -> None:
    text = notebook(
        [("code", metadata, "x = 1"), ("code", {"nbgrader": {**ENTRY, "grade_id": "b"}}, "y = 2")]
    )
    (told,) = found(text, "FMT", "NBG101", "NBG102")
    assert (told.finding.code, told.cell_index) == ("FMT101", 0)
    assert mended(text, "FMT1").changed is sure
    after = json.loads(mended(text, "FMT1", unsafe=True).after.text)["cells"][0]["metadata"]
    assert after == {"nbgrader": ENTRY, **({"tags": ["b"]} if "tags" in metadata else {})}


@pytest.mark.parametrize("marker", READ_ONE_WAY)
def test_metadata_that_only_one_reading_fits_is_written_as_json(marker: str) -> None:
    text = f"# %% {marker}\nx = 1\n"
    assert jupytexts(text) == [None]
    assert codes(text, "FMT", "NBG101", "NBG102") == ["FMT101"]
    after = mended(text, "FMT1").after.text
    assert jupytexts(after) == [{"grade": False, "grade_id": "a", "locked": True}]
    assert after.endswith("\nx = 1\n") and ("tags" in after) == ("tags" in text)
    assert codes(mended(text, "FMT1", "NBG").after.text, "FMT", "NBG") == []


READ_NO_WAY = [
    'nbgrader={"grade": false, "grade_id": "a, "locked": true}',
    'nbgrader={"grade": maybe}',
    'nbgrader={"grade": false, "grade": true',
    'nbgrader={"grade": false tags=["b"]',
    'nbgrader={"color": red}',
    'nbgrader={"grade": [true',
    'nbgrader="grade": maybe}',
    "nbgrader={}}",
]


@pytest.mark.parametrize("marker", READ_NO_WAY)
def test_what_has_more_than_one_reading_is_only_shown(marker: str) -> None:
    text = f"# %% {marker}\nx = 1\n"
    assert jupytexts(text) == [None]
    assert codes(text, "FMT", "NBG101") == ["FMT101"]
    assert not mended(text, unsafe=True).changed


FINE = [
    f"# %% {WHOLE}\nx = 1\n",
    f"# %% A title {WHOLE} tags=[\"b\"]\nx = 1\n",
    f"# %% {WHOLE} .hidden\nx = 1\n",
    "# %% nbgrader = {'grade': False, 'grade_id': 'a', 'locked': True}\nx = 1\n",
    f'# %% {{"nbgrader": {json.dumps(ENTRY)}}}\nx = 1\n',
    "# %% How nbgrader works: a = b or c\nx = 1\n",
    "# %% nbgrader: the first steps\nx = 1\n",
    '# %% grader={"name": "otter", "points": 2}\nx = 1\n',
    '# %% points=2 task="b"\nx = 1\n',
    '# %% {"nb_grader": "soon"}\nx = 1\n',
    "# %% [markdown]\n# Write `nbgrader={…}` on the marker line.\n",
    f"# %% {WHOLE}\n# nbgrader is told by the line above\n",
    f'# %% {WHOLE}\ntext = """\n# nbgrader={{"grade": true}}\n"""\n',
]  # fmt: skip


@pytest.mark.parametrize("text", FINE)
def test_what_is_read_as_it_is_meant_is_not_told(text: str) -> None:
    assert codes(text, "FMT1") == []


TITLES = [
    (f"{WHOLE} Part 1", f"Part 1 {WHOLE}", Severity.ERROR),
    (f"{WHOLE} Introduction", f"Introduction {WHOLE}", Severity.WARNING),
    (f"The {WHOLE} first part", f"The first part {WHOLE}", Severity.WARNING),
    (f'{WHOLE} Part 2 tags=["b"]', f'Part 2 {WHOLE} tags=["b"]', Severity.ERROR),
    (f'{WHOLE} tags=["b"] Summary', f'Summary {WHOLE} tags=["b"]', Severity.WARNING),
    (f'{{"nbgrader": {json.dumps(ENTRY)}}} Part 1', f'Part 1 {{"nbgrader": {json.dumps(ENTRY)}}}',
     Severity.ERROR),
]  # fmt: skip


@pytest.mark.parametrize(("marker", "moved", "severity"), TITLES)
def test_a_title_moves_in_front_of_the_metadata(
    marker: str, moved: str, severity: Severity
) -> None:
    text = f"# %% {marker}\nx = 1\n"
    assert [
        (each.finding.code, each.finding.severity) for each in found(text, "FMT", "NBG101")
    ] == [("FMT104", severity)]
    after = mended(text, "FMT1").after.text
    assert after == f"# %% {moved}\nx = 1\n"
    assert jupytexts(after) == [ENTRY]
    assert codes(after, "FMT", "NBG") == []


def test_a_kind_behind_the_metadata_changes_the_cell_and_needs_consent() -> None:
    text = f"# %% {WHOLE} [markdown]\n# Prose.\n"
    assert codes(text) == ["FMT104"] and not mended(text, "FMT").changed
    assert mended(text, "FMT", unsafe=True).after.text == f"# %% [markdown] {WHOLE}\n# Prose.\n"


BELOW = [
    ("# %%\n# {}\nx = 1\n", "# %% {}\nx = 1\n"),
    ("# %% A title\n#{}\n# more\nx = 1\n", "# %% A title {}\n# more\nx = 1\n"),
    ("# %%\n#| export\n# {}\nx = 1\n", "# %% {}\n#| export\nx = 1\n"),
]


@pytest.mark.parametrize(("text", "moved"), BELOW)
def test_metadata_below_its_marker_moves_there_if_asked(text: str, moved: str) -> None:
    text, moved = text.format(WHOLE), moved.format(WHOLE)
    assert codes(text, "FMT1", "NBG101") == ["FMT102"]
    assert not mended(text, "FMT1", "NBG1").changed
    assert mended(text, "FMT1", "NBG1", unsafe=True).after.text == moved


def test_metadata_in_a_notebooks_source_moves_too() -> None:
    text = notebook([("code", {}, f"# {WHOLE}\nx = 1"), ("code", {"nbgrader": ENTRY}, "y = 1")])
    (finding,) = found(text, "FMT1")
    assert (finding.finding.code, finding.cell_line) == ("FMT102", 1)
    after = mended(text, "FMT1", unsafe=True).after
    assert (after.cells[0].source, after.cells[0].nbgrader) == ("x = 1", ENTRY)


def test_metadata_at_both_places_is_shown_and_left() -> None:
    text = f"# %% {WHOLE}\n# {WHOLE}\nx = 1\n"
    assert codes(text) == ["FMT102"] and not mended(text, "FMT1", unsafe=True).changed


DOUBLED = [
    ('"points": 2, "points": 3', Severity.ERROR),
    ('"points": 2, "points": 2', Severity.WARNING),
]


@pytest.mark.parametrize(("pairs", "severity"), DOUBLED)
def test_a_key_that_stands_twice_is_told_in_both_forms(pairs: str, severity: Severity) -> None:
    entry = {**ENTRY, "grade": True, "points": 3}
    once = json.dumps(entry)
    for write in (script, notebook):
        text = write([("code", {"tags": ["a"], "nbgrader": entry}, "assert x")])
        twice = text.replace('"points": 3', pairs)
        assert twice != text and json.loads(once)["points"] == 3
        findings = found(twice, "FMT1", "NBG1", "NBG2")
        assert [(each.finding.code, each.finding.severity) for each in findings] == [
            ("FMT103", severity)
        ]


def test_keys_that_stand_twice_keep_every_repair_away() -> None:
    for text in (
        '# %% nbgrader={"grade": true, "grade_id": "a", "points": 2, "points": 3}\nassert x\n',
        "# %% nbgrader={'grade': True, 'grade_id': 'a', 'points': 2, 'points': 3}\nassert x\n",
        f'# %% {WHOLE} nbgrader={{"grade": true}}\nassert x\n',
    ):
        assert "FMT103" in codes(text) and not mended(text, unsafe=True).changed


FILTERS = ["-all", "tags,-all", "all,-nbgrader", "-nbgrader", "tags,-nbgrader", "nbgrader,-all",
           "all", "-tags", "slideshow,-all"]  # fmt: skip


@pytest.mark.parametrize("value", FILTERS)
def test_a_filter_is_told_if_jupytext_drops_nbgrader_and_then_keeps_it(value: str) -> None:
    both = jupytext.reads(f"# %% {WHOLE}\nx = 1\n", fmt="py:percent")
    both.metadata["jupytext"] = {"cell_metadata_filter": value}
    dropped = "nbgrader" not in jupytext.writes(both, fmt="py:percent").partition("# %%")[2]
    header = f"# ---\n# jupyter:\n#   jupytext:\n#     cell_metadata_filter: {value}\n# ---\n\n"
    text = f"{header}# %% {WHOLE}\nx = 1\n"
    assert [(each.finding.code, each.line) for each in found(text)] == [("FMT105", 4)] * dropped
    after = mended(text).after.text
    kept = jupytext.writes(jupytext.reads(after, fmt="py:percent"), fmt="py:percent")
    assert "nbgrader=" in kept and codes(after) == []
    assert (after != text) == dropped


def test_a_filter_in_a_notebook_is_told_where_it_stands() -> None:
    text = notebook([("code", {"nbgrader": ENTRY, "cell_metadata_filter": "-all"}, "x = 1")])
    text = text.replace('"kernelspec"', '"jupytext": {\n   "cell_metadata_filter": "-all"\n  },\n  "kernelspec"')  # fmt: skip  # noqa: E501
    (finding,) = found(text)
    lines = text.split("\n")
    assert finding.finding.code == "FMT105" and "-all" in lines[finding.line - 1]
    after = json.loads(mended(text).after.text)
    assert after["metadata"]["jupytext"]["cell_metadata_filter"] == "nbgrader,-all"
    assert after["cells"][0]["metadata"]["cell_metadata_filter"] == "-all"


LANGUAGES = [
    ("python", None, None),
    ("R", None, None),
    ("Python", "python", Severity.ERROR),
    ("ipython3", "python", Severity.ERROR),
    ("julia", "julia", Severity.ERROR),
]
HEADER = """\
# ---
# jupyter:
#   kernelspec:
#     display_name: A kernel
#     language: {}
#     name: python3
# ---

"""


@pytest.mark.parametrize(("language", "after", "severity"), LANGUAGES)
def test_a_language_without_a_stub_is_told(language: str, after: str, severity: Severity) -> None:
    header = HEADER.format(language)
    plain = notebook([("code", {"nbgrader": ENTRY}, "x = 1")])
    for text in (
        f"{header}# %% {WHOLE}\nx = 1\n",
        plain.replace('"language": "python"', f'"language": "{language}"'),
    ):
        findings = [(each.finding.code, each.finding.severity) for each in found(text, "FMT1")]
        assert findings == ([("FMT107", severity)] if severity else [])
        if severity:
            assert not mended(text, "FMT1").changed
            result = mended(text, "FMT1", unsafe=True).after.text
            place = text.index(language, text.index("language"))
            assert result == text[:place] + after + text[place + len(language) :]


@pytest.mark.parametrize(("language", "told"), [("R", []), ("julia", []), ("python", ["FMT001"])])
def test_cells_have_to_be_python_where_the_kernel_is(language: str, told: list[str]) -> None:
    text = notebook([("code", {}, "f <- function(x) {\n  2 * x\n}")])
    text = text.replace('"language": "python"', f'"language": "{language}"')
    assert codes(text, "FMT001") == told


def test_a_marker_inside_of_a_function_is_told() -> None:
    text = "# %%\ndef f():\n    x = 1\n    # %% step\n    return x\n\ny = f()\n"
    (only,) = found(text, "FMT001")
    assert only.line == 5
    assert only.finding.message == (
        "this cell does not parse: unexpected indent; `# %% step` above it begins a cell, "
        "indented as it is"
    )


R_CELL = "f <- function(x) {\n  2 * x\n}"
OTHER_WAYS = {
    "main_language": {"jupytext": {"main_language": "R"}},
    "language_info": {"language_info": {"codemirror_mode": {"name": "x"}, "name": "R"}},
    "a kernel of no language": {
        "kernelspec": {"name": "ir", "display_name": "R"},
        "language_info": {"name": "R"},
    },
}


@pytest.mark.parametrize("name", OTHER_WAYS)
@pytest.mark.parametrize(("language", "told"), [("R", []), ("python", ["FMT001"])])
def test_a_file_names_the_language_of_its_cells_in_other_ways(
    name: str, language: str, told: list[str]
) -> None:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": [R_CELL]}
    whole = {"cells": [cell], "metadata": OTHER_WAYS[name], "nbformat": 4, "nbformat_minor": 4}
    assert codes(json.dumps(whole).replace('"R"}', f'"{language}"}}'), "FMT001") == told


@pytest.mark.parametrize(("language", "told"), [("R", []), ("python", ["FMT001"])])
def test_a_header_names_the_language_of_its_cells(language: str, told: list[str]) -> None:
    header = f"# ---\n# jupyter:\n#   jupytext:\n#     main_language: {language}\n# ---\n\n"
    assert codes(f"{header}# %%\n{R_CELL}\n", "FMT001") == told


FRONT = {
    "m.md": "jupyter:\n  kernelspec:\n    display_name: R\n    language: {}\n    name: ir\n",
    "myst.md": "jupytext:\n  text_representation:\n    extension: .md\n    format_name: myst\n"
    "kernelspec:\n  display_name: R\n  language: {}\n  name: ir\n",
    "main.md": "jupyter:\n  jupytext:\n    main_language: {}\n",
}


@pytest.mark.parametrize("name", FRONT)
@pytest.mark.parametrize(("language", "told"), [("R", []), ("python", ["FMT001"])])
def test_a_text_notebook_names_the_language_of_its_cells(
    name: str, language: str, told: list[str]
) -> None:
    block = "{code-cell}" if name.startswith("myst") else language
    text = f"---\n{FRONT[name].format(language)}---\n\n```{block}\n{R_CELL}\n```\n"
    document = Document.from_bytes(Path(name), text.encode())
    assert [each.finding.code for each in found_in(document, "FMT001")] == told


def test_quarto_names_a_kernel() -> None:
    text = f"---\njupyter: ir\n---\n\n```{{r}}\n{R_CELL}\n```\n"
    document = Document.from_bytes(Path("m.qmd"), text.encode())
    assert found_in(document, "FMT001") == []


def test_a_language_can_be_given_a_stub() -> None:
    text = f"{HEADER.format('julia')}# %% {WHOLE}\nx = 1\n"
    settings = with_nbgrader(code_stub={**CODE_STUBS, "julia": "error()"})
    assert codes(text, settings=settings) == []


BESIDE = [
    ("p.ipynb", {"p.py": REGION}, ["p.py"]),
    ("p.ipynb", {"p.md": REGION, "data.csv": REGION}, ["p.md"]),
    ("p.ipynb", {"solutions.pdf": "", "Instructor.txt": ""}, ["Instructor.txt", "solutions.pdf"]),
    ("p.ipynb", {"helpers.py": "x = 1", "q.ipynb": REGION}, []),
    ("p.py", {"p.ipynb": "{}"}, ["p.ipynb"]),
    ("p.py", {"q.ipynb": "{}"}, []),
]  # fmt: skip


@pytest.mark.parametrize("course", [False, True])
@pytest.mark.parametrize(("name", "beside", "told"), BESIDE)
def test_files_that_a_release_would_copy_are_told(
    tmp_path: Path, name: str, beside: dict[str, str], told: list[str], course: bool
) -> None:
    place = tmp_path / ("source" if course else "work") / "ps1"
    place.mkdir(parents=True)
    for each, text in beside.items():
        (place / each).write_text(text, encoding="utf-8")
    write = notebook if name.endswith(".ipynb") else script
    text = write([("code", {"nbgrader": {**ENTRY, "locked": False, "solution": True}}, REGION)])
    findings = _found_at(place / name, text, "FMT106")
    assert [each.line for each in findings] == [1] * len(told)
    assert all(f"`{n}`" in each.finding.message for each, n in zip(findings, told, strict=True))
    assert all(each.is_error == course for each in findings)


def _found_at(path: Path, text: str, *chosen: str, **more: Any) -> list[Any]:
    """What is found in a file that stands somewhere."""
    document = Document.from_bytes(path, text.encode(), Folder(path.parent))
    return found_in(document, *chosen, settings=with_nbgrader(**more) if more else SETTINGS)


def test_scripts_of_another_name_are_told_in_nbgraders_own_layout_alone(tmp_path: Path) -> None:
    text = notebook([("code", {"nbgrader": ENTRY}, "x = 1")])
    for place, told in (("source", 1), ("modules", 0)):
        (tmp_path / place).mkdir()
        (tmp_path / place / "other.py").write_text(REGION, encoding="utf-8")
        assert len(_found_at(tmp_path / place / "p.ipynb", text, "FMT106")) == told
    (tmp_path / "nbgrader_config.py").touch()
    assert len(_found_at(tmp_path / "modules" / "p.ipynb", text, "FMT106")) == 1


def test_what_nbgrader_is_told_to_ignore_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text(REGION, encoding="utf-8")
    text = notebook([("code", {"nbgrader": ENTRY}, "x = 1")])
    assert len(_found_at(tmp_path / "p.ipynb", text, "FMT106")) == 1
    assert _found_at(tmp_path / "p.ipynb", text, "FMT106", ignored_files=("*.py",)) == []


WORDS = ["nbgrader", "grade", "points", "tags", "true", "False", "null", "Part", "2", "-1", "é"]
SIGNS = ["=", "{", "}", "[", "]", '"', "'", ":", ",", " ", "#", "%%", "\\", "[markdown]"]
WHOLES = [WHOLE, KEYS, '"nbgrader": ', '"grade"', '"grade_id"', '"a"']
PIECES = st.sampled_from([*WORDS, *SIGNS, *WHOLES])
MARKER = st.lists(PIECES, max_size=12).map("".join)


@given(
    st.lists(st.tuples(MARKER, st.sampled_from(["x = 1", "# {}", REGION, "assert x"])), max_size=4)
)
def test_whatever_stands_on_marker_lines_is_repaired_to_something_that_stays(
    given_cells: list[tuple[str, str]],
) -> None:
    cells = (f"# %% {marker}\n{source.format(marker)}\n" for marker, source in given_cells)
    text = "\n".join(cells)
    for unsafe in (False, True):
        result = mended(text, "FMT1", "NBG", unsafe=unsafe)
        assert not mended(result.after.text, "FMT1", "NBG", unsafe=unsafe).changed
        assert len(result.after.cells) == len(result.before.cells)


def test_what_is_written_back_keeps_every_other_byte() -> None:
    text = f"# %% {WHOLE} Part 1\r\nx = 1\r\n"
    assert mended(text, "FMT1").after.to_bytes() == f"# %% Part 1 {WHOLE}\r\nx = 1\r\n".encode()
    assert entries_of(text) == [None]


def test_what_a_cell_of_a_notebook_has_twice() -> None:
    text = notebook([("code", {"nbgrader": ENTRY}, "x = 1"), ("code", {"a": 1}, "'metadata'")])
    assert codes(text, "FMT") == []
    at = text.index('"metadata"')
    for more, severity in (
        ('"metadata": {},\n   ', Severity.ERROR),
        ('"source": 3,', Severity.ERROR),
    ):
        (told,) = found(text[:at] + more + text[at:], "FMT")
        assert (told.finding.code, told.cell_index) == ("FMT103", 0)
        assert told.finding.severity is severity and told.finding.fix is None
