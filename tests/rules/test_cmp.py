"""CMP101: what counts as a container, and that both strategies change no behaviour."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.fix.rounds import Repair, repair
from modfix.lint.registry import make_rule, rule_types
from modfix.lint.run import lint
from modfix.rule import Applicability, Finding, Rule

SETTINGS = settings_from({}, where="tests")
KIND = next(kind for kind in rule_types() if kind.code == "CMP101")

CONTAINER = '''\
# Sequential container for model compression
class Sequential:
    """Sequential container for compression (not exported from core layers)."""
    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x) if hasattr(layer, 'forward') else layer(x)
        return x

    def __call__(self, x):
        return self.forward(x)

    def parameters(self):
        params = []
        for layer in self.layers:
            if hasattr(layer, 'parameters'):
                params.extend(layer.parameters())
        return params
'''

LAYERS = """\
# %%
class Linear:
    made = 0

    def __init__(self, a, b):
        Linear.made += 1
        self.a, self.b, self.number = a, b, Linear.made

    def forward(self, x):
        return x * self.a + self.b

    def __call__(self, x):
        return self.forward(x)

    def parameters(self):
        return [self.a, self.b, self.number]

class Relu:
    def __call__(self, x):
        return max(x, 0)

"""


def rule(strategy: str = "import", **options: Any) -> Rule:
    return make_rule(KIND, {"strategy": strategy, **options})


def read(text: str) -> Document:
    return Document.from_bytes(Path("some_dev.py"), text.encode())


def findings(text: str, strategy: str = "import", **options: Any) -> list[Finding]:
    return lint(read(text), [rule(strategy, **options)], SETTINGS)


def fixed(text: str, strategy: str = "import", **options: Any) -> Repair:
    def wanted(finding: Finding) -> bool:
        assert finding.fix is not None
        return finding.fix.applicability is not Applicability.DISPLAY

    result = repair(read(text), [rule(strategy, **options)], SETTINGS, wanted)
    again = repair(result.after, [rule(strategy, **options)], SETTINGS, wanted)
    assert not again.changed
    return result


def module(use: str, container: str = CONTAINER) -> str:
    """A module with layers, a container, and a use of it in a cell of its own."""
    return f"{LAYERS}# %%\nimport math\n\n{container}\n# %%\n{use}"


def observed(text: str) -> list[Any]:
    """What the models of a module do: outputs, parameters and layers of each in `models`."""
    names: dict[str, Any] = {"__name__": "some_dev"}
    exec(compile(text, "some_dev.py", "exec"), names)
    found = names["models"]() if callable(names["models"]) else names["models"]
    return [
        (m.forward(3), m(-2), m.parameters(), [type(each) is names["Linear"] for each in m.layers])
        for m in found
    ]


# What is a container ------------------------------------------------------------------------


def shaped(name: str, init: str, forward: str, rest: str = "", method: str = "forward") -> str:
    lines = "".join(f"        {line}\n" for line in forward.split("\n"))
    return (
        f"# %%\nclass {name}:\n    def __init__(self, {init.partition(':')[0]}):\n"
        f"        {init.partition(':')[2]}\n\n    def {method}(self, x):\n{lines}{rest}"
    )


STORED = "*layers:self.layers = list(layers)"
CALLED = "for layer in self.layers:\n    x = layer(x)\nreturn x"
FORWARDED = "for layer in self.layers:\n    x = layer.forward(x)\nreturn x"
EITHER = (
    "for layer in self.layers:\n    if hasattr(layer, 'forward'):\n"
    "        x = layer.forward(x)\n    else:\n        x = layer(x)\nreturn x"
)
FUNCTIONS = "for step in self.steps:\n    x = step(x)\nreturn x"

CONTAINERS = {
    "documented": f"# %%\n{CONTAINER}",
    "other name": shaped("Chain", STORED, CALLED),
    "calls forward": shaped("Chain", STORED, FORWARDED),
    "either, as a statement": shaped("Chain", STORED, EITHER),
    "stored as they are": shaped("Chain", "*layers:self.layers = layers", CALLED),
    "stored as a tuple": shaped("Chain", "*layers:self.layers = tuple(layers)", CALLED),
    "stored as an unpacked list": shaped("Chain", "*layers:self.layers = [*layers]", CALLED),
    "another attribute": shaped("Chain", "*a:self.steps = a", FUNCTIONS),
    "only __call__, about layers": shaped("Chain", STORED, CALLED, method="__call__"),
    "a copy of the input": shaped(
        "Chain", STORED, "out = x\nfor layer in self.layers:\n    out = layer(out)\nreturn out"
    ),
    "on one line": shaped("Chain", STORED, "for layer in self.layers: x = layer(x)\nreturn x"),
    "forbidden name, takes a list": shaped(
        "Sequential", "layers:self.layers = layers", CALLED, method="__call__"
    ),
    "forbidden name, keeps its output": shaped(
        "Sequential",
        "layers:self.layers = layers",
        "for layer in self.layers:\n    x = layer(x)\nself.out = x\nreturn self.out",
    ),
    "forbidden name, prints on the way": shaped(
        "Sequential",
        STORED,
        "for n, layer in enumerate(self.layers):\n    print(n)\n    x = layer(x)\nreturn x",
    ),
    "with a base": shaped("Chain(Module)", STORED, CALLED),
}
OTHERS = {
    "a composition of functions": shaped(
        "Compose", "*steps:self.steps = steps", FUNCTIONS, method="__call__"
    ),
    "augmentations called Sequential": shaped(
        "Sequential", "steps:self.steps = steps", FUNCTIONS, method="__call__"
    ),
    "layers from sizes": shaped(
        "MLP", "*sizes:self.layers = [Linear(a, a) for a in sizes]", CALLED
    ),
    "a list under another name": shaped("Net", "layers:self.layers = layers", CALLED),
    "residual layers": shaped(
        "Residual", STORED, "for layer in self.layers:\n    x = x + layer(x)\nreturn x"
    ),
    "an ensemble": shaped("Vote", STORED, "return sum(layer(x) for layer in self.layers)"),
    "other work in the loop": shaped(
        "Trace", STORED, "for layer in self.layers:\n    x = layer(x)\n    print(x)\nreturn x"
    ),
    "Sequential without a loop": shaped("Sequential", STORED, "return x"),
    "Sequential with other parameters": shaped(
        "Sequential", "stages, optimizer:self.stages = stages", FUNCTIONS
    ),
    "a guarded import": (
        "# %%\ntry:\n    from tinytorch.nn.containers import Sequential\nexcept ImportError:\n"
        + "".join(f"    {line}\n" for line in CONTAINER.splitlines())
    ),
    "an exercise": shaped("Sequential", STORED, f"### BEGIN SOLUTION\n{CALLED}\n### END SOLUTION"),
    "inside a solution": f"# %%\n### BEGIN SOLUTION\n{CONTAINER}### END SOLUTION\n",
    "the source of the import": f"# %%\n#| default_exp nn.containers\n#| export\n{CONTAINER}",
    "inside a function": "# %%\ndef f():\n"
    + "".join(f"    {line}\n" for line in CONTAINER.splitlines()),
    "prose": '# %% [markdown]\n"""\nSequential(a, b) chains.\n"""\n\n# %%\nx = "Sequential"\n',
}


@pytest.mark.parametrize("text", CONTAINERS.values(), ids=CONTAINERS)
def test_a_container_is_one_finding_at_its_class(text: str) -> None:
    (found,) = findings(text)
    assert found.start is not None
    document = read(text)
    assert document.cells[found.cell].source[found.start :].startswith("class ")


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_what_is_no_container_is_left_alone(text: str) -> None:
    assert findings(text) == []


@pytest.mark.parametrize("key", sorted(OTHERS.keys() - {"a guarded import"}))
def test_what_is_no_container_is_left_alone_with_explicit_models_too(key: str) -> None:
    assert findings(OTHERS[key], "explicit") == []


def test_the_forbidden_names_are_an_option() -> None:
    text = shaped("Stack", "layers:self.layers = layers", CALLED)
    assert findings(text) == []
    assert len(findings(text, names=["Stack"])) == 1


# The import ----------------------------------------------------------------------------------


def test_the_documented_class_becomes_the_documented_import() -> None:
    result = fixed(f"# %%\nimport math\n\n{CONTAINER}\nprint(1)\n")
    text = result.after.text
    assert text.startswith("# %%\nimport math\n\n# Import Sequential from milestone helpers")
    assert text.endswith("            return params\n\nprint(1)\n")


GRADES = {
    "documented": Applicability.SAFE,
    "calls forward": Applicability.SAFE,
    "either, as a statement": Applicability.SAFE,
    "stored as an unpacked list": Applicability.UNSAFE,  # its forward calls
    "other name": Applicability.UNSAFE,
    "another attribute": Applicability.UNSAFE,
    "stored as a tuple": Applicability.UNSAFE,
    "with a base": Applicability.UNSAFE,
    "forbidden name, prints on the way": Applicability.UNSAFE,
    "forbidden name, takes a list": Applicability.DISPLAY,
}


@pytest.mark.parametrize(("key", "grade"), GRADES.items())
def test_the_import_is_safe_only_if_the_fallback_does_the_same(
    key: str, grade: Applicability
) -> None:
    (found,) = findings(CONTAINERS[key])
    assert found.fix is not None
    assert found.fix.applicability is grade


def test_another_name_is_kept() -> None:
    text = fixed(CONTAINERS["calls forward"]).after.text
    assert "    from tinytorch.nn.containers import Sequential as Chain\n" in text
    assert '    class Chain:\n        """Minimal sequential container' in text


