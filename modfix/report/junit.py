"""`--output-format junit`: a test suite for each module, a test case for each of its rules."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from modfix.errors import one_line
from modfix.lint.checked import Located
from modfix.report.report import Report, relative, told


def render(report: Report) -> str:
    """The modules as suites; one without findings has one case, which passes."""
    root = Element("testsuites", name="modfix")
    for path in report.modules:
        _suite(root, path, report.by_path.get(path, []))
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}'


def _suite(root: Element, path: str, found: list[Located]) -> None:
    by_rule: dict[str, list[Located]] = {}
    for each in found:
        by_rule.setdefault(each.code, []).append(each)
    name = _text(relative(path))
    suite = SubElement(root, "testsuite", name=name)
    for key, value in (("tests", len(by_rule) or 1), ("failures", len(by_rule)), ("errors", 0)):
        suite.set(key, str(value))
    if not by_rule:
        SubElement(suite, "testcase", name="modfix", classname=name, time="0")
    for code, findings in by_rule.items():
        _case(suite, name, code, findings)


def _case(suite: Element, name: str, code: str, found: list[Located]) -> None:
    case = SubElement(suite, "testcase", name=code, classname=name, time="0")
    first = _text(f"{found[0].line}:{found[0].column} {told(found[0])}")
    failure = SubElement(case, "failure", message=first, type=found[0].severity)
    failure.text = "\n".join(_text(f"{f.line}:{f.column} {told(f)}") for f in found)


def _text(text: str) -> str:
    """What XML can hold: no control characters, no lone surrogates."""
    return one_line(text)
