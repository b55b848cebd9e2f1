"""Edits: what each kind makes of a script, and that nothing else moves."""

from pathlib import Path

import pytest

from modfix.document.document import Document
from modfix.document.edit import (
    Edit,
    InsertCell,
    MetadataEdit,
    RemoveCell,
    Replacement,
    SplitCell,
    TextEdit,
)

SCRIPT = """\
import os

# %% first tags=["a"]
x = 1


# %% [markdown]
# prose

# %% nbgrader={"grade": true} tags=["b"]
y = 2
z = 3
"""
WHOLE = {"grade": False, "grade_id": "é"}
CASES = [
    (TextEdit(1, 4, 5, "7"), "x = 1\n", "x = 7\n"),
    (
        MetadataEdit(1, "nbgrader", WHOLE),
        '# %% first tags=["a"]\n',
        '# %% first tags=["a"] nbgrader={"grade": false, "grade_id": "é"}\n',
    ),
    (
        MetadataEdit(3, "nbgrader", WHOLE),
        'nbgrader={"grade": true} tags',
        'nbgrader={"grade": false, "grade_id": "é"} tags',
    ),
    (
        MetadataEdit(0, "nbgrader", WHOLE),
        "import os\n",
        '# %% nbgrader={"grade": false, "grade_id": "é"}\nimport os\n',
    ),
    (
        SplitCell(3, 6, {"nbgrader": WHOLE}),
        "y = 2\nz",
        'y = 2\n\n# %% nbgrader={"grade": false, "grade_id": "é"}\nz',
    ),
    (InsertCell(1, "w = 0"), "# %% [markdown]\n", "# %%\nw = 0\n\n# %% [markdown]\n"),
    (InsertCell(-1, "w = 0"), "import os\n", "# %%\nw = 0\n\nimport os\n"),
    (InsertCell(3, "w = 0"), "z = 3\n", "z = 3\n\n# %%\nw = 0\n"),
    (RemoveCell(2), "# %% [markdown]\n# prose\n\n", ""),
    (RemoveCell(3), '\n# %% nbgrader={"grade": true} tags=["b"]\ny = 2\nz = 3\n', ""),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("edit", "old", "new"), CASES, ids=lambda v: type(v).__name__)
def test_an_edit_changes_what_it_names(edit: Edit, old: str, new: str, newline: str) -> None:
    document = Document.from_bytes(Path("m.py"), SCRIPT.replace("\n", newline).encode())
    after = document.edited(document.replacements([edit]))
    assert SCRIPT.count(old) == 1
    assert after.to_bytes().decode() == SCRIPT.replace(old, new).replace("\n", newline)


def test_mixed_line_ends_stay_where_nothing_changed() -> None:
    data = b"# %%\r\na = 1\nb = 2\r\n\r\n# %%\nc = 3\r\n"
    document = Document.from_bytes(Path("m.py"), data)
    after = document.edited(document.replacements([TextEdit(1, 4, 5, "4")]))
    assert after.to_bytes() == data.replace(b"c = 3", b"c = 4")


def test_a_file_without_a_final_newline_takes_a_cell_at_its_end() -> None:
    document = Document.from_bytes(Path("m.py"), b"# %%\na = 1")
    after = document.edited(document.replacements([InsertCell(0, "b = 2")]))
    assert after.text == "# %%\na = 1\n\n# %%\nb = 2\n"


@pytest.mark.parametrize(
    ("first", "second", "touch"),
    [
        (Replacement(0, 4, ""), Replacement(4, 6, ""), False),
        (Replacement(0, 5, ""), Replacement(4, 6, ""), True),
        (Replacement(4, 4, "a"), Replacement(4, 4, "b"), True),
        (Replacement(4, 4, "a"), Replacement(4, 6, "b"), True),
        (Replacement(0, 4, "a"), Replacement(4, 4, "b"), False),
    ],
)
def test_overlap(first: Replacement, second: Replacement, touch: bool) -> None:
    assert first.overlaps(second) is touch
    assert second.overlaps(first) is touch


@pytest.mark.parametrize(("offset", "place"), [(None, (3, 1, 0)), (0, (4, 1, 1)), (4, (4, 5, 1))])
def test_a_place_is_true(offset: int | None, place: tuple[int, int, int]) -> None:
    document = Document.from_bytes(Path("m.py"), SCRIPT.encode())
    assert document.place(1, offset) == place