def test_a_bigger_class_stays_whole_with_its_strings() -> None:
    text = '''\
# %%
### END SOLUTION
# about the class
class Sequential:
    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)  # one
        return x

    def describe(self):
        return """a
  b
    c""" + \\
            f"""{self.layers}
d"""  # kept
    # the end

print(Sequential().describe())
'''
    names: dict[str, Any] = {}
    exec(text, names)
    result = fixed(text).after.text
    after: dict[str, Any] = {}
    exec(result, after)
    assert names["Sequential"]().describe() == after["Sequential"]().describe()
    assert "### END SOLUTION\n# Import Sequential" in result
    assert "  # kept\n        # the end\n\nprint(" in result


def run(folder: Path, text: str) -> Any:
    """Run a module beside the stub package and read the JSON of its last line."""
    (folder / "some_dev.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "some_dev.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


STUB = LAYERS.removeprefix("# %%\n")
SCRIPT = f"""\
# %%
import json
from tinytorch.core.layers import Linear, Relu

{CONTAINER}
# %%
model = Sequential(Linear(2, 1), Relu(), Linear(3, -4))
print(json.dumps([model.forward(3), model(-5), model.parameters(), len(model.layers)]))
"""


@pytest.fixture(params=["without containers", "with containers"])
def course(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    for package in ("tinytorch", "tinytorch/core", "tinytorch/nn"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "tinytorch/core/layers.py").write_text(STUB)
    if request.param == "with containers":
        (tmp_path / "tinytorch/nn/containers.py").write_text(CONTAINER)
    return tmp_path


@pytest.mark.parametrize("strategies", [["import"], ["explicit"], ["import", "explicit"]], ids=str)
def test_modules_run_the_same_with_and_without_the_source(
    course: Path, strategies: list[str]
) -> None:
    text = SCRIPT.replace("Relu()", "Linear(1, 1)")
    before = run(course, text)
    for strategy in strategies:
        text = fixed(text, strategy).after.text
    assert run(course, text) == before
    assert ("Sequential" in text) == (strategies == ["import"])


def test_the_import_takes_the_class_of_the_course_when_there_is_one(course: Path) -> None:
    text = fixed(SCRIPT.partition("# %%\nmodel")[0], "import").after.text
    text += "\nprint(json.dumps(Sequential.__module__))\n"
    there = (course / "tinytorch/nn/containers.py").exists()
    assert run(course, text) == ("tinytorch.nn.containers" if there else "__main__")


# Explicit models: calls ----------------------------------------------------------------------

CALLS = {
    "one layer": "models = [Sequential(Linear(2, 1))]",
    "two layers": "models = [Sequential(Linear(2, 1), Linear(3, 4))]",
    "a layer without forward": "models = [Sequential(Linear(2, 1), Relu())]",
    "three and four": (
        "models = [Sequential(Linear(1, 1), Linear(2, 1), Relu()),\n"
        "          Sequential(Linear(1, 1), Linear(2, 1), Relu(), Linear(1, 5))]"
    ),
    "eleven layers": f"models = [Sequential({', '.join(['Linear(1, 2)'] * 11)})]",
    "several lines with comments": (
        "models = [Sequential(\n    Linear(2, 1),  # in\n    Relu(),\n    # out\n"
        "    Linear(3, 1),\n)]"
    ),
    "a list": "layers = [Linear(2, 1), Relu()]\nmodels = [Sequential(*layers)]",
    "a list in a function": (
        "def models():\n    layers = [Linear(2, 1), Relu()]\n    return [Sequential(*layers)]"
    ),
    "a list that grows": (
        "def models():\n    layers = [Linear(2, 1)]\n    layers.append(Relu())\n"
        "    layers += [Linear(1, 1)]\n    layers.extend([Relu(), Linear(2, 2)])\n"
        "    return [Sequential(*layers)]"
    ),
    "a list that is bound again": (
        "a = [Linear(2, 1)]\nfirst = Sequential(*a)\na = [Linear(2, 1), Relu()]\n"
        "models = [first, Sequential(*a)]"
    ),
    "a list that grows afterwards": (
        "a = [Linear(2, 1)]\nfirst = Sequential(*a)\na.append(Relu())\n"
        "models = [first, Sequential(*a)]"
    ),
    "a list that is read on the way": (
        "a = [Linear(2, 1)]\nprint(len(a), a[0])\nfor each in a: print(each)\n"
        "models = [Sequential(*a, *a)]"
    ),
    "list and single layers": "a = [Linear(2, 1)]\nmodels = [Sequential(*a, Relu(), *a[:1])]",
    "a tuple": "models = [Sequential(*(Linear(1, 2), Relu()))]",
    "a comprehension": "models = [Sequential(*[Linear(2, 1) for _ in range(3)])]",
    "a generator": "models = [Sequential(*(Linear(i, 1) for i in range(1, 6, 2)))]",
    "pairs": "models = [Sequential(*[Linear(a, b) for a, b in [(1, 2), (3, 4)]])]",
    "zipped sizes": (
        "SIZES = [4, 3, 2]\n"
        "models = [Sequential(*[Linear(a, b) for a, b in zip(SIZES[:-1], SIZES[1:])])]"
    ),
    "counted sizes": (
        "sizes = [4, 3, 2]\n"
        "models = [Sequential(*[Linear(sizes[i], i) for i in range(len(sizes) - 1)])]"
    ),
    "enumerated": "models = [Sequential(*[Linear(i, a) for i, a in enumerate([5, 6])])]",
    "a constant": "DEPTH = 2\nmodels = [Sequential(*[Linear(1, 2) for _ in range(DEPTH * 2)])]",
    "a constant of the module": (
        "DEPTH = 3\ndef models():\n    return [Sequential(*[Linear(1, 2) for _ in range(DEPTH)])]"
    ),
    "times": "models = [Sequential(*[Linear(1, 2)] * 3, *2 * [Relu()])]",
    "sums": "models = [Sequential(*([Linear(1, 2)] + list((Relu(), Relu()))))]",
    "nested": "models = [Sequential(Sequential(Linear(1, 2), Relu()), Linear(1, 2))]",
    "an argument": "models = [*map(lambda m: m, [Sequential(Linear(1, 2))])]",
    "a lambda": "build = lambda: Sequential(Linear(1, 2), Relu())\nmodels = [build(), build()]",
    "a comprehension of models": "models = [Sequential(Linear(i, 2)) for i in range(3)]",
    "a loop": (
        "models = []\nfor i in range(3):\n    models.append(Sequential(Linear(i, 1), Relu()))"
    ),
    "a list in a loop": (
        "models = []\nfor i in range(3):\n    parts = [Linear(i, 1)]\n    parts.append(Relu())\n"
        "    models.append(Sequential(*parts))"
    ),
    "a default": (
        "def build(model=Sequential(Linear(1, 2))):\n    return model\nmodels = [build()]"
    ),
    "a method": (
        "class Builder:\n    model = Sequential(Linear(1, 2))\n"
        "    def build(self):\n        return Sequential(Linear(3, 3), Relu())\n"
        "models = [Builder.model, Builder().build()]"
    ),
    "after its own reading": (
        "def prune(model):\n    for layer in model.layers:\n        if isinstance(layer, Linear):\n"
        "            layer.a = 0\n    return model\n"
        "models = [prune(Sequential(Linear(1, 2), Relu()))]"
    ),
    "a local of the same name": (
        "def other(Sequential):\n    return Sequential(1)\n"
        "models = [Sequential(Linear(other(int), 2))]"
    ),
    "two cells that are equal": (
        "models = [Sequential(Linear(1, 1))]\n\n# %%\nmodels = [Sequential(Linear(1, 1))]"
    ),
}


@pytest.mark.parametrize("use", CALLS.values(), ids=CALLS)
def test_every_call_becomes_a_model_that_does_the_same(use: str) -> None:
    before = module(use + "\n")
    result = fixed(before, "explicit")
    text = result.after.text
    assert not result.left, [finding.message for finding in result.left]
    assert observed(text) == observed(before)
    assert "class Sequential" not in text
    assert "*layers):" not in text


def test_the_flow_is_written_as_the_document_does() -> None:
    text = fixed(module("m = Sequential(Linear(1, 2), Linear(3, 4))\n"), "explicit").after.text
    assert "m = TwoLayerModel(Linear(1, 2), Linear(3, 4))\n" in text
    flow = "x = self.layer1.forward(x)\n        x = self.layer2.forward(x)\n        return x\n"
    assert flow in text


def test_a_layer_that_may_lack_forward_keeps_the_question() -> None:
    text = fixed(module("m = Sequential(Linear(1, 2), Relu())\n"), "explicit").after.text
    asked = "self.layer2.forward(x) if hasattr(self.layer2, 'forward') else self.layer2(x)"
    assert f"        x = {asked}\n" in text


def test_comments_and_lines_of_a_call_survive() -> None:
    use = "m = Sequential(  # a\n    Linear(1, 2),  # b\n    # c\n    Linear(3, 4),\n)  # d\n"
    text = fixed(module(use), "explicit").after.text
    assert use.replace("Sequential", "TwoLayerModel") in text


def test_examples_of_docstrings_are_calls() -> None:
    use = '''\
def measure(model):
    """Sequential models are measured.

    >>> model = Sequential(Linear(4, 3), Linear(3, 2))
    >>> layers = [Linear(1, 1),
    ...           Linear(2, 2)]
    >>> other = Sequential(
    ...     *layers, Linear(5, 5))
    >>> measure(model)
    Sequential(4)
    """
'''
    text = fixed(module(use), "explicit").after.text
    wanted = use.replace("model = Sequential", "model = TwoLayerModel")
    wanted = wanted.replace("other = Sequential", "other = ThreeLayerModel")
    assert wanted in text


def test_the_models_get_a_cell_after_the_one_that_shrinks() -> None:
    text = fixed(module("m = Sequential(Linear(1, 2))\n"), "explicit").after.text
    assert "# %%\nimport math\n\n# %%\n# Models with named layers" in text
    assert "# Not exported:" in text


def test_the_models_take_the_place_of_a_container_that_is_alone() -> None:
    text = f"# %%\n#| export\n{CONTAINER}\n# %%\nm = Sequential(Linear(1, 2))\n"
    result = fixed(text, "explicit").after.text
    assert result.startswith("# %%\n# Models with named layers")
    assert "export" not in result.partition("class")[0].replace("exported", "")


def test_the_models_are_exported_if_exported_code_builds_them() -> None:
    use = "#| export\ndef build():\n    return Sequential(Linear(1, 2))\n"
    text = fixed(module(use), "explicit").after.text
    assert "# %%\n#| export\n# Models with named layers" in text


def test_the_models_stay_where_the_cell_needs_them_at_once() -> None:
    for use in ("m = Sequential(Linear(1, 2))\n", "def f():\n    return g()\n\nf()\n"):
        text = f"{LAYERS}def g():\n    return Sequential(Linear(1, 2))\n\n# %%\n{CONTAINER}\n{use}"
        result = fixed(text, "explicit").after.text
        assert result.count("# %%") == 2
        exec(result, {})


def test_a_plain_script_gets_no_cell() -> None:
    text = f"#!/usr/bin/env python\n{CONTAINER}\ndef f():\n    return Sequential(1)\n"
    result = fixed(text, "explicit").after.text
    assert "# %%" not in result
    assert result.startswith("#!/usr/bin/env python\n# Models")


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_container_at_the_end_of_a_file(end: str, newline: str) -> None:
    use = "def models():\n    return [Sequential(Linear(1, 2))]\n"
    text = f"{LAYERS}# %%\n{use}\n# %%\nimport math\n\n{CONTAINER}".rstrip("\n") + end
    result = fixed(text.replace("\n", newline), "explicit").after
    assert observed(result.text) == observed(text)
    assert re.search(r"\nimport math\n\n+# %%\n# Models", result.text)
    assert newline == "\n" or "\n" not in result.source.raw.replace("\r\n", "")


def test_tabs_and_annotations_stay() -> None:
    container = CONTAINER.replace("*layers", "*layers: object").replace(
        "(self, x)", "(self, x: int)"
    )
    before = module("models = [Sequential(Linear(1, 2))]\n", container.replace("    ", "\t"))
    text = fixed(before, "explicit").after.text
    assert "\tdef __init__(self, layer1: object):\n\t\tself.layer1 = layer1\n" in text
    assert "\tdef forward(self, x: int):\n\t\tx = self.layer1.forward(x)\n" in text
    assert observed(text) == observed(before)
    observed(fixed(before).after.text)


def test_names_that_are_taken_are_not_used() -> None:
    use = "class OneLayerModel: pass\nmodels = [Sequential(Linear(1, 2))]\n"
    before = module(use)
    text = fixed(before, "explicit").after.text
    assert "class PlainOneLayerModel:" in text
    assert observed(text) == observed(before)


def test_two_containers_do_not_share_names() -> None:
    other = CONTAINER.replace("class Sequential", "class Chain").replace(
        "else layer", "else -layer"
    )
    other = other.replace("else -layer(x)", "else layer(x)")
    use = f"{other}\n# %%\nmodels = [Sequential(Linear(1, 2)), Chain(Linear(3, 4))]\n"
    before = module(use)
    text = fixed(before, "explicit").after.text
    assert observed(text) == observed(before)
    assert "Sequential(" not in text
    assert "Chain(" not in text


VARIANTS = {
    "called": "x = layer(x)",
    "forwarded": "x = layer.forward(x)",
    "other order": "x = layer(x) if not hasattr(layer, 'forward') else layer.forward(x)",
    "branches": "if callable(layer):\n                x = layer(x)\n"
    "            else:\n                x = layer.forward(x)",
}


@pytest.mark.parametrize("step", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("stored", ["list(layers)", "layers", "tuple(layers)", "[*layers]"])
def test_other_containers_are_rewritten_alike(step: str, stored: str) -> None:
    original = "x = layer.forward(x) if hasattr(layer, 'forward') else layer(x)"
    container = CONTAINER.replace(original, step).replace("= list(layers)", f"= {stored}")
    container += (
        "\n    # how many\n    def __len__(self):\n        return len(self.layers)\n"
        "\n    kind = type(())\n"
    )
    use = (
        "models = [Sequential(Linear(1, 2), Linear(3, 4)), Sequential(Linear(5, 6))]\n"
        "seen = [(type(m.layers), len(m), m.kind) for m in models]\n"
    )
    before = module(use, container)
    text = fixed(before, "explicit").after.text
    assert "class Sequential" not in text
    assert observed(text) == observed(before)
    spaces: list[dict[str, Any]] = [{}, {}]
    for source, names in zip((before, text), spaces, strict=True):
        exec(source, names)
    assert spaces[0]["seen"] == spaces[1]["seen"]
    assert "    # how many\n    def __len__" in text


def test_a_list_is_handed_over_as_layers() -> None:
    container = CONTAINER.replace("*layers", "layers")
    use = (
        "models = [Sequential([Linear(1, 2), Relu()]), Sequential([Linear(i, 1) for i in (1, 2)])]"
    )
    before = module(use, container)
    text = fixed(before, "explicit").after.text
    assert observed(text) == observed(before)
    assert "TwoLayerModel(*[Linear(1, 2), Relu()])" in text


def test_a_container_without_a_use_is_deleted_only_on_demand() -> None:
    (found,) = findings(module("x = 1\n"), "explicit")
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE
    assert (
        fixed(module("x = 1\n"), "explicit").after.text
        == f"{LAYERS}# %%\nimport math\n\n# %%\nx = 1\n"
    )


# Explicit models: what stands in the way ------------------------------------------------------

REFUSED = {
    "no layers": ("model = Sequential()", "Sequential"),
    "keywords": ("model = Sequential(Linear(1, 2), name='a')", "Sequential"),
    "a dictionary": ("model = Sequential(**{})", "Sequential"),
    "an ellipsis": ('def f():\n    """\n    >>> Sequential(...)\n    """', "Sequential(."),
    "a parameter": ("def f(layers):\n    return Sequential(*layers)", "Sequential"),
    "a call": ("model = Sequential(*f())", "Sequential"),
    "a condition": ("model = Sequential(*[a for a in (1, 2) if a])", "Sequential"),
    "bound twice": (
        "if x:\n    a = [1]\nelse:\n    a = [1, 2]\nmodel = Sequential(*a)",
        "Sequential",
    ),
    "grown in a loop": (
        "a = []\nfor i in range(3):\n    a.append(Linear(i, 1))\nmodel = Sequential(*a)",
        "Sequential",
    ),
    "grown in the loop of the call": (
        "a = [1]\nfor i in (1, 2):\n    model = Sequential(*a)\n    a.append(i)",
        "Sequential",
    ),
    "handed to somebody": ("a = [1]\nchange(a)\nmodel = Sequential(*a)", "Sequential"),
    "shared": ("a = [1]\nb = a\nb.append(2)\nmodel = Sequential(*a)", "Sequential"),
    "popped": ("a = [1, 2]\na.pop()\nmodel = Sequential(*a)", "Sequential"),
    "a slice is replaced": ("a = [1, 2]\na[1:] = []\nmodel = Sequential(*a)", "Sequential"),
    "a constant that changes": (
        "n = 2\nn += 1\nmodel = Sequential(*[Linear(1, 1) for _ in range(n)])",
        "Sequential",
    ),
    "a global that changes": (
        "a = [1]\ndef grow():\n    a.append(1)\ndef f():\n    return Sequential(*a)",
        "Sequential",
    ),
    "too many": ("model = Sequential(*[Linear(1, 1) for _ in range(100000000)])", "Sequential"),
    "isinstance": ("ok = isinstance(1, (int, Sequential))", "Sequential"),
    "an annotation": ("def f(model: Sequential): pass", "Sequential"),
    "a returned annotation": ("def f() -> Sequential: pass", "Sequential"),
    "an annotation in a string": ('def f(model: "list[Sequential]"): pass', '"list'),
    "a subclass": ("class Deep(Sequential): pass", "Sequential"),
    "a value": ("build(Sequential)", "Sequential"),
    "an alias": ("Net = Sequential", "Sequential"),
    "a class attribute": ("print(Sequential.__doc__)", "Sequential"),
    "another definition": ("class Sequential: pass", "Sequential"),
    "another import": ("from somewhere import Sequential", "Sequential"),
    "a deletion": ("del Sequential", "Sequential"),
    "a global statement": ("def f():\n    global Sequential\n    Sequential = 1", "Sequential"),
    "appended": ("def f(model):\n    model.layers.append(1)", "model.layers"),
    "replaced": ("def f(model):\n    model.layers[0] = 1", "model.layers"),
    "set": ("def f(model):\n    model.layers = []", "model.layers"),
    "added": ("def f(model):\n    model.layers += [1]", "model.layers"),
    "deleted": ("def f(model):\n    del model.layers[0]", "model.layers"),
    "shuffled": ("def f(model):\n    random.shuffle(model.layers)", "model.layers"),
    "changed by another name": (
        "def f(model):\n    layers = model.layers\n    layers[0] = 1",
        "model.layers",
    ),
    "set by name": ('def f(model):\n    setattr(model, "layers", [])', '"layers"'),
    "asked for by name": ('kind = globals()["Sequential"]', '"Sequential"'),
    "getattr": ('kind = getattr(math, "Sequential", None)', '"Sequential"'),
    "compared by name": ('ok = type(1).__name__ == "Sequential"', '"Sequential"'),
    "__all__": ('__all__ = ["Sequential"]', '"Sequential"'),
    "a cell that does not parse": ("model = Sequential(Linear(1, 2)", "Sequential"),
    "a line of IPython": ("%timeit Sequential(Linear(1, 2))", "Sequential"),
    "a broken example": ('def f():\n    """\n    >>> Sequential(1\n    """', "Sequential"),
    "a changed example": (
        'def f(model):\n    """\n    >>> model.layers.append(1)\n    """',
        "model.layers",
    ),
}


@pytest.mark.parametrize(("use", "place"), REFUSED.values(), ids=REFUSED)
def test_what_stands_in_the_way_is_a_finding_at_its_place(use: str, place: str) -> None:
    text = module(f"{use}\n\n# %%\nfine = Sequential(Linear(1, 2))\n")
    found = [finding for finding in findings(text, "explicit") if finding.code == "CMP101"]
    assert all(finding.fix is None for finding in found)
    assert "stand" in found[0].message
    ways = found[1:]
    assert ways
    document = read(text)
    for way in ways:
        assert way.start is not None
        assert document.cells[way.cell].source[way.start :].startswith(place)
    assert not fixed(text, "explicit").changed


IN_CLASS = {
    "a base": ("class Sequential:", "class Sequential(Module):"),
    "a decorator": ("class Sequential:", "@final\nclass Sequential:"),
    "a loop of its own": ("        return x\n", "        print(x)\n        return x\n"),
    "work in __init__": (
        "= list(layers)\n",
        "= list(layers)\n        self.count = len(layers)\n",
    ),
    "a method that adds": (
        "    def __call__",
        "    def add(self, layer):\n        self.layers.append(layer)\n\n    def __call__",
    ),
    "a method that adds by another name": (
        "    def __call__",
        "    def add(self, layer):\n        mine = self.layers\n        mine.append(layer)\n\n"
        "    def __call__",
    ),
    "its own name": (
        "    def __call__",
        "    def copy(self):\n        return Sequential(*self.layers)\n\n    def __call__",
    ),
    "slots": ("    def __call__", "    __slots__ = ('layers',)\n\n    def __call__"),
}


@pytest.mark.parametrize(("old", "new"), IN_CLASS.values(), ids=IN_CLASS)
def test_a_class_that_does_more_stays(old: str, new: str) -> None:
    text = module("m = Sequential(Linear(1, 2))\n", CONTAINER.replace(old, new, 1))
    found = findings(text, "explicit")
    assert len(found) >= 2
    assert all(finding.fix is None for finding in found)


def test_other_things_in_init_are_carried_over() -> None:
    container = CONTAINER.replace(
        "= list(layers)\n", "= list(layers)\n        self.training = len(self.layers) > 1  # why\n"
    )
    use = "models = [Sequential(Linear(1, 2))]\nflag = models[0].training\n"
    text = fixed(module(use, container), "explicit").after.text
    assert "        self.training = len(self.layers) > 1  # why\n" in text
    assert observed(text) == observed(module(use, container))


def test_layers_of_other_classes_are_their_own() -> None:
    use = (
        "class Net:\n    def __init__(self):\n        self.layers = []\n"
        "        self.layers.append(1)\n\nm = Sequential(Linear(1, 2))\n"
    )
    assert "class Sequential" not in fixed(module(use), "explicit").after.text


# The course's module --------------------------------------------------------------------------

MODULES = Path(__file__).parents[2] / "modules"
COURSE = MODULES / "17_compression" / "compression_dev.py"


@pytest.mark.skipif(not COURSE.exists(), reason="the defective module is not there")
@pytest.mark.parametrize("strategy", ["import", "explicit"])
def test_the_module_of_the_course_still_runs(strategy: str, tmp_path: Path) -> None:
    text = fixed(COURSE.read_text(encoding="utf-8"), strategy).after.text
    assert ("Sequential(" in text) == (strategy == "import")
    script = tmp_path / "compression_dev.py"
    script.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(MODULES)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
