"""The main job: every documented defect of module 17 is found at its true line, repaired by either
strategy, and the repaired module passes all eight steps."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
import pytest

from tests.course import MODULE, MODULES, copy_course, findings, modfix

SOURCE = (MODULES / MODULE).read_text(encoding="utf-8")
LINES = SOURCE.split("\n")
IMPLEMENTED = [
    "measure_sparsity",
    "magnitude_prune",
    "structured_prune",
    "low_rank_approximate",
    "knowledge_distillation",
    "compress_model",
]
DEMOS = [
    "demo_compression_with_profiler",
    "analyze_compression_techniques",
    "analyze_distillation_effectiveness",
]


def line(pattern: str, number: int = 0) -> int:
    """The line (from 1) of the number-th line of the module that a pattern matches whole."""
    found = [at for at, text in enumerate(LINES, 1) if re.fullmatch(pattern, text)]
    return found[number]


# Every defect that the document and the facts list: its code and its place.
DEFECTS = Counter(
    [
        # Fix 1: the container in the imports cell
        ("CMP101", line("class Sequential:")),
        # Fix 2: ten bare calls, the cell that prints, the suite that runs twice
        *(("RUN101", line(rf"test_unit_{name}\(\)")) for name in IMPLEMENTED),
        ("RUN101", line(r"test_module\(\)")),
        *(("RUN102", line(rf"{name}\(\)")) for name in DEMOS),
        ("RUN103", line(r'print\("🔬 What does one layer cost\?"\)')),
        ("RUN104", line(r"    test_module\(\)")),
        # Fix 3: three incomplete markers, eleven bare ones, six mixed cells
        *(("NBG102", line(r"# %% nbgrader=.*", number)) for number in range(3)),
        *(("NBG101", line(r"# %%", number)) for number in range(11)),
        *(("NBG103", line(rf"def test_unit_{name}\(\):")) for name in IMPLEMENTED),
        # the documented imports cell is a solution without a region: blanked for students
        ("NBG301", line(r"# %% nbgrader=.*", 0)),
        # Fix 4: two analyses that belong after the last one
        ("SYS101", line(r"def analyze_distillation_effectiveness\(\):")),
        ("SYS101", line(r"def analyze_distillation_effectiveness\(\):")),
        # Fix 5: no __all__, and four wrappers that shadow what it should name
        ("EXP101", line("class CompressionComplete:")),
        ("EXP103", line(r"def measure_sparsity\(model\):")),
        ("EXP103", line(r"def magnitude_prune\(model, sparsity=0\.5\):")),
        ("EXP103", line(r"def structured_prune\(model, prune_ratio=0\.3\):")),
        ("EXP103", line(r"def compress_model\(model, compression_config=None\):")),
    ]
)

DOCUMENTED_MARKERS = """\
# %% nbgrader={"grade": false, "grade_id": "cell-imports", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %% nbgrader={"grade": false, "grade_id": "cell-measure-sparsity", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %% nbgrader={"grade": true, "grade_id": "test-measure-sparsity", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# %% nbgrader={"grade": false, "grade_id": "cell-magnitude-prune", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %% nbgrader={"grade": true, "grade_id": "test-magnitude-prune", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# %% nbgrader={"grade": false, "grade_id": "cell-structured-prune", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %% nbgrader={"grade": true, "grade_id": "test-structured-prune", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# %% nbgrader={"grade": false, "grade_id": "cell-low-rank-approximate", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %% nbgrader={"grade": true, "grade_id": "test-low-rank-approximate", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# %% nbgrader={"grade": false, "grade_id": "cell-knowledge-distillation", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %% nbgrader={"grade": true, "grade_id": "test-knowledge-distillation", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# %% nbgrader={"grade": false, "grade_id": "cell-compress-model", "locked": false, "schema_version": 3, "solution": true, "task": false}
# %% nbgrader={"grade": true, "grade_id": "test-compress-model", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# %% nbgrader={"grade": false, "grade_id": "demo-profiler-compression", "locked": false, "schema_version": 3, "solution": false, "task": false}
# %% nbgrader={"grade": false, "grade_id": "analyze-compression-techniques", "locked": false, "schema_version": 3, "solution": false, "task": false}
# %% nbgrader={"grade": false, "grade_id": "analyze-distillation", "locked": false, "schema_version": 3, "solution": false, "task": false}
# %% nbgrader={"grade": true, "grade_id": "test-module-integration", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
# %% nbgrader={"grade": false, "grade_id": "cell-compression-export", "locked": false, "schema_version": 3, "solution": false, "task": false}
# %% nbgrader={"grade": false, "grade_id": "analyze-sparse-storage", "locked": false, "schema_version": 3, "solution": false, "task": false}
# %% nbgrader={"grade": false, "grade_id": "analyze-inference-timing", "locked": false, "schema_version": 3, "solution": false, "task": false}
""".splitlines()  # noqa: E501  (the document's lines, letter for letter)
STEPS = 8


@pytest.fixture(scope="module", params=["import", "explicit"])
def repaired(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of module 17 after `fix --write` with one of the strategies."""
    path = copy_course(tmp_path_factory.mktemp(request.param))
    result = modfix("fix", path.parent, "--write", "--container-strategy", request.param)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("  passed  ") == STEPS
    return path


