"""The required analyses go where the document puts them, run, and say what their numbers say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from modfix.document.document import Document
from modfix.lint.registry import make_rule, rule_types
from modfix.lint.run import lint
from modfix.rule import Finding, InsertCell
from tests.rules.nbg_repair import SETTINGS, accepted_notebook, ids, markers, repaired, sources

MODULES = Path(__file__).parents[2] / "modules"
SHIPPED = (MODULES / "17_compression" / "compression_dev.py").read_text(encoding="utf-8")
STORAGE, TIMING = "analyze-sparse-storage", "analyze-inference-timing"
LINE = (
    '# %% nbgrader={{"grade": false, "grade_id": "{}", "locked": false, "schema_version": 3, '
    '"solution": false, "task": false}}'
)
PREAMBLE = """\
# %%
#| default_exp optimization.compression
import numpy as np
from tinytorch.core.layers import Linear
from tinytorch.core.tensor import Tensor

# %%
def magnitude_prune(model, sparsity=0.9):
    weights = [layer.weight.data for layer in model.layers]
    for weight in weights:
        weight[np.abs(weight) <= np.quantile(np.abs(weight), sparsity)] = 0.0

"""


def analysis(name: str) -> str:
    return f"# %%\ndef {name}():\n    pass\n\n"


def functions(text: str) -> list[str]:
    return re.findall(r"^def (\w+)", text, re.MULTILINE)


def found(text: str, options: dict[str, Any], path: str = "05_x/x_dev.py") -> list[Finding]:
    kind = next(kind for kind in rule_types() if kind.code == "SYS101")
    document = Document.from_bytes(Path(path), text.encode())
    return lint(document, [make_rule(kind, options)], SETTINGS)


def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "compression_dev.py"
    path.write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-W", "error", path],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(MODULES), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
    )


def test_the_shipped_module_gets_both_cells_at_the_documented_place() -> None:
    result = repaired(SHIPPED, "SYS").after.text
    names = functions(result)
    at = names.index("analyze_distillation_effectiveness")
    assert names[at : at + 4] == [
        "analyze_distillation_effectiveness",
        "analyze_sparse_storage_formats",
        "analyze_pruning_inference_speedup",
        "test_module",
    ]
    documented = [LINE.format(STORAGE), LINE.format(TIMING)]
    assert [each for each in markers(result) if each in documented] == documented
    assert ids(result).index(STORAGE) + 1 == ids(result).index(TIMING)
    inserted = [each for each in sources(result) if each not in sources(SHIPPED)]
    assert all(
        re.search(r'\n\nif __name__ == "__main__":\n    \w+\(\)$', each) for each in inserted
    )
    assert result.replace("".join(_cells(result, inserted)), "") == SHIPPED
    assert not repaired(result, "SYS").changed


def _cells(text: str, inserted: list[str]) -> list[str]:
    known = {STORAGE: inserted[0], TIMING: inserted[1]}
    return [f"{LINE.format(each)}\n{source}\n\n" for each, source in known.items()]


def test_nbgrader_takes_the_result_of_both_families() -> None:
    accepted_notebook(repaired(SHIPPED, "NBG", "SYS").after.text)


@pytest.mark.parametrize(
    ("cells", "before"),
    [
        (["analyze_distillation_effectiveness", "analyze_b"], "analyze_distillation_effectiveness"),
        (["analyze_a", "analyze_b", "test_module"], "analyze_b"),
        (["f", "test_module", "g"], "f"),
        (["f", "g"], "g"),
    ],
    ids=["after the named one", "after the last", "before the integration test", "at the end"],
)
def test_the_place(cells: list[str], before: str) -> None:
    text = repaired(PREAMBLE + "".join(map(analysis, cells)), "SYS").after.text
    names = functions(text)
    at = names.index(before)
    assert names[at + 1] == "analyze_sparse_storage_formats"
    assert names[at + 2] == "analyze_pruning_inference_speedup"


def test_the_finding_stands_at_the_function_that_the_cell_follows() -> None:
    text = PREAMBLE + analysis("analyze_distillation_effectiveness")
    first, second = found(text, SETTINGS.rules["SYS101"])
    assert first.start == second.start == 0
    assert first.cell == second.cell == 2
    assert "`analyze_sparse_storage_formats`" in first.message


@pytest.mark.parametrize(
    "text",
    [
        PREAMBLE.replace("optimization.compression", "core.layers"),
        "# %%\nx = 1\n",
        PREAMBLE
        + analysis("analyze_sparse_storage_formats")
        + analysis("analyze_pruning_inference_speedup"),
        PREAMBLE
        + analysis("analyze_pruning_inference_speedup")
        + "# %%\ndef analyze_sparse_storage_formats(:\n",
    ],
    ids=["another module", "a script", "both are there", "one does not parse"],
)
def test_no_finding(text: str) -> None:
    assert [f for f in found(text, SETTINGS.rules["SYS101"]) if f.code == "SYS101"] == []


def test_a_template_without_its_names_is_not_inserted() -> None:
    text = PREAMBLE.replace("import Tensor", "import Tensor as T")
    result = repaired(text, "SYS")
    assert functions(result.after.text) == ["magnitude_prune", "analyze_sparse_storage_formats"]
    assert [finding.message for finding in result.left] == [
        "the required analysis `analyze_pruning_inference_speedup` is missing; "
        "its template needs `Tensor`"
    ]


def test_a_course_adds_an_analysis_of_its_own(tmp_path: Path) -> None:
    template = tmp_path / "templates" / "mine.py"
    template.parent.mkdir()
    template.write_text("def analyze_mine():\n    pass\n", encoding="utf-8")
    own = {"function": "analyze_mine", "module": "05_*", "template": "templates/mine.py"}
    text = '# %% nbgrader={"grade_id": "analyze-mine"}\nx = 1\n'
    path = str(tmp_path / "05_x" / "x_dev.py")
    (finding,) = found(text, {**SETTINGS.rules["SYS101"], "extend-analyses": [own]}, path)
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    assert isinstance(edit, InsertCell)
    assert edit.source == "def analyze_mine():\n    pass"
    entry = edit.metadata["nbgrader"]
    assert isinstance(entry, dict)
    assert entry["grade_id"] == "analyze-mine-2"


def test_a_template_that_is_not_there_or_not_encodable_is_no_fix() -> None:
    nowhere = {"function": "analyze_mine", "template": "no/such/file.py"}
    (finding,) = found("# %%\nx = 1\n", {"analyses": [nowhere]})
    assert finding.fix is None
    text = "# -*- coding: latin-1 -*-\n" + PREAMBLE
    assert all(finding.fix is None for finding in found(text, SETTINGS.rules["SYS101"]))


def test_the_analyses_run_and_say_what_they_compute(tmp_path: Path) -> None:
    text = repaired(PREAMBLE + analysis("analyze_distillation_effectiveness"), "SYS").after.text
    result = run(text, tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    for percent in (50, 70, 90, 95):
        assert re.search(rf"^ +{percent}% +4\.00 ", result.stdout, re.MULTILINE)
    breakeven = re.search(r"Breakeven sparsity of CSR: ([\d.]+)%", result.stdout)
    assert breakeven is not None
    assert 50 < float(breakeven[1]) < 50.1
    assert (
        len(re.findall(r"^(?:Small|Medium|Large) +90\.0% .*x$", result.stdout, re.MULTILINE)) == 3
    )


def test_importing_the_analyses_prints_nothing(tmp_path: Path) -> None:
    text = repaired(PREAMBLE, "SYS").after.text
    (tmp_path / "m.py").write_text(text, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-c", "import m"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": f"{tmp_path}:{MODULES}", "PYTHONUTF8": "1"},
    )
    assert result.stdout == result.stderr == ""


def test_timing_prunes_a_copy_and_not_the_dense_model(tmp_path: Path) -> None:
    spied = PREAMBLE.replace("# %%\ndef magnitude", "# %%\nmade = []\n\ndef magnitude") + (
        "# %%\nclass Linear(Linear):\n"
        "    def __init__(self, *sizes):\n"
        "        super().__init__(*sizes)\n"
        "        made.append(self)\n"
    )
    text = repaired(spied, "SYS").after.text
    report = "for dense, pruned in zip(made[::2], made[1::2]):\n" + (
        "    print('zeros', np.mean(dense.weight.data == 0), np.mean(pruned.weight.data == 0))\n"
        "    kept = pruned.weight.data != 0\n"
        "    assert np.array_equal(dense.weight.data[kept], pruned.weight.data[kept])\n"
    )
    result = run(f"{text}\n# %%\n{report}", tmp_path)
    assert result.stderr == ""
    zeros = re.findall(r"^zeros ([\d.]+) ([\d.]+)$", result.stdout, re.MULTILINE)
    assert [float(dense) for dense, _ in zeros] == [0.0] * 3
    assert [round(float(pruned), 2) for _, pruned in zeros] == [0.9] * 3
