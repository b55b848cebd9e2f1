"""Which names a statement binds, reads now and reads later."""

import ast

import libcst as cst
import pytest

from modfix.syntax.names import name_use
from modfix.syntax.plain_names import plain_name_use

CASES = [
    ("import a.b as c, d.e", {"c", "d"}, set(), set()),
    ("from a import b as c, d", {"c", "d"}, set(), set()),
    ("from a import *", set(), set(), set()),
    ("x = y.z[i](k=v)", {"x"}, {"y", "i", "v"}, set()),
    ("x += y", {"x"}, {"x", "y"}, set()),
    ("x: T = y", {"x"}, {"T", "y"}, set()),
    ("a, (b, *c) = d", {"a", "b", "c"}, {"d"}, set()),
    ("a.b = a[i] = c", set(), {"a", "i", "c"}, set()),
    ("for i in r:\n    x = i", {"i", "x"}, {"i", "r"}, set()),
    ("with open(p) as f:\n    g = f", {"f", "g"}, {"open", "p", "f"}, set()),
    ("try:\n    import a\nexcept E as e:\n    a = None", {"a", "e"}, {"E"}, set()),
    ("(n := f(x))", {"n"}, {"f", "x"}, set()),
    ("y = [i + k for i in r if i]", {"y"}, {"k", "r"}, set()),
    ("f = lambda a, b=c: a + b + d", {"f"}, {"c"}, {"d"}),
    (
        "@dec\ndef f(a: A, b=c) -> R:\n    z = a + g\n    return z",
        {"f"},
        {"dec", "A", "c", "R"},
        {"g"},
    ),
    ("def f():\n    global G\n    G = h", {"f", "G"}, set(), {"h"}),
    ("def f():\n    def g():\n        return x + y\n    x = 1\n    return g", {"f"}, set(), {"y"}),
    (
        "class A(B, metaclass=M):\n    x = y\n    def m(self):\n        return x",
        {"A"},
        {"B", "M", "y"},
        {"x"},
    ),
    ("def f():\n    return [q for q in r]", {"f"}, set(), {"r"}),
    ("del x", set(), {"x"}, set()),
    ("print(f'{a!r:{w}}')", set(), {"print", "a", "w"}, set()),
    ("x = None or True", {"x"}, set(), set()),
]


@pytest.mark.parametrize(("source", "binds", "reads", "later"), CASES)
def test_names(source: str, binds: set[str], reads: set[str], later: set[str]) -> None:
    use = name_use(cst.parse_statement(source))
    assert (use.binds, use.reads, use.later) == (binds, reads, later)


MORE = [
    (
        "match p:\n    case A(x=b, y=[c, *d]) as e if f:\n        g = b",
        {*"bcdeg"},
        {*"pAfb"},
        set(),
    ),
    ("match p:\n    case {'k': v, **rest}:\n        pass", {"v", "rest"}, {"p"}, set()),
    ("x = [x for x in x if y]", {"x"}, {"x", "y"}, set()),
    ("x = [y := f(z) for z in w]", {"x", "y"}, {"f", "w"}, set()),
    (
        "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = y\n    return g",
        {"f"},
        set(),
        {"y"},
    ),
]


@pytest.mark.parametrize(("source", "binds", "reads", "later"), [*CASES, *MORE])
def test_both_trees_tell_the_same_names(
    source: str, binds: set[str], reads: set[str], later: set[str]
) -> None:
    for use in (name_use(cst.parse_statement(source)), plain_name_use(ast.parse(source).body)):
        assert (use.binds, use.reads, use.later) == (binds, reads, later)
