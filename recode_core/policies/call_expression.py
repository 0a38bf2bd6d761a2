"""The placeholder that is to be expanded, as an expert reads it."""

from __future__ import annotations

import ast

import msgspec

from recode_core import syntax
from recode_core.policies.policy import Request
from recode_core.values import Variable


class CallExpression(msgspec.Struct, frozen=True):
    """`target = name(*arguments)`; arguments are source text, `target` is empty without one."""

    name: str
    arguments: tuple[str, ...]
    target: str
    variables: tuple[Variable, ...]

    def literal(self, source: str) -> object:
        """What an argument's source stands for; None where that is no literal that is shown whole."""
        shown = {v.name: v.value for v in self.variables if v.length is None}
        try:
            return syntax.literal(shown.get(source, source))
        except ValueError:
            return None

    def value(self, source: str) -> str | None:
        """What an argument's source stands for, where that is a str that is shown whole."""
        value = self.literal(source)
        return value if isinstance(value, str) else None


def read_call(request: Request) -> CallExpression | None:
    """The call of a bare name that the statement consists of; None where it is another statement."""
    try:
        statements = syntax.parse(request.statement.strip()).body
    except SyntaxError:
        return None
    match statements:
        case [ast.Expr(value=ast.Call() as call)]:
            target = ""
        case [ast.Assign(targets=[ast.Name(id=target)], value=ast.Call() as call)]:
            pass
        case _:
            return None
    if not isinstance(call.func, ast.Name):
        return None
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return CallExpression(call.func.id, tuple(map(ast.unparse, arguments)), target, request.variables)
