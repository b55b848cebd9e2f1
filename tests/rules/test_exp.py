"""EXP101 to EXP103, alone and with the rules that prepare cells for export."""

import ast
from pathlib import Path

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.fix.rounds import Repair, repair
from modfix.lint.registry import make_rule, rule_types
from modfix.lint.run import lint
from modfix.rule import Applicability, Finding, Rule
from modfix.syntax.index import read_module

SETTINGS = settings_from({}, where="tests")
SHIPPED = Path(__file__).parents[2] / "modules" / "17_compression" / "compression_dev.py"
DOCUMENTED = [
    "measure_sparsity",
    "magnitude_prune",
    "structured_prune",
    "low_rank_approximate",
    "compress_model",
    "KnowledgeDistillation",
]


def rules(*prefixes: str) -> list[Rule]:
    kinds = [kind for kind in rule_types() if kind.code.startswith(prefixes)]
    return [make_rule(kind, SETTINGS.rules.get(kind.code, {})) for kind in kinds]


def read(text: str) -> Document:
    return Document.from_bytes(Path("module_dev.py"), text.encode())


def shown(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.applicability is not Applicability.DISPLAY


def repaired(text: str, *prefixes: str) -> Repair:
    """The repair with unsafe fixes, which parses and which a second repair leaves as it is."""
    chosen = rules(*(prefixes or ("EXP",)))
    result = repair(read(text), chosen, SETTINGS, shown)
    ast.parse(result.after.text)
    assert not repair(result.after, chosen, SETTINGS, shown).changed
    return result


def found(text: str, code: str) -> list[str]:
    return [finding.message for finding in lint(read(text), rules(code), SETTINGS)]


def package(document: Document) -> str:
    """What nbdev would export: the cells with a directive, one after the other."""
    module = read_module(document, SETTINGS, {})
    return "\n\n".join(cell.source for cell in module.cells if cell.exported)


def star_imported(document: Document) -> dict[str, object]:
    """The names that `from package import *` gives; raises where `__all__` does not hold."""
    names: dict[str, object] = {"__name__": "package"}
    exec(package(document), names)
    listed = names["__all__"]
    assert isinstance(listed, (list, tuple))
    return {name: names[name] for name in listed}


HEAD = "# %%\n#| default_exp core.scale\n#| export\nimport math\n\n"


def test_the_documented_names_in_the_documented_order() -> None:
    result = repaired(SHIPPED.read_text(encoding="utf-8"), "EXP101")
    names = ",\n".join(f"    '{name}'" for name in DOCUMENTED)
    block = f"#| export\n\n# Export all compression functions\n__all__ = [\n{names}\n]\n\nclass "
    assert block in result.after.text


@pytest.mark.parametrize("prefixes", [("RUN", "EXP", "NBG"), ("RUN", "EXP", "NBG", "CMP", "SYS")])
def test_the_shipped_module_exports_what_it_names(prefixes: tuple[str, ...]) -> None:
    result = repaired(SHIPPED.read_text(encoding="utf-8"), *prefixes)
    assert not [finding for finding in result.left if finding.code.startswith("EXP")]
    text = package(result.after)
    tree = ast.parse(text)
    defined = [n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    assert set(DOCUMENTED) <= set(defined)
    assert len(defined) == len(set(defined))
    assert "def test_" not in text


NAMES = {
    "a plain nbdev module": (
        HEAD + "class A:\n    pass\n\ndef f():\n    pass\n\ndef _g():\n    pass\n",
        ["f", "A"],
    ),
    "several exported cells": (
        HEAD + "# %%\n#| export\ndef f():\n    pass\n\n# %%\n#| export\ndef g():\n    pass\n",
        ["f", "g"],
    ),
    "tests, demos and containers": (
        HEAD + "def test_a():\n    pass\n\ndef demo_a():\n    pass\n\nclass Sequential:\n    pass\n"
        "\nclass LayerContainer:\n    pass\n\ndef f():\n    pass\n",
        ["f"],
    ),
    "a fallback class": (
        HEAD + "try:\n    from a import B\nexcept ImportError:\n    class B:\n        pass\n\n"
        "def f():\n    pass\n",
        ["f"],
    ),
    "patched methods": (
        HEAD + "class A:\n    pass\n\n@patch\ndef method(self: A):\n    pass\n",
        ["A"],
    ),
    "only a facade": (
        HEAD + '# %% nbgrader={"grade_id": "x_export"}\n#| export\nclass Facade:\n    pass\n',
        ["Facade"],
    ),
    "below a docstring and the future": (
        '# %%\n#| export\n"""Doc."""\nfrom __future__ import annotations\ndef f():\n    pass\n',
        ["f"],
    ),
}


@pytest.mark.parametrize(("text", "names"), NAMES.values(), ids=NAMES)
def test_which_names_are_offered(text: str, names: list[str]) -> None:
    result = repaired(text, "EXP101")
    namespace: dict[str, object] = {}
    lines = result.after.text
    exec(
        lines[lines.index("__all__ = [") : lines.index("]", lines.index("__all__")) + 1], namespace
    )
    assert namespace["__all__"] == names
    compile(result.after.text, "module_dev.py", "exec")


SILENT = {
    "nothing exported": "# %%\ndef f():\n    pass\n",
    "nothing to export": HEAD + "x = 1\n",
    "dynamic": HEAD + "__all__ = [n for n in dir()]\n\ndef f():\n    pass\n",
    "unreadable": HEAD + "def f():\n    pass\n\n# %%\n__all__ = [f\n",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_modules_that_need_no_all(text: str) -> None:
    assert found(text, "EXP101") == []


LISTS = {
    "in the middle": ("['f', 'test_a', 'g']", "['f', 'g']"),
    "at the end": ("['f', 'test_a']", "['f']"),
    "alone": ("['test_a']", "[]"),
    "all of several": ("['test_a', 'demo_b', 'test_c']", "[]"),
    "a tuple stays one": ("('f', 'test_a')", "('f', )"),
    "a tuple of one": ("('test_a',)", "()"),
    "lines": ("[\n    'f',\n    'test_a',  # why\n    'g',\n]", "[\n    'f',\n    'g',\n]"),
    "the last line": ("[\n    'f',\n    'test_a'\n]", "[\n    'f'\n]"),
    "undefined": ("['f', 'nowhere']", "['f']"),
}


@pytest.mark.parametrize(("before", "after"), LISTS.values(), ids=LISTS)
def test_names_are_taken_out_of_the_list(before: str, after: str) -> None:
    text = f"# %%\n#| export\n__all__ = {before}\n\ndef f():\n    pass\n\ndef g():\n    pass\n"
    result = repaired(text, "EXP102")
    assert not result.left
    assert f"__all__ = {after}\n" in result.after.text
    star_imported(result.after)


LEFT_ALONE = {
    "a star import": "from a import *\n__all__ = ['x']\n",
    "a lazy module": "__all__ = ['x']\ndef __getattr__(name):\n    return 1\n",
    "no directives at all": None,
    "a test loader": "__all__ = ['test_loader']\ntest_loader = 1\n",
    "names of a block": "__all__ = ['x']\nif True:\n    x = 1\n",
    "annotated": "__all__: list[str] = ['x']\nx = 1\n",
}


@pytest.mark.parametrize("cell", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_lists_that_hold(cell: str | None) -> None:
    plain = "# %%\n__all__ = ['f']\n\n# %%\ndef f():\n    pass\n"
    assert found(plain if cell is None else f"# %%\n#| export\n{cell}", "EXP102") == []


def test_names_added_later_are_read_and_not_edited() -> None:
    text = "# %%\n#| export\n__all__ = []\n__all__ += ['nowhere']\n"
    assert len(found(text, "EXP102")) == 1
    assert not repaired(text, "EXP102").changed


def test_what_exported_code_needs_is_exported_along() -> None:
    text = (
        "# %%\n#| export\n__all__ = ['f', 'g']\n\n# %%\nimport math\n\n# %%\nUNIT = math.pi\n\n"
        "# %%\n#| hide\ndef helper(x):\n    return UNIT * x\n\n"
        "# %%\ndef f(x):\n    return helper(x)\n\ndef g(x):\n    return f(x)\n\n"
        "# %%\nother = 1\n"
    )
    result = repaired(text)
    assert not result.left
    assert "#| hide\n#| export\ndef helper" in result.after.text
    assert "#| export\nother" not in result.after.text
    assert result.after.text.count("#| export") == 5
    f = star_imported(result.after)["f"]
    assert callable(f)
    assert f(1) > 3


def test_a_cell_that_works_is_exported_once_it_is_guarded() -> None:
    text = "# %%\n#| export\n__all__ = ['f']\n\n# %%\ndef f():\n    return 1\n\nprint(f())\n"
    assert "RUN103" in found(text, "EXP102")[0]
    assert not repaired(text, "EXP102").changed
    result = repaired(text, "EXP", "RUN")
    assert not result.left
    assert set(star_imported(result.after)) == {"f"}


def test_a_cell_with_a_test_is_exported_once_it_is_split() -> None:
    text = (
        "# %%\n#| export\n__all__ = ['f']\n\n# %%\ndef f():\n    ### BEGIN SOLUTION\n    return 1\n"
        "    ### END SOLUTION\n\ndef test_f():\n    assert f() == 1\n\ntest_f()\n"
    )
    assert "NBG103" in found(text, "EXP102")[0]
    result = repaired(text, "EXP", "RUN", "NBG")
    assert not [finding for finding in result.left if finding.code.startswith(("EXP", "RUN"))]
    assert "test_f" not in package(result.after)
    assert set(star_imported(result.after)) == {"f"}


AGAIN = "# %%\n#| export\n{}def f(x):\n    return 1\n\n# %%\n{}def f(x):\n    return 2\n"
SHADOWS = {
    "both exported": (AGAIN.format("", "#| export\n"), "importers get this one"),
    "the first exported": (AGAIN.format("", ""), "the package exports that one"),
}


@pytest.mark.parametrize(("text", "who"), SHADOWS.values(), ids=SHADOWS)
def test_a_later_definition_takes_the_place_of_an_exported_one(text: str, who: str) -> None:
    messages = found(text, "EXP103")
    assert len(messages) == 1
    assert who in messages[0]
    assert "line 3" in messages[0]
    result = repaired(text, "EXP103")
    assert result.after.text.count("def f") == 1
    assert result.after.text.count("# %%") == 1


NO_SHADOWS = {
    "overloads": AGAIN.format("@overload\n", "#| export\n"),
    "registrations": AGAIN.format("@singledispatch\n", "#| export\n@f.register\n"),
    "patches": AGAIN.format("@patch\n", "#| export\n@patch\n"),
    "setters": AGAIN.format("@property\n", "#| export\n@f.setter\n"),
    "private": AGAIN.format("", "#| export\n").replace("def f", "def _f"),
    "not exported": AGAIN.format("", "").replace("#| export\n", ""),
    "one cell": "# %%\n#| export\ndef f():\n    pass\n\ndef f():\n    pass\n",
    "conditional": AGAIN.format("", "#| export\nif True:\n  ").replace(
        "    return 2", "    return"
    ),
    "extended": "# %%\n#| export\nclass A:\n    pass\n\n# %%\n#| export\nclass A(A):\n    pass\n",
}


@pytest.mark.parametrize("text", NO_SHADOWS.values(), ids=NO_SHADOWS)
def test_definitions_that_are_meant_to_come_again(text: str) -> None:
    assert found(text, "EXP103") == []


def test_several_wrappers_go_one_by_one() -> None:
    wrappers = "".join(f"# {n}\ndef {n}():\n    return 2\n\n" for n in "fgh")
    first = "".join(f"def {n}():\n    return 1\n\n" for n in "fgh")
    section = f"#| export\nclass A:\n    pass\n\n{wrappers.rstrip()}"
    text = f"# %%\n{first}\n# %%\n{section}\n\n# %%\nx = 1\n"
    result = repaired(text, "EXP103")
    assert (
        result.after.text == f"# %%\n{first}\n# %%\n#| export\nclass A:\n    pass\n\n# %%\nx = 1\n"
    )


CHAIN = """\
# %%
#| export
class Chain:
    def __init__(self, *modules):
        self.modules = list(modules)

    def forward(self, x):
        for module in self.modules:
            x = module.forward(x)
        return x

# %%
#| export
def scaled(x):
    return 2 * x
"""


def test_a_container_of_any_name_is_never_listed() -> None:
    assert "__all__ = [\n    'scaled'\n]" in repaired(CHAIN).after.text
    listed = CHAIN + "\n# %%\n#| export\n__all__ = ['Chain', 'scaled']\n"
    assert "__all__ = ['scaled']" in repaired(listed).after.text


def test_tests_are_taken_from_the_package_and_all_goes_elsewhere() -> None:
    text = """\
# %%
#| export
def add(a, b):
    return a + b

# %%
#| export
def test_unit_add():
    assert add(1, 2) == 3
"""
    after = repaired(text, "EXP", "RUN").after.text
    assert after.count("#| export") == 1
    assert after.index("__all__") < after.index("def add")


def test_a_cell_with_an_implementation_is_left_to_the_split() -> None:
    text = "# %%\n#| export\ndef add(a):\n    return a\n\ndef test_unit_add():\n    assert add(1)\n"
    assert found(text, "EXP104") == []


def test_an_implementation_beside_a_demo_keeps_its_directive() -> None:
    text = """\
# %%
#| export
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

def demo_double():
    print(double(2))
"""
    result = repaired(text)
    assert "#| export" in result.after.text
    assert [finding.code for finding in result.left] == ["EXP104"]


def test_a_public_definition_of_an_exported_cell_stays_exported() -> None:
    text = """\
# %%
#| export
def f(x):
    ### BEGIN SOLUTION
    return x
    ### END SOLUTION

def test_unit_f():
    assert f(1) == 1

def softplus(x):
    return x + 1

def test_unit_softplus():
    assert softplus(1) == 2

def run_tests():
    test_unit_f()
"""
    result = repaired(text, "EXP", "NBG1", "RUN")
    assert result.left == ()
    assert {"f", "softplus"} <= star_imported(result.after).keys()
    assert "run_tests" not in package(result.after)


def test_a_container_that_stays_is_taken_from_all_only_when_asked() -> None:
    text = CHAIN + "\n# %%\n#| export\n__all__ = ['Chain', 'scaled']\n"
    (finding,) = lint(read(text), rules("EXP102"), SETTINGS)
    assert finding.fix is not None and finding.fix.applicability is Applicability.UNSAFE
