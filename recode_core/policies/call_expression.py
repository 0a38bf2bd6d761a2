"""The call in a statement to expand, parsed for experts."""

from __future__ import annotations

import ast

import msgspec

from recode_core import syntax
from recode_core.policies.policy import Request
from recode_core.values import Variable


class CallExpression(msgspec.Struct, frozen=True):
    """A call `target = name(*arguments)`. Arguments are source text; `target` may be empty."""

    name: str
    arguments: tuple[str, ...]
    target: str
    variables: tuple[Variable, ...]

    def literal(self, source: str) -> object:
        """The value of a literal or of a known variable; None if there is none, or if it is shortened."""
        shown = {v.name: v.value for v in self.variables if v.length is None}
        try:
            return syntax.literal(shown.get(source, source))
        except ValueError:
            return None

    def value(self, source: str) -> str | None:
        """The `literal` of an argument if it is a str; otherwise None."""
        value = self.literal(source)
        return value if isinstance(value, str) else None


def read_call(request: Request) -> CallExpression | None:
    """Parse a statement that is a call of a plain name, or assigns one; None for any other statement."""
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
