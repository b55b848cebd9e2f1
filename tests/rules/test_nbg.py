"""Every code cell ends with complete metadata, in the document's words, and nbgrader takes it."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.nbg_repair import (
    accepted_notebook,
    ids,
    markers,
    metadata,
    repaired,
    sources,
)

MODULE_17 = Path(__file__).parents[2] / "modules" / "17_compression" / "compression_dev.py"
IMPLEMENTED = [
    "measure_sparsity",
    "magnitude_prune",
    "structured_prune",
    "low_rank_approximate",
    "KnowledgeDistillation",
    "compress_model",
]


def line(grade_id: str, *, solution: bool = False, points: int | None = None) -> str:
    """One of the document's marker lines."""
    graded = points is not None
    entry = {
        "grade": graded,
        "grade_id": grade_id,
        "locked": graded,
        **({"points": points} if graded else {}),
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return f"# %% nbgrader={json.dumps(entry)}"


def pair(name: str) -> list[str]:
    return [line(f"cell-{name}", solution=True), line(f"test-{name}", points=5)]


DOCUMENTED = [
    line("cell-imports", solution=True),
    *pair("measure-sparsity"),
    *pair("magnitude-prune"),
    *pair("structured-prune"),
    *pair("low-rank-approximate"),
    *pair("knowledge-distillation"),
    *pair("compress-model"),
    line("demo-profiler-compression"),
    line("analyze-compression-techniques"),
    line("analyze-distillation"),
    line("test-module-integration", points=20),
    line("cell-compression-export"),
]


def mixed(name: str) -> str:
    """An implementation, its test and its bare call in one cell, as the document finds them."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    keyword = "class" if name[0].isupper() else "def"
    head = f"{keyword} {name}:" if keyword == "class" else f"def {name}(model):"
    body = "    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION"
    test = f"def test_unit_{snake}():\n    assert {name}"
    return f"# %%\n{head}\n{body}\n\n{test}\n\ntest_unit_{snake}()\n"


def documented_module() -> str:
    plain = "\n".join(
        f"# %%\ndef {name}():\n    print(1)\n\n{name}()\n"
        for name in (
            "demo_compression_with_profiler",
            "analyze_compression_techniques",
            "analyze_distillation_effectiveness",
            "test_module",
        )
    )
    imports = """\
# %% nbgrader={"grade": false, "grade_id": "imports", "solution": true}
#| default_exp optimization.compression
#| export
import numpy as np
"""
    export = """\
# %% nbgrader={"grade": false, "grade_id": "compression_export", "solution": false}
#| export
class CompressionComplete:
    pass
"""
    return "\n".join([imports, *(mixed(name) for name in IMPLEMENTED), plain, export])


def test_the_eighteen_documented_lines_come_out_letter_for_letter() -> None:
    assert markers(repaired(documented_module()).after.text) == DOCUMENTED


def test_the_shipped_module_has_the_documented_lines_and_nothing_without() -> None:
    text = MODULE_17.read_text(encoding="utf-8")
    result = repaired(text, "NBG1", "SYS")
    found = markers(result.after.text)
    assert [each for each in found if each in DOCUMENTED] == DOCUMENTED
    assert len(found) == len(DOCUMENTED) + 4  # two that the document forgets, two analyses
    assert result.left == ()
    assert all(
        entry.keys() >= {"grade_id", "locked", "task"} for entry in metadata(found_text(found))
    )


def found_text(found: list[str]) -> str:
    return "\n".join(f"{marker}\npass\n" for marker in found)


@pytest.mark.parametrize("text", [documented_module(), MODULE_17.read_text(encoding="utf-8")])
def test_nbgrader_and_jupytext_take_the_result(text: str) -> None:
    result = repaired(text).after.text
    notebook = accepted_notebook(result)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) == len(markers(result))
    assert [cell.source for cell in code] == sources(result)
    assert all(cell.metadata.nbgrader.schema_version == 3 for cell in code)


def test_an_exported_test_leaves_the_package_and_nothing_else_moves() -> None:
    text = MODULE_17.read_text(encoding="utf-8")
    result = repaired(text).after.text
    kept = [each for each in result.split("\n") if not each.startswith("# %%")]
    before = [each for each in text.split("\n") if not each.startswith("# %%")]
    assert [each for each in kept if each.strip()] == [each for each in before if each.strip()]


COMPLETE = line("kept")


@pytest.mark.parametrize(
    "untouched",
    [
        "# %%\nimport math\n\n# %%\nprint(math.pi)\n",  # no course module
        "def test_a():\n    assert True\n",  # no cells
        f"{COMPLETE}\nx = 1\n\n# %%\n",  # nothing to grade
        '# %% nbgrader={"task":false,"solution":true,"grade":false,"schema_version":3,'
        '"locked":false,"grade_id":"Any_Id"}\nx = 1\n',  # complete in another order and spacing
        "# AUTOGENERATED! DO NOT EDIT! File to edit: a.ipynb.\n\n"
        "# %% a.ipynb 1\ndef test_a(): pass\n",
        "# %%\ndef train_loop(x): pass\n\ndef test_loop(x): pass\n\n# %%\ntest_loop(1)\n",
        "# %%\n#| echo: false\nprint(1)\n",  # Quarto's option, not nbdev's
        '# %% active="py"\nx = 1\n\n# %% [markdown]\n# def test_a(): pass\n',
    ],
)
def test_what_is_in_order_stays_to_the_letter(untouched: str) -> None:
    result = repaired(untouched)
    assert result.after.text == untouched
    assert result.left == ()


KINDS = {
    "an implementation": (
        "def f():\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION",
        "cell-f",
    ),
    "a class of several words": (
        "class KVCacheLayer:\n    # BEGIN SOLUTION\n    # END SOLUTION\n    pass",
        "cell-kv-cache-layer",
    ),
    "ReLU is one word": ("class ReLU:\n    pass", "cell-relu"),
    "a test": ("def test_unit_f():\n    pass", "test-f"),
    "a test without unit": ("def test_f():\n    pass", "test-f"),
    "a demo": ("def demo_f():\n    pass", "demo-f"),
    "an analysis": ("def analyze_f_g():\n    pass", "analyze-f-g"),
    "__all__": ("__all__ = ['f']", "cell-tensor-export"),
    "a fallback": ("try:\n    from a import B\nexcept ImportError:\n    B = None", "cell-b"),
    "by its heading": ("for i in range(3):\n    print(i)", "cell-what-tensors-are"),
    "another language": ("%%bash\nls", "cell-what-tensors-are"),
    "a name that is not ASCII": ("def größe_ß():\n    pass", "cell-groe"),
    "a student's own test": (
        "def test_f():\n    # BEGIN SOLUTION\n    pass\n    # END SOLUTION",
        "cell-test-f",
    ),
}


@pytest.mark.parametrize(("source", "expected"), KINDS.values(), ids=KINDS)
def test_an_id_says_what_the_cell_defines(source: str, expected: str) -> None:
    text = f'''\
# %%
#| default_exp core.tensor
import numpy as np
import os

# %% [markdown]
"""
# 2.1 📦 What tensors *are*
```
# not a heading
```
"""

# %%
{source}
'''
    assert ids(repaired(text).after.text) == ["cell-imports", expected]


def test_ids_differ_and_stay_when_a_cell_is_inserted() -> None:
    cell = "# %%\ndef test_f():\n    pass\n"
    first = repaired("\n".join([cell] * 3)).after.text
    assert ids(first) == ["test-f", "test-f-2", "test-f-3"]
    again = repaired(cell + "\n" + first).after.text
    assert ids(again) == ["test-f-4", "test-f", "test-f-2", "test-f-3"]


def test_a_rename_does_not_take_an_id_that_is_in_use() -> None:
    old = '# %% nbgrader={"grade": false, "grade_id": "imports", "solution": true}\nimport a\n'
    text = f"{line('cell-imports')}\nx = 1\n\n{old}"
    assert ids(repaired(text).after.text) == ["cell-imports", "imports"]


def test_an_imports_cell_that_says_nothing_is_not_cleared_on_release() -> None:
    text = "# %%\nimport a\nimport b\n\n# %%\ndef test_a():\n    pass\n"
    assert markers(repaired(text).after.text)[0] == line("cell-imports")


MENDED = {
    '"grade_id": "a"': {"grade": False, "solution": False, "locked": False},
    '"grade": true, "grade_id": "a"': {"points": 5, "locked": True, "solution": False},
    '"grade": true, "grade_id": "a", "locked": false, "points": 2.5': {
        "points": 2.5,
        "locked": True,
    },
    '"grade": true, "grade_id": "a", "points": "3"': {"points": 3},
    '"grade": true, "grade_id": "a", "solution": true': {"points": 5, "locked": False},
    '"grade": false, "grade_id": "a", "locked": true, "solution": false': {"locked": True},
    '"grade": false, "grade_id": "a", "schema_version": 1, "solution": true': {"solution": True},
    '"grade": false, "grade_id": "a", "schema_version": "3", "solution": true': {"locked": False},
    '"grade": false, "grade_id": "", "solution": true': {"grade_id": "cell-x"},
    '"checksum": "0123456789abcdef0123456789abcdef", "grade_id": "a"': {"grade": False},
    "": {"grade": False, "grade_id": "cell-x"},
}


@pytest.mark.parametrize(("old", "expected"), MENDED.items())
def test_what_stands_there_is_kept_and_what_lacks_is_added(
    old: str, expected: dict[str, object]
) -> None:
    text = repaired(f'# %% title nbgrader={{{old}}} tags=["a"]\nx = 1\n').after.text
    assert text.startswith("# %% title nbgrader={")
    assert text.endswith(' tags=["a"]\nx = 1\n')
    assert metadata(text)[0].items() >= {"schema_version": 3, "task": False, **expected}.items()
    assert (
        metadata(text)[0].items()
        >= {
            key: value
            for key, value in json.loads(f"{{{old}}}").items()
            if key not in ("locked", "schema_version", "points", "grade_id", "checksum")
        }.items()
    )
    accepted_notebook(text)
    assert not repaired(text).changed


LEFT = {
    'nbgrader={"grade": "yes", "grade_id": "a"}': {
        "NBG102": "lacks `locked`",
        "NBG105": "`grade` is not true or false",
    },
    'nbgrader={"grade": true, "grade_id": "a b"}': {
        "NBG102": "lacks `locked`",
        "NBG106": "has no points",
        "NBG202": "has other characters",
    },
    'nbgrader={"grade": true, "grade_id": "a", "points": -1}': {
        "NBG102": "lacks `locked`",
        "NBG107": "`points` is -1",
    },
    'nbgrader={"grade_id": "a", "schema_version": 4}': {
        "NBG102": "lacks `grade`",
        "NBG104": "`schema_version` is 4",
    },
    'nbgrader={"grade_id": "a", "task": true}': {
        "NBG102": "does not tell the rest",
        "NBG211": "has to be markdown",
    },
    'nbgrader={"grade": true, "grade_id": "a' + '"' + ' "x"': {"FMT101": "cannot be read"},
    "nbgrader=true": {"NBG105": "is not a mapping"},
    '[markdown] nbgrader={"grade": true, "grade_id": "a", "solution": false}': {
        "NBG102": "does not tell the rest",
        "NBG106": "has no points",
        "NBG212": "graded but not a solution",
    },
}


@pytest.mark.parametrize(("marker", "shown"), LEFT.items())
def test_what_cannot_be_mended_is_shown_and_left(marker: str, shown: dict[str, str]) -> None:
    result = repaired(f"# %% {marker}\n# x\n", "NBG1", "NBG2", "FMT1")
    assert not result.changed
    assert [finding.code for finding in result.left] == list(shown)
    for finding in result.left:
        assert shown[finding.code] in finding.message


def test_prose_with_metadata_is_completed_too() -> None:
    text = """\
# %% [markdown] nbgrader={"grade": true, "grade_id": "q1", "points": 5, "solution": true}
# Why?

# %% [markdown] nbgrader={"grade_id": "t1", "points": 2, "task": true}
# Do it.
"""
    result = repaired(text).after.text
    first, second = accepted_notebook(result).cells
    assert first.metadata.nbgrader.locked is False
    assert second.metadata.nbgrader.locked is True


SPLIT = {
    "directives go with the code, the call with the test": (
        """\
        #| export
        def f():
            return 1

        # a test
        def test_f():
            assert f()

        if __name__ == "__main__":
            test_f()
        """,
        ["#| export\ndef f():\n    return 1", "# a test\ndef test_f():\n    assert f()\n\n"
         'if __name__ == "__main__":\n    test_f()'],
        ["cell-f", "test-f"],
    ),
    "the test first": (
        """\
        #| export
        def test_f():
            assert f

        def f():
            ### BEGIN SOLUTION
            return 1
            ### END SOLUTION
        """,
        ["def test_f():\n    assert f", "#| export\ndef f():\n    ### BEGIN SOLUTION\n"
         "    return 1\n    ### END SOLUTION"],
        ["test-f", "cell-f"],
    ),
    "several of them": (
        """\
        #| export
        import os
        def f():
            return os
        def test_f():
            f()
        test_f()
        K = 3
        def g():
            return K
        def test_g():
            g()
        test_g()
        """,
        ["#| export\nimport os\ndef f():\n    return os", "def test_f():\n    f()\ntest_f()",
         "#| export\nK = 3\ndef g():\n    return K", "def test_g():\n    g()\ntest_g()"],
        ["cell-f", "test-f", "cell-g", "test-g"],
    ),
    "fixtures and helpers of the test go with it": (
        """\
        def f():
            # BEGIN SOLUTION
            return 1
            # END SOLUTION
        class MockModel:
            pass
        def _check(x):
            assert x
        def test_f():
            _check(f() and MockModel())
        """,
        ["def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION",
         "class MockModel:\n    pass\ndef _check(x):\n    assert x\n"
         "def test_f():\n    _check(f() and MockModel())"],
        ["cell-f", "test-f"],
    ),
    "what follows stays with what it follows": (
        """\
        def f():
            # BEGIN SOLUTION
            return 1
            # END SOLUTION
        x = f()
        def test_f():
            assert x
        print(x)
        """,
        ["def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\nx = f()",
         "def test_f():\n    assert x\nprint(x)"],
        ["cell-f", "test-f"],
    ),
    "a demo": (
        "def demo_f():\n    pass\ndemo_f()\ndef test_f():\n    pass\n",
        ["def demo_f():\n    pass\ndemo_f()", "def test_f():\n    pass"],
        ["demo-f", "test-f"],
    ),
    "a region at the top level": (
        "# BEGIN SOLUTION\nx = 1\n# END SOLUTION\ndef test_x():\n    assert x\n",
        ["# BEGIN SOLUTION\nx = 1\n# END SOLUTION", "def test_x():\n    assert x"],
        ["cell-x", "test-x"],
    ),
    "the part that runs the test is graded": (
        "def test_f():\n    assert f()\n\ndef f():\n    # BEGIN SOLUTION\n    return 1\n"
        "    # END SOLUTION\n\ntest_f()\n",
        ["def test_f():\n    assert f()", "def f():\n    # BEGIN SOLUTION\n    return 1\n"
         "    # END SOLUTION", "test_f()"],
        ["cell-test-f", "cell-f", "test-f"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected", "names"), SPLIT.values(), ids=SPLIT)
def test_a_mixed_cell_is_split_between_statements(
    source: str, expected: list[str], names: list[str]
) -> None:
    result = repaired(f"# %%\n{textwrap.dedent(source)}")
    assert sources(result.after.text) == expected
    assert ids(result.after.text) == names
    accepted_notebook(result.after.text)
    assert result.left == ()
    assert not repaired(result.after.text).changed


BODY = """\
def f():
    {}
    return 1

def test_f():
    assert f() == 1
"""
SOLVED = BODY.format("# BEGIN SOLUTION\n    # END SOLUTION")


@pytest.mark.parametrize(
    ("old", "first", "second"),
    [
        (
            '"grade": true, "grade_id": "mine", "points": 7, "solution": false',
            line("cell-f", solution=True),
            line("mine", points=7),
        ),
        (
            '"grade": false, "grade_id": "mine", "solution": true',
            line("mine", solution=True),
            line("test-f", points=5),
        ),
        ('"grade_id": "mine"', line("mine", solution=True), line("test-f", points=5)),
    ],
)
def test_old_metadata_goes_to_the_part_that_it_speaks_of(old: str, first: str, second: str) -> None:
    result = repaired(f"# %% nbgrader={{{old}}}\n{SOLVED}")
    assert markers(result.after.text) == [first, second]


def test_the_half_that_is_complete_keeps_its_spelling() -> None:
    marker = (
        '# %% nbgrader={"solution":true,"grade":false,"grade_id":"mine","locked":false,'
        '"schema_version":3,"task":false}'
    )
    result = repaired(f"{marker}\n{SOLVED}")
    assert markers(result.after.text) == [marker, line("test-f", points=5)]


def test_what_is_not_graded_does_not_become_so() -> None:
    source = "#| export\n" + BODY.format("x = 1")
    old = '"grade": false, "grade_id": "mine", "solution": false'
    parts = metadata(repaired(f"# %% nbgrader={{{old}}}\n{source}").after.text)
    assert [entry["grade"] for entry in parts] == [False, False]


@pytest.mark.parametrize(
    "text",
    [
        f'# %% nbgrader={{"grade": true, "grade_id": "a", "solution": true}}\n{SOLVED}',
        f"# %%\n%%time\n{SOLVED}",
        "# %%\n# BEGIN SOLUTION\ndef f():\n    pass\ndef test_f():\n    pass\n# END SOLUTION\n"
        "def g():\n    # BEGIN SOLUTION\n    pass\n    # END SOLUTION\ndef test_g():\n    g()\n"
        "# BEGIN SOLUTION\n",
        f'# %% nbgrader={{"grade": false, "grade_id": "a", "solution": false}}\n{SOLVED}',
    ],
)
def test_what_must_not_be_split_is_only_reported(text: str) -> None:
    result = repaired(text)
    assert [finding.code for finding in result.left if finding.code == "NBG103"] == ["NBG103"]
    assert sources(result.after.text) == sources(text)


def test_a_directive_that_nbdev_did_not_see_needs_consent() -> None:
    solution = "    # BEGIN SOLUTION\n    pass\n    # END SOLUTION\n"
    text = f"# %%\ndef test_f():\n    pass\n\n#| export\ndef f():\n{solution}"
    assert not repaired(text).changed
    assert sources(repaired(text, unsafe=True).after.text)[1].startswith("#| export\ndef f")


STATEMENTS = [
    "import os",
    "x = 1",
    "# a comment",
    "",
    "# BEGIN SOLUTION",
    "# END SOLUTION",
    "#| export",
    "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION",
    "def g():\n    return f()",
    "class ReLU:\n    pass",
    "class MockModel:\n    pass",
    "def _help():\n    return MockModel()",
    "def test_unit_f():\n    assert f() and _help()",
    "def test_g():\n    ### BEGIN HIDDEN TESTS\n    assert g()\n    ### END HIDDEN TESTS",
    "def demo_f():\n    pass",
    "test_unit_f()",
    'if __name__ == "__main__":\n    test_g()',
    "text = '''\n# not a comment'''",
    "%time x",
    "__all__ = ['f']",
]
MARKERS = [
    "# %%",
    "# %%",
    "# %% a title",
    "# %% [markdown]",
    '# %% nbgrader={"grade": false, "grade_id": "a", "solution": true}',
    '# %% nbgrader={"grade": true, "grade_id": "b", "points": 2}',
    '# %% {"nbgrader": {"grade_id": "c"}}',
    '# %% nbgrader={"grade": true',
    "# %% a = b",
]
CELLS = st.tuples(st.sampled_from(MARKERS), st.lists(st.sampled_from(STATEMENTS), max_size=7))


@given(st.lists(CELLS, max_size=5))
def test_any_module_settles_keeps_its_lines_and_gets_no_id_twice(
    cells: list[tuple[str, list[str]]],
) -> None:
    text = "".join(f"{marker}\n" + "\n".join(body) + "\n\n" for marker, body in cells)
    result = repaired(text, unsafe=True)
    after = result.after.text
    assert code_lines(after) == code_lines(text)
    assert not repaired(after, unsafe=True).changed
    given_before = ids(text)
    new = [each for each in ids(after) if each and each not in given_before]
    assert len(new) == len(set(new))


VALUES = st.sampled_from([True, False, 0, 1, 3, 4, 2.5, -1, "2", "3", "a-1", "a b", "", None, [1]])
KEYS = ["grade", "grade_id", "locked", "points", "schema_version", "solution", "task", "other"]
KINDS_OF_CELL = st.sampled_from(["", " [markdown]", " [raw]"])


@given(KINDS_OF_CELL, st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_nbgrader_takes_whatever_has_no_finding(kind: str, entry: dict[str, object]) -> None:
    result = repaired(f"# %%{kind} nbgrader={json.dumps(entry)}\n# x\n", "NBG1", "NBG2")
    assert not repaired(result.after.text, "NBG1", "NBG2").changed
    if not result.left:
        accepted_notebook(result.after.text)
    for key in ("grade", "solution", "task"):
        if entry.get(key) is None and result.changed:
            continue  # null says nothing
        assert kept(result.after.text, key) == entry.get(key, kept(result.after.text, key))


def kept(text: str, key: str) -> object:
    """The value of one key of the first cell of any kind."""
    (value,) = re.findall(r"^# %%.*? nbgrader=(.*)$", text, re.MULTILINE)
    return json.loads(value).get(key)


def code_lines(text: str) -> list[str]:
    """The lines that are neither markers nor directives nor blank."""
    return [
        each for each in text.split("\n") if each.strip() and not each.startswith(("# %%", "#|"))
    ]


def test_a_cell_of_comments_is_a_code_cell_like_any_other() -> None:
    after = repaired(f"{COMPLETE}\nx = 1\n\n# %%\n# only a comment\n").after.text
    assert metadata(after)[1]["grade"] is False and len(metadata(after)[1]) == 6


def test_a_test_that_runs_elsewhere_is_not_the_students_to_change() -> None:
    text = """\
# %%
#| export
def test_unit_early():
    assert add(1) == 1

def add(a):
    ### BEGIN SOLUTION
    return a
    ### END SOLUTION

test_unit_early()
"""
    test, solution, call = metadata(repaired(text).after.text)
    assert (test["locked"], test["grade"]) == (True, False)
    assert (solution["solution"], call["grade"], call["points"]) == (True, True, 5)


def test_a_test_with_arguments_counts_where_it_is_called() -> None:
    text = "# %%\n#| export\nx = 1\n\n# %%\ndef test_unit_a(n):\n    assert n\n\ntest_unit_a(1)\n"
    assert metadata(repaired(text).after.text)[1]["grade_id"] == "test-a"


def test_a_directive_further_down_is_not_doubled() -> None:
    text = """\
# %%
#| export
def a():
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION

def test_a():
    assert a() == 1

#| export
def b():
    ### BEGIN SOLUTION
    return 2
    ### END SOLUTION
"""
    result = repaired(text)  # safe: the cell is exported as a whole already
    assert [each.count("#| export") for each in sources(result.after.text)] == [1, 0, 1]


def test_the_finding_of_a_mixed_cell_has_the_fix_of_its_split() -> None:
    text = "# %%\n#| export\ndef a():\n    return 1\n\ndef test_a():\n    assert a() == 1\n"
    result = repaired(text, "NBG101")
    assert len(metadata(result.after.text)) == 2


STEP = "# %%\ndef test_loop(model):\n    print(model)\n\ntest_loop(1)\n"
TEST_CELL = "# %%\ndef test_a():\n    assert True\n"
NO_COURSE = {
    "a step that takes arguments": STEP,
    "a file of pytest's": TEST_CELL,
}


@pytest.mark.parametrize("name", NO_COURSE)
def test_a_test_by_name_alone_makes_no_graded_module(name: str) -> None:
    text = NO_COURSE[name]
    path = "test_layers.py" if "pytest" in name else "lab.py"
    assert not repaired(text, "NBG101", "NBG405", path=path).left
    course = f"{text}\n# %%\n#| export\nx = 1\n"
    assert repaired(course, "NBG101", path=path).changed


def test_a_test_without_arguments_makes_a_graded_module() -> None:
    assert repaired(TEST_CELL, "NBG101", path="lab.py").changed
