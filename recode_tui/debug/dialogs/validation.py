"""Validation of edited code by the engine's rules."""

from __future__ import annotations

from recode_core.statements import Names, RuleBroken, parse
from recode_tui.widgets.fault import Check, Fault


def check_code(names: Names) -> Check:
    """Return a check of code by the engine's rules, given the names defined where it runs.

    If `names` is None, code may define functions; agents that forbid them reject the code themselves.
    """
    functions: Names = frozenset() if names is None else None

    def check(code: str) -> Fault | None:
        try:
            parse(code, names, functions=functions)
        except RuleBroken as broken:
            return Fault(max(1, broken.line), broken.column, broken.rule)
        return None

    return check
