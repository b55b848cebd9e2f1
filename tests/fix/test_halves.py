"""A repair is made in both halves of a pair, in the text of each, or in none."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.document.edit import Edit, InsertCell, MetadataEdit, RemoveCell, SplitCell, TextEdit
from modfix.document.folder import Folder
from modfix.document.pair_difference import differences
from modfix.document.pairing import Partner
from modfix.errors import ModfixError
from modfix.fix.halves import Half, OutOfStep, other_half
from modfix.fix.rounds import repair_with
from modfix.fix.transaction import Change, replace_pair
from modfix.lint.linter import make_linter, overridden, wanted
from modfix.rule import Finding, Fix, Severity
from tests.cli.running import DEFECTIVE, GUARDED, module, only_run, run

FMT = {"extension": ".py", "format_name": "percent"}
COURSE = Path(__file__).parent.parent.parent / "modules" / "17_compression" / "compression_dev.py"
OUTPUT = {"data": {"image/png": "iVBORw0KGgo="}, "metadata": {}, "output_type": "display_data"}


def notebook_of(script: str, **metadata: Any) -> str:
    """The notebook that jupytext makes of a script, run once: every code cell has an output."""
    notebook = jupytext.reads(script, fmt=FMT)
    notebook.metadata.update(metadata)
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.update(execution_count=number, outputs=[OUTPUT])
    text: str = nbformat.writes(nbformat.from_dict(notebook))
    return text


def cells_of(document: Document) -> list[tuple[str, str, object]]:
    """What jupytext reads of a file: kind, source and nbgrader metadata of each cell."""
    fmt = None if document.is_notebook else FMT
    read = jupytext.reads(document.text, fmt=fmt or {"extension": ".ipynb"})
    return [(c.cell_type, c.source.rstrip(), c.metadata.get("nbgrader")) for c in read.cells]


def paired(script: str, notebook: str, source: str = "m_dev.py") -> Document:
    data = {"m_dev.py": script.encode(), "m_dev.ipynb": notebook.encode()}
    return Document.from_bytes(Path(source), data[source], Folder.holding(data))


@pytest.mark.parametrize("strategy", ["import", "explicit"])
@pytest.mark.parametrize("source", ["m_dev.py", "m_dev.ipynb"])
def test_every_repair_of_the_course_is_made_in_both_halves(source: str, strategy: str) -> None:
    script = COURSE.read_text(encoding="utf-8")
    document = paired(script, notebook_of(script), source)
    settings = overridden(settings_from({}, where="tests"), {}, {"strategy": strategy})
    linter = make_linter(settings, where="tests")
    done = repair_with(linter, document, lambda each: wanted(each, unsafe=True))
    assert done.changed and done.half is not None and done.half.before != done.half.after
    assert cells_of(done.after) == cells_of(done.half.after)
    assert "FMT108" not in {finding.code for finding in done.left}


SCRIPT = '''\
# %% [markdown]
"""
# Title

text
"""

# %% [markdown]
# # Title
#
# text

# %%
# %matplotlib inline
x = 1  # one
if x:
    # !ls
    y = 2

# %%
z = 3

# %%
last = 4
'''
EDITS: list[tuple[str, list[Edit]]] = [
    ("text", [TextEdit(2, 22, 23, "é")]),
    ("after a magic", [TextEdit(2, 20, 20, "\nw = 5\n")]),
    ("behind an indented magic", [TextEdit(2, 50, 59, "    y = 7\n    v = 8")]),
    ("to the end of a magic", [TextEdit(2, 0, 21, "")]),
    ("appended", [TextEdit(4, 8, 8, "\nmore = 5")]),
    ("quoted markdown", [TextEdit(0, 4, 11, "# Name\n\nmore"), TextEdit(0, 13, 17, "prose")]),
    ("commented markdown", [TextEdit(1, 2, 9, "# Name"), TextEdit(1, 14, 18, "prose")]),
    ("metadata", [MetadataEdit(3, "nbgrader", {"grade": False, "grade_id": "é"})]),
    ("a split", [SplitCell(2, 34, {"tags": ["a"]}, "#| export\n"), TextEdit(2, 21, 33, "x = 2")]),
    ("a new cell", [InsertCell(1, "new = 1\nold = 2"), InsertCell(4, "end = 1")]),
    ("new text", [InsertCell(2, "# new\n#\n# text", {}, "markdown")]),
    ("cells gone", [RemoveCell(0), RemoveCell(2), RemoveCell(4)]),
    ("all at once", [RemoveCell(3), InsertCell(3, "n = 1"), TextEdit(4, 0, 4, "p"), RemoveCell(1)]),
]


@pytest.mark.parametrize("indent", [1, 2, None])
@pytest.mark.parametrize("edits", [e[1] for e in EDITS], ids=[e[0] for e in EDITS])
def test_an_edit_means_the_same_in_both_halves(edits: list[Edit], indent: int | None) -> None:
    notebook = json.dumps(json.loads(notebook_of(SCRIPT)), indent=indent)
    document = paired(SCRIPT, notebook)
    half = other_half(document)
    assert half is not None
    after = document.edited(document.replacements(edits))
    fix = Finding("X", "x", Severity.ERROR, "", 0, fix=Fix("", tuple(edits)))
    followed = half.following(document, [fix])
    assert cells_of(after) == cells_of(followed.after)
    followed.seen_by(after)
    assert differences(after, Partner("m_dev.ipynb", True, followed.after)) == []
    assert followed.after.text.count("iVBORw0KGgo") >= 3 - sum(
        isinstance(edit, RemoveCell) for edit in edits
    )


def test_a_half_that_would_fall_out_of_step_is_refused() -> None:
    document = paired(SCRIPT, notebook_of(SCRIPT))
    half = other_half(document)
    assert half is not None
    after = document.edited(document.replacements([TextEdit(3, 0, 1, "q")]))
    with pytest.raises(ModfixError, match=r"cannot be made in `m_dev.ipynb` too .* neither was"):
        half.seen_by(after)


FRONT_MATTER = """\
# ---
# title: A
# jupyter:
#   kernelspec:
#     display_name: P
#     language: python
#     name: python3
# ---

