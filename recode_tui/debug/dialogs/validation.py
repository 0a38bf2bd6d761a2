"""The check of edited code against the rules of the engine."""

from __future__ import annotations

from recode_core.statements import Names, RuleBroken, parse
from recode_tui.widgets.fault import Check, Fault


def check_code(names: Names) -> Check:
    """The engine's own rules, for code that runs where these names are defined.

    Where they are None, code may define functions; an agent whose code may not refuses it itself.
    """
    functions: Names = frozenset() if names is None else None

    def check(code: str) -> Fault | None:
        try:
            parse(code, names, functions=functions)
        except RuleBroken as broken:
            return Fault(max(1, broken.line), broken.column, broken.rule)
        return None

    return check
