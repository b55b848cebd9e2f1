"""What one source says, as plain data that needs no tree: its statements, or why it has none."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from modfix.syntax.effects import NOTHING, Effects

StatementKind = Literal[
    "function",  # def, async def
    "class",
    "import",
    "assign",  # x = …, x: T = …, x += …
    "call",  # an expression statement that is one call: `call` holds its dotted name
    "string",  # an expression statement that is a string
    "guard",  # if __name__ == "__main__": `body` holds its statements
    "block",  # any other compound statement: if, for, while, with, try, match
    "magic",  # a line of IPython's, masked for the parser
    "other",
]


class StatementFacts(Struct, frozen=True, array_like=True, gc=False):
    """A statement of a source: see `modfix.syntax.module.Statement` for the fields."""

    kind: StatementKind
    start: int
    end: int
    lead: int
    binds: frozenset[str]
    reads: frozenset[str]
    later: frozenset[str]
    name: str = ""
    decorators: tuple[str, ...] = ()
    takes_arguments: bool = False
    call: str = ""
    plain_call: bool = False
    effects: Effects = NOTHING
    body: tuple[StatementFacts, ...] = ()


class SourceFacts(Struct, frozen=True, array_like=True, gc=False):
    """A source: its statements, whether lines of IPython are masked in it; or a fault, and where.

    A `foreign` source is in another language than Python (`%%bash`).
    """

    statements: tuple[StatementFacts, ...] = ()
    masked: bool = False
    fault: str = ""
    fault_at: int = 0
    foreign: bool = False
