"""RUN101 to RUN104 together, on small modules and on the shipped one."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.fix.rounds import Repair, repair
from modfix.lint.registry import make_rule, rule_types
from modfix.lint.run import lint
from modfix.rule import Applicability, Finding, Rule

SETTINGS = settings_from({}, where="tests")
MODULES = Path(__file__).parents[2] / "modules"
SHIPPED = MODULES / "17_compression" / "compression_dev.py"
EXPORTS = "# %%\n#| export\nimport math\n\n"


def rules(*prefixes: str) -> list[Rule]:
    kinds = [kind for kind in rule_types() if kind.code.startswith(prefixes)]
    return [make_rule(kind, SETTINGS.rules.get(kind.code, {})) for kind in kinds]


def read(text: str) -> Document:
    return Document.from_bytes(Path("module_dev.py"), text.encode())


def safe(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.applicability is Applicability.SAFE


def repaired(text: str, *prefixes: str) -> Repair:
    """The safe repair, which parses and which a second repair leaves as it is."""
    chosen = rules(*(prefixes or ("RUN",)))
    result = repair(read(text), chosen, SETTINGS, safe)
    if "\n%" not in text:
        ast.parse(result.after.text)
    assert not repair(result.after, chosen, SETTINGS, safe).changed
    return result


def found(text: str, code: str) -> list[str]:
    return [finding.message for finding in lint(read(text), rules(code), SETTINGS)]


def printed(text: str, folder: Path, *, imported: bool = False) -> str:
    """What a module prints when it is executed, or imported."""
    path = folder / "module_dev.py"
    path.write_text(text, encoding="utf-8")
    command = ["-c", "import module_dev"] if imported else [str(path)]
    environment = {"PYTHONPATH": f"{folder}:{MODULES}", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


TEST = '# %%\ndef test_a():\n    print("a")\n\n'
GUARD = 'if __name__ == "__main__":\n'
WHOLE = [
    pytest.param(TEST + "test_a();  # now\n", TEST + GUARD + "    test_a();  # now\n", id="tail"),
    pytest.param(
        EXPORTS + '# %%\ndef test_a(text):\n    print(text)\n\ntest_a(\n    """one\ntwo""",\n)\n',
        EXPORTS
        + "# %%\ndef test_a(text):\n    print(text)\n\n"
        + GUARD
        + '    test_a(\n        """one\ntwo""",\n    )\n',
        id="a call of several lines keeps its string",
    ),
    pytest.param(
        TEST + "# %%\ndef demo_b():\n    pass\n\n# %%\ntest_a()\ndemo_b()\n\n# %%\nx = 1\n",
        TEST
        + GUARD
        + "    test_a()\n\n# %%\ndef demo_b():\n    pass\n\n"
        + GUARD
        + "    demo_b()\n\n# %%\nx = 1\n",
        id="a cell of calls goes to the definitions",
    ),
    pytest.param(
        TEST + '# %% nbgrader={"grade": true, "grade_id": "t", "points": 1}\ntest_a()\n',
        TEST
        + '# %% nbgrader={"grade": true, "grade_id": "t", "points": 1}\n'
        + GUARD
        + "    test_a()\n",
        id="a graded cell keeps its call",
    ),
    pytest.param(
        "# %%\ndef test_a():\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\n\n"
        "# %%\nx = 1\ntest_a()\n",
        "# %%\ndef test_a():\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\n\n"
        + GUARD
        + "    test_a()\n\n# %%\nx = 1\n",
        id="below the end of a region",
    ),
    pytest.param(
        TEST + "test_a(); test_a()\n", TEST + GUARD + "    test_a(); test_a()\n", id="one line"
    ),
    pytest.param(
        EXPORTS + "# %%\nfrom checks import test_layer\ntest_layer()\n",
        EXPORTS + "# %%\nfrom checks import test_layer\n\n" + GUARD + "    test_layer()\n",
        id="an imported test",
    ),
]


@pytest.mark.parametrize(("bad", "good"), WHOLE)
def test_bare_calls_end_up_guarded(bad: str, good: str) -> None:
    result = repaired(bad)
    assert result.after.text == good
    assert not result.left


STAYS = {
    "the value changes": "limit = 1\n\n# %%\ndef test_a():\n    print(limit)\n\n"
    "# %%\nlimit = 2\ntest_a()\n",
    "the object changes": "limits = []\n\n# %%\ndef test_a():\n    print(limits)\n\n"
    "# %%\nlimits.append(2)\n\n# %%\ntest_a()\n",
    "a function changes it": "limits = []\ndef more():\n    limits.append(1)\n\n"
    "# %%\ndef test_a():\n    print(limits)\n\n# %%\nmore()\n\n# %%\ntest_a()\n",
    "the function is improved": "def f():\n    return 1\n\n# %%\ndef test_a():\n    print(f())\n\n"
    "# %%\ndef f():\n    return 2\n\n# %%\ntest_a()\n",
    "the seed is set": "import random\n\n# %%\ndef test_a():\n    print(random.random())\n\n"
    "# %%\nrandom.seed(3)\n\n# %%\ntest_a()\n",
    "the argument comes later": "def test_b():\n    pass\n\n"
    "# %%\ndef test_a(n):\n    print(n)\n\n# %%\nn = 3\n\n# %%\ntest_a(n)\n",
}


@pytest.mark.parametrize("cells", STAYS.values(), ids=STAYS)
def test_a_call_stays_where_its_result_would_differ(cells: str, tmp_path: Path) -> None:
    bad = "# %%\n" + cells
    good = repaired(bad, "RUN101").after.text
    assert good.rstrip().endswith(")")
    assert good.rindex(GUARD) > good.rindex("# %%")
    if "random.random" not in bad:
        assert printed(bad, tmp_path) == printed(good, tmp_path)


NO_CALLS = {
    "a helper of another library": EXPORTS + "# %%\nfrom fastcore.test import *\ntest_eq(1, 1)\n",
    "a plain notebook": "# %%\nfrom grader import test_layer\ntest_layer()\n",
    "an object of that name": "# %%\ntest_set = {1}\ntest_set.add(2)\n",
    "an assignment": TEST + "result = test_a()\n",
    "guarded on one line": TEST + 'if __name__ == "__main__": test_a()\n',
    "the other way round": TEST + 'if "__main__" == __name__:\n    test_a()\n',
    "another language": TEST + "# %%\n%%bash\ntest_a()\n",
    "a step of a plain notebook": "# %%\ndef test_loop(model, data):\n    print(model, data)\n\n"
    "test_loop(1, 2)\n",
}


@pytest.mark.parametrize("text", NO_CALLS.values(), ids=NO_CALLS)
def test_what_is_no_bare_call(text: str) -> None:
    assert found(text, "RUN101") == []


NO_WORK = {
    "plain notebook": "# %%\nprint(1)\n",
    "imports": EXPORTS + "# %%\ntry:\n    import cupy\nexcept ImportError:\n    print('no')\n",
    "type checking": EXPORTS
    + "# %%\nif TYPE_CHECKING:\n    from a import b\nelse:\n    b = None\n",
    "set-up": EXPORTS + "# %%\nnp.random.seed(1)\nplt.rcParams.update({})\nenable_autograd()\n"
    "logging.getLogger('x').setLevel(3)\nsys.path.insert(0, '..')\n"
    "set_random_seeds(seed=1)\nkeras.utils.set_random_seed(1)\nmne.set_log_level('error')\n"
    "sklearn.set_config(display='text')\nsympy.init_printing()\nhv.extension('bokeh')\n",
    "paths": EXPORTS
    + "# %%\nfor p in paths:\n    if p not in sys.path:\n        sys.path.append(p)\n",
    "display": EXPORTS + "# %%\nx = [1]\nx\n",
    "a step of a plain notebook": "# %%\ndef test_loop(model):\n    return [model]\n\n"
    "for each in test_loop(1):\n    print(each)\n",
    "magics": EXPORTS + "# %%\n%matplotlib inline\n!pip install numpy\n",
    "asserts that nbgrader grades": EXPORTS
    + '# %% nbgrader={"grade": true, "grade_id": "t", "points": 1}\nassert math.pi > 3\n',
    "one-line guard": EXPORTS + '# %%\nif __name__ == "__main__": print(1)\n',
}


@pytest.mark.parametrize("text", NO_WORK.values(), ids=NO_WORK)
def test_what_is_no_work_at_import(text: str) -> None:
    assert found(text, "RUN103") == []


UNFIXABLE = {
    "read by a function": (
        "x = 1\nprint(x)\nfor x in [2]:\n    print(x)\n\n# %%\ndef f():\n    return x\n",
        "`x` (cell 2 at line 12)",
    ),
    "changed for a function": (
        "cache = []\n\n# %%\ncache.append(1)\n\n# %%\ndef f():\n    return cache\n",
        "`cache`",
    ),
    "changed through another name": (
        "a = []\nb = a\n\n# %%\nb.append(1)\n\n# %%\ndef f():\n    return a\n",
        "`a`",
    ),
    "in __all__": ("with open('x') as data:\n    text = 1\n\n# %%\n__all__ = ['text']\n", "`text`"),
    "magics": ("%matplotlib inline\nprint(1)\n", "magics"),
    "star import": ("print(1)\nfrom a import *\nprint(2)\n", "star import"),
    "half a region": (
        "### BEGIN SOLUTION\nx = 1\nprint(x)\n### END SOLUTION\nprint(x)\n",
        "region",
    ),
    "exported name": ("#| export\nfor i in [1]:\n    print(i)\n", "`i` (exported)"),
}


@pytest.mark.parametrize(("cells", "reason"), UNFIXABLE.values(), ids=UNFIXABLE)
def test_work_that_stays_and_why(cells: str, reason: str) -> None:
    result = repaired(EXPORTS + "# %%\n" + cells, "RUN103")
    assert not result.changed
    assert reason in result.left[0].message


def test_work_under_one_guard_on_each_side_of_a_definition(tmp_path: Path) -> None:
    bad = EXPORTS + "# %%\nx = 2\nprint(x)\ndef f(y):\n    return y\nprint(f(x))\nx + 1\n"
    result = repaired(bad)
    assert not result.left
    assert result.after.text.count(GUARD) == 2
    assert printed(result.after.text, tmp_path) == "2\n2\n"
    assert printed(result.after.text, tmp_path, imported=True) == ""


def test_a_chain_of_exploring_cells_is_guarded_from_its_end(tmp_path: Path) -> None:
    bad = (
        EXPORTS
        + "# %%\nx = [1]\nprint(x)\n\n# %%\nx.append(2)\ny = x\nprint(y)\n\n# %%\nprint(y)\n"
    )
    result = repaired(bad)
    assert not result.left
    assert printed(result.after.text, tmp_path) == "[1]\n[1, 2]\n[1, 2]\n"
    assert printed(result.after.text, tmp_path, imported=True) == ""


def test_prints_around_a_guard_become_one_guard() -> None:
    bad = (
        EXPORTS
        + f'# %%\nprint("a")\n{GUARD}  # only here\n  if True:\n    print("""b\nc""")\nprint("d")\n'
    )
    bad = bad.replace(":\n  # only", ":  # only")
    good = (
        f'{EXPORTS}# %%\n{GUARD}  print("a")\n  # only here\n'
        '  if True:\n    print("""b\nc""")\n  print("d")\n'
    )
    assert repaired(bad).after.text == good


def test_writing_files_is_guarded_only_unsafely() -> None:
    finding = lint(read(EXPORTS + "# %%\nmath.download('x')\n"), rules("RUN103"), SETTINGS)[0]
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.UNSAFE


def test_a_tail_of_all_tests_leaves_each_in_its_cell(tmp_path: Path) -> None:
    cells = [
        f'# %%\ndef test_{n}():\n    print("{n}")\n\ntest_{n}()\n' for n in ("a", "b", "module")
    ]
    tail = (
        f'# %%\n# Everything again\n{GUARD}    print("start")\n'
        '    test_a()\n    test_b()\n\n    test_module()\n    print("end")\n'
    )
    text = "\n".join([*cells, tail, "# %%\nx = 1\n"])
    result = repaired(text)
    assert not result.left
    assert sum(finding.code == "RUN104" for finding in result.fixed) >= 1
    assert len(found(text, "RUN104")) == 3
    assert printed(result.after.text, tmp_path) == "a\nb\nstart\nmodule\nend\n"
    assert printed(result.after.text, tmp_path, imported=True) == ""
    assert result.after.text.count("# %%") == 4


TWICE = {
    "bare twice": (TEST + "test_a()\n\n# %%\ntest_a()\n\n# %%\nx = 1\n", "a\n"),
    "one-line tail": (TEST + 'test_a()\n\n# %%\nif __name__ == "__main__": test_a()\n', "a\n"),
    "three times": (
        TEST + f"test_a()\n\n# %%\n{GUARD}    test_a()\n\n# %%\n{GUARD}    test_a()\n",
        "a\n",
    ),
    "in one cell": (TEST + f'test_a()\n{GUARD}    print("all")\n    test_a()\n', "all\na\n"),
    "two tails with prints": (
        TEST
        + f'{GUARD}    test_a()\n\n# %%\n{GUARD}    print("x")\n    test_a()\n    print("y")\n',
        "x\na\ny\n",
    ),
    "called elsewhere": (
        TEST + f'# %%\nx = 1\ntest_a()\n\n# %%\n{GUARD}    print("x")\n    test_a()\n',
        "x\na\n",
    ),
}


@pytest.mark.parametrize(("text", "output"), TWICE.values(), ids=TWICE)
@pytest.mark.parametrize("prefixes", [("RUN",), ("RUN104", "RUN101"), ("RUN101", "RUN104")])
def test_a_test_runs_once(
    text: str, output: str, prefixes: tuple[str, ...], tmp_path: Path
) -> None:
    result = repaired(text, *prefixes)
    assert not result.left
    assert printed(result.after.text, tmp_path) == output
    assert result.after.text.index("test_a()\n", 20) < (result.after.text + "# %%").index("# %%", 3)


NOT_TWICE = {
    "other arguments": "# %%\ndef demo_a(n):\n    print(n)\n\ndemo_a(1)\ndemo_a(2)\n",
    "an improved function": "# %%\ndef f():\n    return 1\n\n"
    "# %%\ndef test_a():\n    print(f())\n\ntest_a()\n\n"
    "# %%\ndef f():\n    return 2\n\ntest_a()\n",
    "a test that counts": "# %%\nruns = []\n"
    "def test_a():\n    runs.append(1)\n\ntest_a()\ntest_a()\n",
    "only through the integration test": TEST
    + "test_a()\n\n# %%\ndef test_module():\n    test_a()\n"
    "\ntest_module()\n",
}


@pytest.mark.parametrize("text", NOT_TWICE.values(), ids=NOT_TWICE)
def test_what_does_not_run_twice(text: str) -> None:
    assert found(text, "RUN104") == []


def test_a_graded_tail_keeps_its_call() -> None:
    text = (
        TEST + 'test_a()\n\n# %% nbgrader={"grade": true, "grade_id": "t", "points": 1}\ntest_a()\n'
    )
    result = repaired(text, "RUN104")
    assert not result.changed
    assert result.left


def test_the_shipped_module_runs_its_tests_once_and_prints_nothing_on_import(
    tmp_path: Path,
) -> None:
    result = repaired(SHIPPED.read_text(encoding="utf-8"))
    assert not result.left
    output = printed(result.after.text, tmp_path)
    assert output.count("RUNNING MODULE INTEGRATION TEST") == 1
    assert "🚀 Running Compression module...\n🧪 RUNNING MODULE" in output
    assert printed(result.after.text, tmp_path, imported=True) == ""


@pytest.mark.parametrize(
    "line",
    [
        "out = analyze_it()",
        "x = [print(i) for i in range(2)]",
        "ready and print('x')",
        "seen = print('x')",
    ],
)
def test_work_in_passing_is_guarded_too(line: str) -> None:
    head = "# %%\n#| export\nready = True\ndef analyze_it():\n    return 1\n\n"
    result = repaired(f"{head}# %%\n{line}\n")
    assert result.after.text == f"{head}# %%\n{GUARD}    {line}\n"


def test_calls_behind_several_implementations_go_to_their_definitions() -> None:
    cells = [
        f"def {n}(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n\n"
        f"def test_{n}():\n    assert {n}(1) == 1\n"
        for n in ("a", "b")
    ]
    text = "# %%\n" + "\n".join(cells) + "\ntest_a()\ntest_b()\n"
    after = repaired(text).after.text
    for name in ("a", "b"):
        assert f"    assert {name}(1) == 1\n\n{GUARD}    test_{name}()\n" in after


def test_a_guard_with_an_else_is_left_as_it_is() -> None:
    text = "# %%\n#| export\ndef test_a():\n    pass\n\n# %%\n" + GUARD
    result = repaired(text + "    test_a()\nelse:\n    print('imported')\n")
    assert not result.changed and [f.code for f in result.left] == ["RUN103"]


def test_a_method_may_change_what_its_object_was_built_from() -> None:
    text = """\
