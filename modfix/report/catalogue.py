"""The rules as people read them: the list, and one rule's documentation, made from the rule."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Sequence
from typing import Any

import click
import msgspec

from modfix.rule import Example, Rule

Section = tuple[str, str]


def rule_table(kinds: Sequence[type[Rule]], output_format: str) -> str:
    """The list of rules as text, markdown or JSON."""
    rows = [
        (kind.code, kind.name, str(kind.severity), _fixes(kind), _brief(kind)) for kind in kinds
    ]
    keys = ("code", "name", "severity", "fix", "finds")
    if output_format == "json":
        return json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2)
    if output_format == "markdown":
        head = ["| " + " | ".join(keys) + " |", "|" + "---|" * len(keys)]
        return "\n".join([*head, *("| " + " | ".join(row) + " |" for row in rows)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    return "\n".join(_text_row(row, widths) for row in rows)


def explanation(kind: type[Rule], output_format: str) -> str:
    """One rule's documentation as text, markdown or JSON."""
    writers: dict[str, Callable[[type[Rule]], str]] = {
        "text": _as_text,
        "markdown": _as_markdown,
        "json": _as_json,
    }
    return writers[output_format](kind)


def _text_row(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [value.ljust(width) for value, width in zip(row, widths, strict=False)]
    return "  ".join([click.style(padded[0], bold=True), *padded[1:], row[-1]])


def _fixes(kind: type[Rule]) -> str:
    return " or ".join(map(str, kind.fixes)) or "none"


def _doc(kind: type[Rule]) -> str:
    return inspect.cleandoc(kind.__doc__ or "")


def _brief(kind: type[Rule]) -> str:
    return _doc(kind).partition("\n\n")[0].replace("\n", " ")


def _as_markdown(kind: type[Rule]) -> str:
    parts = [f"# {kind.code} {kind.name}", _facts(kind), _doc(kind), *_option_lines(kind)]
    for example in kind.examples:
        parts += _example(example)
    return "\n\n".join([*parts, f"## Source\n{kind.source}"])


def _as_text(kind: type[Rule]) -> str:
    lines, fenced = [], False
    for line in _as_markdown(kind).split("\n"):
        if line.startswith("```"):
            fenced = not fenced
        elif fenced:
            lines.append(f"    {line}".rstrip())
        else:
            lines.append(click.style(line.lstrip("# "), bold=True) if line[:1] == "#" else line)
    return "\n".join(lines)


def _as_json(kind: type[Rule]) -> str:
    return json.dumps(
        {
            "code": kind.code,
            "name": kind.name,
            "severity": str(kind.severity),
            "fixes": [str(each) for each in kind.fixes],
            "documentation": _doc(kind),
            "source": kind.source,
            "options": _options(kind),
            "examples": [
                {
                    "title": e.title,
                    "bad": e.bad,
                    "good": e.good,
                    "options": e.options or {},
                    "beside": e.beside or {},
                }
                for e in kind.examples
            ],
        },
        indent=2,
    )


def _facts(kind: type[Rule]) -> str:
    return f"Severity: {kind.severity}. Fix: {_fixes(kind)}."


def _options(kind: type[Rule]) -> dict[str, Any]:
    defaults = msgspec.to_builtins(kind.options_type())
    return {
        field.encode_name: defaults[field.encode_name]
        for field in msgspec.structs.fields(kind.options_type)
    }


def _option_lines(kind: type[Rule]) -> list[str]:
    values = _options(kind)
    if not values:
        return []
    rows = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    return ["\n".join(["```toml", f"[rules.{kind.code}]", *rows, "```"])]


def _example(example: Example) -> list[str]:
    title = f": {example.title}" if example.title else ""
    blocks = []
    if example.bad is not None:
        blocks.append(f"## Example{title}\n```{_language(example)}\n{example.bad.strip()}\n```")
    if example.good is not None:
        head = "Use instead" if example.bad is not None else f"Accepted{title}"
        blocks.append(f"## {head}\n```{_language(example)}\n{example.good.strip()}\n```")
    for name, text in (example.beside or {}).items():
        blocks.append(f"with `{name}` beside it:\n```\n{text.strip()}\n```")
    return blocks


def _language(example: Example) -> str:
    return "json" if example.path.endswith(".ipynb") else "python"
