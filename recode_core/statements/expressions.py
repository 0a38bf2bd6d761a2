"""Expressions that a user writes: read in one place, so that each is refused alike."""

from __future__ import annotations

import ast

from recode_core import syntax
from recode_core.errors import RecodeError


class NotAnExpression(RecodeError):
    """A text is no Python expression, or one that is nested too deeply to be worked with."""


def parse_expression(text: str) -> ast.Expression:
    """The tree of an expression. Raises NotAnExpression."""
    if not text.strip():
        raise NotAnExpression("an expression must follow")
    try:
        tree = syntax.parse(text, "eval")
        ast.unparse(tree)  # the deepest of the walks that it will have to bear
    except SyntaxError as error:
        raise NotAnExpression(f"{text!r} is not an expression: {error.msg}") from None
    except ValueError as error:
        raise NotAnExpression(f"{text!r} is not an expression: {error}") from None
    except (RecursionError, MemoryError):
        raise NotAnExpression(f"{text[:60]!r}… is nested too deeply for an expression; split it") from None
    return tree
