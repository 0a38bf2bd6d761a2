"""The keyword arguments of placeholders."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from recode_core import syntax
from recode_core.statements.names import PRIVATE, TOOLS


def keyword_literals(calls: Iterable[ast.Call]) -> tuple[tuple[str, str], ...]:
    """The keyword arguments of calls whose values are literals, with the source of each, in source order.

    As in the published agent, they become variables of the expansion: in `x = find(obj, limit=3)`, `limit` is
    3 there. Other keyword arguments do not.
    """
    keywords = [keyword for call in calls for keyword in call.keywords]
    named = [(each.arg, ast.unparse(each.value)) for each in keywords if _may_be_bound(each.arg)]
    return tuple((name, text) for name, text in named if name is not None and _is_literal(text))


def _may_be_bound(name: str | None) -> bool:
    return name is not None and name not in TOOLS and not name.startswith(PRIVATE)


def _is_literal(text: str) -> bool:
    try:
        syntax.literal(text)
    except ValueError:
        return False
    return True
