"""The keyword arguments of placeholders."""

from __future__ import annotations

import ast
from collections.abc import Collection

from recode_core import syntax
from recode_core.statements.names import PRIVATE, TOOLS


def keyword_literals(statement: str, calls: Collection[str]) -> dict[str, object]:
    """The literals given by keyword to the calls of these names in a statement, in source order.

    As in the published agent, they become variables of the expansion: in `x = find(obj, limit=3)`,
    `limit` is 3 there. What is no literal has a name of its own, or none.
    """
    tree = syntax.parse(statement)
    found: dict[str, object] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in calls:
            for keyword in node.keywords:
                name = keyword.arg
                if name is None or name in TOOLS or name.startswith(PRIVATE):
                    continue
                try:
                    found[name] = syntax.literal(ast.unparse(keyword.value))
                except ValueError:
                    continue
    return found
