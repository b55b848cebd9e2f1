"""What a code in a suppression means, shown where a person points at it."""

from __future__ import annotations

from functools import partial

from lsprotocol.types import Hover, MarkupContent, MarkupKind, Position

from modfix.config import Config
from modfix.lint.local_rules import rule_types_for
from modfix.report.catalogue import explanation, rule_table
from modfix.rule import Rule
from modfix.server.review import Review
from modfix.syntax.suppression import read_suppressions


def hover(review: Review, config: Config, uri: str, at: Position) -> Hover | None:
    """The documentation of the rule whose code stands there; of several rules, their list."""
    if review.document is None:
        return None
    place = partial(review.snapshot.span, review.document)
    for suppression in read_suppressions(review.document):
        for code, start in suppression.codes if suppression.tag is None else ():
            document, where = place(suppression.cell, start, start + len(code))
            if document == uri and where.start <= at <= where.end:
                text = _explained(code, rule_types_for(config))
                return Hover(MarkupContent(MarkupKind.Markdown, text), where) if text else None
    return None


def _explained(code: str, kinds: tuple[type[Rule], ...]) -> str:
    meant = [kind for kind in kinds if kind.code.startswith(code)]
    if len(meant) == 1:
        return explanation(meant[0], "markdown")
    return rule_table(meant, "markdown") if meant else ""
