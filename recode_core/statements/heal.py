"""Source rewrites for what the interpreter lacks or does otherwise than CPython.

They are made in the text that is fed, never in the text that is shown. Each piece of code is healed once,
and a part of it that moves into a definition of its own takes its edits along.
"""

from __future__ import annotations

import ast
from collections.abc import Set
from typing import NamedTuple

from recode_core.statements.expressions import parse_expression
from recode_core.statements.healer import Healer
from recode_core.statements.idioms import Idioms
from recode_core.statements.rules import NO_IDIOMS
from recode_core.statements.source import Edit, Fed, Source, joined


class Healed(NamedTuple):
    """The edits of a piece of code, and the definitions that they call."""

    edits: list[Edit]
    lead: Fed | None


def heal(
    node: ast.AST,
    source: Source,
    shadowed: Set[str],
    edition: int,
    home: str = "",
    has_functions: bool = False,
) -> Healed:
    """The edits of `node`; `shadowed` are the names that something defines, so that no builtin is meant.

    `home` is a name of the sandbox's for the code that the statement stands in. An action in a function
    that it defines tells that, and its place in there: whoever calls the function may be other code.
    Where the code `has_functions`, a call of one may return an iterator that acts.

    Raises RuleBroken for a generator that acts where it could not stop between two items.
    """
    kind = Idioms if edition > NO_IDIOMS else Healer
    healer = kind(source, shadowed, home, has_functions)
    healer.visit(node, frozenset())
    if not healer.leads:
        return Healed(healer.edits, None)
    return Healed(healer.edits, joined(healer.leads, 0))


def healed_expression(expression: str, shadowed: Set[str]) -> tuple[str, str]:
    """The definitions that an expression of a user's calls, and the expression, as they are fed.

    Raises NotAnExpression, RuleBroken.
    """
    source = Source(expression)
    edits, lead = heal(parse_expression(expression).body, source, shadowed, NO_IDIOMS + 1)
    return lead.text if lead is not None else "", source.fed(0, len(expression), edits).text
