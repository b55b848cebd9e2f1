"""Calls that write to stderr, by their full names."""

from __future__ import annotations

import ast
import re

from modfix.rule import Module
from modfix.syntax.parse import warnings_in
from modfix.syntax.plain_nodes import dotted_name

from ._catching import writes_to_stderr
from ._origins import full_name

_LOUD_LOGGING = re.compile(r"^logging\.(?:\w+\.)*(?:warning|warn|error|critical|exception)$")
_QUIET_LOGGING = re.compile(r"^logging\.(?:\w+\.)*(?:info|debug)$")
_LOGGER = re.compile(r"\bgetLogger\(")
_PATTERNS = (
    ("a warning", re.compile(r"^warnings\.warn(?:_explicit)?$")),
    ("a progress bar", re.compile(r"^tqdm\.(?:std\.|cli\.)?(?:tqdm|trange)$")),
    ("a traceback", re.compile(r"^traceback\.print_(?:exc|exception|stack|last|tb)$")),
    ("text", re.compile(r"^sys\.(?:__)?stderr(?:__)?\.(?:write|writelines)$")),
    ("unittest's report", re.compile(r"^unittest\.(?:main|TextTestRunner)$")),
)
# What Python itself warns of when it reads a cell: `assert (x, "no")`, `x is 1`.
_WARNED = re.compile(r"\bassert\s*\(|\bis\s+(?:not\s+)?[-\d'\"(\[{]")
_TOLD = ("assertion is always true", '"is" with', '"is not" with')
_ELSEWHERE = frozenset({"file", "disable", "stream"})
_SILENCED = {
    "a warning": ("simplefilter", "filterwarnings", "catch_warnings", "pytest.warns"),
    "a log record": (
        "stream=sys.stdout",
        "StreamHandler(sys.stdout",
        "logging.disable",
        "NullHandler",
    ),
}


def on_stderr(module: Module, call: ast.Call) -> str:
    """What a call writes to stderr, in a word or two, or ""."""
    dotted = _called_name(call)
    if dotted == "print" and writes_to_stderr(call):
        return "text"
    if not dotted:
        return ""
    full = full_name(module, dotted)
    what = next((what for what, pattern in _PATTERNS if pattern.match(full)), "")
    what = what or _log_record(module, dotted, full)
    if not what or any(each.arg in _ELSEWHERE for each in call.keywords):
        return ""
    text = module.document.text
    return "" if any(word in text for word in _SILENCED.get(what, ())) else what


def _called_name(call: ast.Call) -> str:
    """The dotted name of a call; `logging.getLogger("a").error` is `logging.error`."""
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        root = dotted_name(call.func.value.func)
        if root.rpartition(".")[2] == "getLogger":
            return f"{root.rpartition('.')[0] or 'logging'}.{call.func.attr}"
    return dotted_name(call.func)


def python_warning(module: Module, source: str) -> tuple[str, int] | None:
    """What Python warns of on stderr when it compiles a cell, and the line (from 1); None where
    it does not, or the course silences it."""
    if not _WARNED.search(source):
        return None
    if any(word in module.document.text for word in _SILENCED["a warning"]):
        return None
    told = [w for w in warnings_in(source) if issubclass(w.category, SyntaxWarning)]
    found = next((w for w in told if str(w.message).startswith(_TOLD)), None)
    return None if found is None else (str(found.message), found.lineno)


def _log_record(module: Module, dotted: str, full: str) -> str:
    """Records from WARNING on go to stderr; others where `basicConfig` lets them."""
    root, _, rest = dotted.partition(".")
    if rest and _is_logger(module, root):
        full = f"logging.{rest}"
    if _LOUD_LOGGING.match(full):
        return "a log record"
    if _QUIET_LOGGING.match(full):
        wanted = "DEBUG" if full.endswith("debug") else "INFO"
        levels = re.findall(r"basicConfig\([^)]*level\s*=\s*(?:\w+\.)?(\w+)", module.document.text)
        return "a log record" if {"DEBUG", wanted} & set(levels) else ""
    return ""


def _is_logger(module: Module, name: str) -> bool:
    return any(
        _LOGGER.search(module.cell(statement.cell).source[statement.start : statement.end])
        for statement in module.definitions.get(name, ())
        if statement.kind == "assign"
    )
