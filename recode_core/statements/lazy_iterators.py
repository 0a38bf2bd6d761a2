"""Find expressions that are lazy iterators in Python, and those among them that act for an item."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from typing import TypeGuard

from recode_core.statements.names import BUILTINS, TOOLS

LAZY = frozenset({"map", "filter", "zip", "enumerate", "reversed"})
"""Builtins that return a lazy iterator in Python and a list in the sandbox."""


class LazyIterators:
    """Tests on expressions. Names in `shadowed` and `scope` hide builtins."""

    def __init__(self, shadowed: Set[str], scope: Set[str]) -> None:
        self._shadowed, self._scope = shadowed, scope

    def builtin(self, node: ast.expr) -> str:
        """The builtin that a name refers to; empty if it is none."""
        if not isinstance(node, ast.Name) or node.id not in BUILTINS:
            return ""
        return "" if node.id in self._shadowed or node.id in self._scope else node.id

    def is_lazy(self, node: ast.expr) -> TypeGuard[ast.GeneratorExp | ast.Call]:
        """Whether `node` is written as a lazy iterator."""
        if isinstance(node, ast.Call):
            return self.builtin(node.func) in LAZY
        return isinstance(node, ast.GeneratorExp)

    def acts(self, node: ast.expr) -> bool:
        """Whether `node` is a lazy iterator that may act when an item is requested."""
        if isinstance(node, ast.GeneratorExp):
            first = node.generators[0].iter
            return self.acts(first) or any(self.may_act(part) for part in _per_item(node))
        if not self.is_lazy(node):
            return False
        assert isinstance(node, ast.Call)
        args = node.args
        if self.builtin(node.func) in ("map", "filter"):
            return bool(args) and (self.is_acting_function(args[0]) or any(map(self.acts, args[1:])))
        return any(map(self.acts, args))

    def is_acting_function(self, node: ast.expr) -> bool:
        """Whether calling the function `node` may act."""
        if isinstance(node, ast.Lambda):
            return self.may_act(node.body)
        if isinstance(node, ast.Name):
            return not self.builtin(node)
        return not isinstance(node, ast.Constant | ast.Attribute)

    def may_act(self, node: ast.AST) -> bool:
        """Whether a call inside `node` may act."""
        for part in ast.walk(node):
            match part:
                case ast.Call(func=ast.Name(id=name)) if name in TOOLS:
                    return True
                case ast.Call(func=ast.Name() as function) if not self.builtin(function):
                    return True
                case ast.Call(func=ast.Name(id="next")):
                    return True
                case ast.Call(func=ast.Name() | ast.Attribute()):
                    pass
                case ast.Call():
                    return True
        return False


def _per_item(node: ast.GeneratorExp) -> Iterator[ast.expr]:
    """The parts of a generator that are evaluated for each item: all but its first iterable."""
    yield node.elt
    for number, clause in enumerate(node.generators):
        yield from clause.ifs
        if number:
            yield clause.iter
