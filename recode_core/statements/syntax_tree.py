"""Parse code into a syntax tree, within limits that bound the time this takes."""

from __future__ import annotations

import ast

from recode_core import syntax
from recode_core.statements.rules import RuleBroken

MOST_CHARACTERS = 100_000
MOST_PARTS = 20_000
"""The maximum number of characters and of nodes of an expansion, which bound the time to parse it."""


def check_length(code: str) -> None:
    """Raise RuleBroken if the code has more than MOST_CHARACTERS."""
    if len(code) > MOST_CHARACTERS:
        raise RuleBroken(0, f"the code has {len(code):,} characters; write at most {MOST_CHARACTERS:,}")


def tree_of(text: str) -> ast.Module:
    """Parse a text. Raises SyntaxError, or RuleBroken if it cannot be parsed at all."""
    try:
        return syntax.parse(text)
    except (ValueError, MemoryError) as error:  # a null byte, or nesting too deep for the parser
        raise RuleBroken(0, f"the code can't be read: {str(error) or 'it is nested too deeply'}") from None


def check_size(tree: ast.Module) -> None:
    """Raise RuleBroken if the tree has more than MOST_PARTS nodes."""
    parts = sum(1 for _ in ast.walk(tree))
    if parts > MOST_PARTS:
        raise RuleBroken(
            0, f"the code has {parts:,} parts (names, values, calls …); write at most {MOST_PARTS:,}"
        )