def test_check_reports_every_documented_defect_at_its_line_and_nothing_else() -> None:
    found = findings(MODULES / "17_compression")
    assert Counter((each["code"], each["line"]) for each in found) == DEFECTS
    assert all(each["path"].endswith(str(MODULE)) for each in found)


def test_the_shipped_module_stays_defective_and_its_check_fails() -> None:
    assert modfix("check", MODULES / "17_compression").returncode == 1


def test_fix_without_write_shows_the_diff_and_writes_nothing(tmp_path: Path) -> None:
    path = copy_course(tmp_path)
    result = modfix("fix", path, "--diff")
    assert result.returncode == 1
    assert "+if __name__ == " in result.stdout
    assert path.read_text(encoding="utf-8") == SOURCE


def test_no_finding_is_left_that_has_a_fix(repaired: Path) -> None:
    left = findings(repaired)
    assert [each for each in left if each["severity"] == "error"] == []
    assert [each for each in left if (each["fix"] or {}).get("applicability") == "safe"] == []


def test_a_second_fix_changes_nothing(repaired: Path) -> None:
    before = repaired.read_bytes()
    strategy = "explicit" if "explicit" in str(repaired) else "import"
    result = modfix("fix", repaired, "--write", "--container-strategy", strategy)
    assert result.returncode == 0 and "Fixed 0 findings" in result.stdout
    assert repaired.read_bytes() == before


def test_the_documented_marker_lines_come_out_letter_for_letter(repaired: Path) -> None:
    lines = repaired.read_text(encoding="utf-8").split("\n")
    assert [marker for marker in DOCUMENTED_MARKERS if lines.count(marker) != 1] == []


def test_every_code_cell_has_complete_metadata(repaired: Path) -> None:
    markers = [
        text
        for text in repaired.read_text(encoding="utf-8").split("\n")
        if text.startswith("# %%") and "[markdown]" not in text
    ]
    for marker in markers:
        metadata = json.loads(marker.removeprefix("# %% nbgrader="))
        points = ["points"] if metadata["grade"] else []
        assert list(metadata) == [
            "grade",
            "grade_id",
            "locked",
            *points,
            "schema_version",
            "solution",
            "task",
        ]


def test_all_names_the_six_of_the_document(repaired: Path) -> None:
    assert """__all__ = [
    'measure_sparsity',
    'magnitude_prune',
    'structured_prune',
    'low_rank_approximate',
    'compress_model',
    'KnowledgeDistillation'
]
""" in repaired.read_text(encoding="utf-8")


def test_prose_keeps_its_words(repaired: Path) -> None:
    text = repaired.read_text(encoding="utf-8")
    for sentence in ("A word on the word *Sequential*", "Why does the Sequential order"):
        assert sentence in text


def test_the_explicit_strategy_leaves_no_container(repaired: Path) -> None:
    if "explicit" not in str(repaired):
        return  # the other strategy keeps its calls
    text = repaired.read_text(encoding="utf-8")
    assert "Sequential(" not in text and "class Sequential" not in text


def test_markdown_cells_are_untouched(repaired: Path) -> None:
    assert _markdown(repaired.read_text(encoding="utf-8")) == _markdown(SOURCE)


def _markdown(text: str) -> list[str]:
    cells = re.split(r"^(?=# %%)", text, flags=re.MULTILINE)
    return [cell.rstrip() for cell in cells if cell.startswith("# %% [markdown]")]


CONTAINERS = '''\
"""The container of the course's package, as milestones use it."""

models = []


class Sequential:
    """Layers, called one after the other."""

    def __init__(self, *layers):
        models.append(len(layers))
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    __call__ = forward

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]
'''
USES_IT = """\
import compression_dev as module
from tinytorch.nn import containers
assert module.Sequential is containers.Sequential
module.test_module()
assert containers.models
"""


def test_the_repaired_module_takes_the_container_of_the_package_where_there_is_one(
    tmp_path: Path,
) -> None:
    path = copy_course(tmp_path)
    package = tmp_path / "modules" / "tinytorch" / "nn"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "containers.py").write_text(CONTAINERS, encoding="utf-8")
    result = modfix("fix", path, "--write")
    assert result.returncode == 0 and result.stdout.count("  passed  ") == STEPS
    used = subprocess.run(
        [sys.executable, "-c", USES_IT],
        cwd=path.parent,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "modules")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert used.returncode == 0, used.stderr


def test_the_same_module_as_a_notebook_is_repaired_alike(tmp_path: Path) -> None:
    script = copy_course(tmp_path)
    notebook = jupytext.read(script, fmt="py:percent")
    notebook.cells[0].metadata["kept"] = {"to the": ["letter"]}
    path = script.with_suffix(".ipynb")
    nbformat.write(notebook, path)
    script.unlink()
    before = path.read_text(encoding="utf-8")
    result = modfix("fix", path.parent, "--write")
    assert result.returncode == 0 and result.stdout.count("  passed  ") == STEPS
    after = path.read_text(encoding="utf-8")
    cells = nbformat.reads(after, as_version=4).cells
    markers = [f"# %% nbgrader={json.dumps(c.metadata.get('nbgrader'))}" for c in cells]
    assert [marker for marker in DOCUMENTED_MARKERS if markers.count(marker) != 1] == []
    assert after.startswith(before[: before.index('"cell_type": "code"')])
