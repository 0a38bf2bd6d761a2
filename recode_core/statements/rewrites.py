"""Source rewrites for code that the sandbox does not support, or that behaves differently there.

They apply to the text that is fed, never to the text that is shown.
"""

from __future__ import annotations

import ast
from collections.abc import Set
from typing import NamedTuple

from recode_core.source import Edit, RewrittenSource, Source, joined
from recode_core.statements.expressions import parse_expression
from recode_core.statements.idiom_rewriter import IdiomRewriter
from recode_core.statements.rules import LAST_EDITION_WITHOUT_IDIOMS
from recode_core.statements.statement_rewriter import StatementRewriter


class Rewritten(NamedTuple):
    """The edits of a piece of code, and the definitions that the edited code calls."""

    edits: list[Edit]
    definitions: RewrittenSource | None


def rewrite(
    node: ast.AST,
    source: Source,
    shadowed: Set[str],
    edition: int,
    base_variable: str = "",
    has_functions: bool = False,
) -> Rewritten:
    """The edits of `node`. `shadowed` are defined names, which hide builtins.

    `base_variable` is the variable of the sandbox with the prefix of the expansion's ids. Actions in a
    function pass it, with their range, since code of another expansion may call the function. With
    `has_functions`, a call may return an iterator that acts.

    Raises RuleBroken for a generator that acts in a position where it cannot stop after each item.
    """
    kind = IdiomRewriter if edition > LAST_EDITION_WITHOUT_IDIOMS else StatementRewriter
    rewriter = kind(source, shadowed, base_variable, has_functions)
    rewriter.visit(node, frozenset())
    if not rewriter.definitions:
        return Rewritten(rewriter.edits, None)
    return Rewritten(rewriter.edits, joined(rewriter.definitions, 0))


def rewritten_expression(expression: str, shadowed: Set[str]) -> tuple[str, str]:
    """The definitions that an expression of the user needs, and its rewritten text.

    Raises NotAnExpression, RuleBroken.
    """
    source = Source(expression)
    edits, definitions = rewrite(
        parse_expression(expression).body, source, shadowed, LAST_EDITION_WITHOUT_IDIOMS + 1
    )
    text = source.rewritten(0, len(expression), edits).text
    return definitions.text if definitions is not None else "", text
