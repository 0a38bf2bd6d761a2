"""Parse expressions of the user, with the same errors everywhere."""

from __future__ import annotations

import ast

from recode_core import syntax
from recode_core.errors import RecodeError


class NotAnExpression(RecodeError):
    """A text is not a Python expression, or is nested too deeply."""


def parse_expression(text: str) -> ast.Expression:
    """The tree of an expression. Raises NotAnExpression."""
    if not text.strip():
        raise NotAnExpression("expected an expression")
    try:
        tree = syntax.parse(text, "eval")
        ast.unparse(tree)  # recurses deeper than anything else that is done with it
    except SyntaxError as error:
        raise NotAnExpression(f"{text!r} is not an expression: {error.msg}") from None
    except ValueError as error:
        raise NotAnExpression(f"{text!r} is not an expression: {error}") from None
    except (RecursionError, MemoryError):
        raise NotAnExpression(f"{text[:60]!r}… is nested too deeply for an expression; split it") from None
    return tree