"""


@pytest.mark.parametrize("source", ["m_dev.py", "m_dev.ipynb"])
def test_the_header_of_a_script_stands_for_the_notebooks_raw_cell(source: str) -> None:
    script = FRONT_MATTER + SCRIPT
    document = paired(script, notebook_of(script), source)
    half = other_half(document)
    assert half is not None and document.cells[0].kind == "raw"
    edits = (TextEdit(4, 0, 1, "a"), InsertCell(0, "new = 1"))
    followed = half.edited(document, edits)
    after = document.edited(document.replacements(edits))
    assert cells_of(after) == cells_of(followed.after)
    scripts = [each.text for each in (after, followed.after) if not each.is_notebook]
    assert scripts[0].startswith(FRONT_MATTER)
    with pytest.raises(ModfixError, match="header"):
        half.edited(document, [TextEdit(0, 8, 8, "b")])


def write_pair(folder: Path, script: str = DEFECTIVE) -> tuple[Path, Path]:
    only_run(folder)
    path = module(folder, script)
    path.with_suffix(".ipynb").write_text(notebook_of(script), encoding="utf-8")
    return path, path.with_suffix(".ipynb")


def test_fix_writes_both_halves_and_leaves_outputs_alone(tmp_path: Path) -> None:
    script, notebook = write_pair(tmp_path)
    before = notebook.read_text()
    result = run("fix", "--select", "RUN", "--write", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert script.read_text() == GUARDED
    assert jupytext.read(notebook).cells[1].source == jupytext.reads(GUARDED, FMT).cells[1].source
    kept, now = before.split("\n"), notebook.read_text().split("\n")
    assert [line.strip() for line in now if line not in kept] == [
        r'"if __name__ == \"__main__\":\n",',
        '"    test_double()"',
    ]
    again = run("check", "--select", "RUN,FMT", cwd=tmp_path)
    assert "All checks passed (1 module)." in again.stdout


def test_the_diff_shows_both_halves(tmp_path: Path) -> None:
    write_pair(tmp_path)
    result = run("fix", "--select", "RUN", "--diff", cwd=tmp_path)
    assert "+++ b/sums_dev.py" in result.stdout and "+++ b/sums_dev.ipynb" in result.stdout


def test_a_pair_that_disagrees_is_refused_and_keeps_every_byte(tmp_path: Path) -> None:
    script, notebook = write_pair(tmp_path)
    notebook.write_text(notebook.read_text().replace("2 * x", "x + x"))
    before = script.read_bytes(), notebook.read_bytes()
    result = run("fix", "--select", "RUN", "--write", cwd=tmp_path)
    assert result.returncode == 1
    assert "refused: sums_dev.py: it and its other half `sums_dev.ipynb` disagree" in result.stderr
    assert "jupytext --sync sums_dev.py" in result.stderr
    assert (script.read_bytes(), notebook.read_bytes()) == before
    found = run("check", "--select", "FMT", cwd=tmp_path)
    assert found.stdout.startswith("sums_dev.py:4:1 FMT108 cell 0 of `sums_dev.ipynb` says")


def test_a_broken_half_is_a_finding_and_a_refusal(tmp_path: Path) -> None:
    _, notebook = write_pair(tmp_path)
    notebook.write_text("{")
    found = run("check", "--select", "FMT", cwd=tmp_path)
    assert "FMT108 the other half of this pair, `sums_dev.ipynb`, cannot be read" in found.stdout
    result = run("fix", "--select", "RUN", "--write", cwd=tmp_path)
    assert result.returncode == 1 and "cannot be read" in result.stderr


def test_the_notebook_can_be_the_source(tmp_path: Path) -> None:
    script, _ = write_pair(tmp_path)
    (tmp_path / "modfix.toml").write_text(
        '[pairs]\nsource = "notebook"\n[verify]\nsteps = ["run"]\n'
    )
    result = run("check", "--select", "RUN", cwd=tmp_path)
    assert result.stdout.startswith("sums_dev.ipynb:") and "1 module" in result.stdout
    assert run("fix", "--select", "RUN", "--write", cwd=tmp_path).returncode == 0
    assert script.read_text() == GUARDED


def test_suppressions_are_written_into_both_halves(tmp_path: Path) -> None:
    script, notebook = write_pair(tmp_path)
    result = run("suppress", "--select", "RUN,FMT", "--reason", "a demo", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    comment = "# modfix: ignore[RUN101] a demo"
    assert comment in script.read_text() and comment in notebook.read_text()
    again = run("check", "--select", "RUN,FMT", cwd=tmp_path)
    assert "All checks passed (1 module)." in again.stdout


def test_a_half_that_is_named_is_looked_at_and_the_pair_is_told(tmp_path: Path) -> None:
    script, notebook = write_pair(tmp_path)
    told = "sums_dev.ipynb: paired with sums_dev.py; this half is looked at, a repair changes both"
    result = run("check", "--select", "RUN", "sums_dev.ipynb", cwd=tmp_path)
    assert result.stdout.startswith("sums_dev.ipynb:")
    assert result.stderr == f"{told}\n"
    both = run("check", "--select", "RUN", "sums_dev.ipynb", "sums_dev.py", cwd=tmp_path)
    assert both.stdout.startswith("sums_dev.py:") and "in 1 module" in both.stdout
    assert both.stderr == "sums_dev.ipynb: paired with sums_dev.py, which stands for both\n"
    fixed = run("fix", "--select", "RUN", "--write", "sums_dev.ipynb", cwd=tmp_path)
    assert (fixed.returncode, fixed.stderr) == (0, f"{told}\n")
    assert script.read_text() == GUARDED and "__main__" in notebook.read_text()


def test_halves_in_folders_of_their_own_are_one_module(tmp_path: Path) -> None:
    formats = "notebooks///ipynb,scripts///py:percent"
    script = f"# ---\n# jupyter:\n#   jupytext:\n#     formats: {formats}\n# ---\n\n{DEFECTIVE}"
    only_run(tmp_path)
    path = module(tmp_path / "scripts", script)
    other = tmp_path / "notebooks" / "sums_dev.ipynb"
    other.parent.mkdir()
    other.write_text(notebook_of(script), encoding="utf-8")
    assert run("fix", "--select", "RUN", "--write", cwd=tmp_path).returncode == 0
    assert path.read_text().endswith(GUARDED) and "__main__" in other.read_text()
    assert "(1 module)" in run("check", "--select", "RUN,FMT", cwd=tmp_path).stdout


def changes(folder: Path) -> tuple[Change, Change]:
    made = []
    for name in ("a", "b"):
        (folder / name).write_bytes(b"old")
        made.append(Change(folder / name, b"old", b"new"))
    return made[0], made[1]


def test_two_files_are_replaced(tmp_path: Path) -> None:
    replace_pair(*changes(tmp_path))
    assert [path.read_bytes() for path in sorted(tmp_path.iterdir())] == [b"new", b"new"]


@pytest.mark.parametrize("error", [OSError(30, "Read-only file system"), KeyboardInterrupt()])
def test_the_first_file_is_taken_back_when_the_second_is_refused(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, replace = changes(tmp_path), os.rename
    done: list[Path] = []

    def refusing(self: Path, target: Path) -> Path:
        if len(done) == 1:
            done.append(target)
            raise error
        done.append(target)
        replace(self, target)
        return target

    monkeypatch.setattr(Path, "replace", refusing)
    with pytest.raises((ModfixError, KeyboardInterrupt)):
        replace_pair(*pair)
    assert [path.read_bytes() for path in sorted(tmp_path.iterdir())] == [b"old", b"old"]


def test_nothing_is_written_when_someone_changed_the_second_file(tmp_path: Path) -> None:
    pair = changes(tmp_path)
    (tmp_path / "b").write_bytes(b"other")
    with pytest.raises(ModfixError, match="b: changed by someone else"):
        replace_pair(*pair)
    assert (tmp_path / "a").read_bytes() == b"old"


def test_out_of_step_says_how_many_cells_disagree() -> None:
    document = paired(
        SCRIPT, notebook_of(SCRIPT).replace("last = 4", "l = 4").replace("z = ", "q=")
    )
    with pytest.raises(OutOfStep, match=r"and 1 more; FMT108"):
        other_half(document)
    assert isinstance(other_half(paired(SCRIPT, notebook_of(SCRIPT))), Half)