# %%
#| export
class Step:
    def __init__(self, boxes):
        self.boxes = boxes

    def take(self):
        self.boxes[0] = 1

# %%
boxes = [0]
step = Step(boxes)

# %%
step.take()
print("done")

# %%
def test_a():
    assert boxes == [1]
"""
    (finding,) = lint(read(text), rules("RUN103"), SETTINGS)
    assert not safe(finding)


def test_a_global_that_nobody_sets_is_not_in_the_way() -> None:
    head = """\
# %%
#| export
ON = True
def off():
    global ON
    ON = False

def value():
    return ON

# %%
"""
    after = repaired(f"{head}print(value())\n").after.text
    assert after == f"{head}{GUARD}    print(value())\n"


@pytest.mark.parametrize(
    ("line", "called"),
    [
        ("test_a(); test_a()", "`test_a()`"),
        ("test_a(); test_b(); test_a()", "`test_a()`, `test_b()`"),
    ],
)
def test_each_function_that_a_line_calls_is_named_once(line: str, called: str) -> None:
    text = f"# %%\ndef test_a():\n    pass\n\ndef test_b():\n    pass\n\n{line}\n"
    [finding] = lint(read(text), rules("RUN101"), SETTINGS)
    assert finding.message.startswith(f"test {called} runs whenever the module is imported: ")
