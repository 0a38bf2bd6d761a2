"""Source rewrites of calls: builtins that consume items, and calls with an iterator that acts."""

from __future__ import annotations

import ast

from recode_core.source import Edit
from recode_core.statements.comprehension_rewriter import ComprehensionRewriter
from recode_core.statements.function_bodies import place_argument
from recode_core.statements.lazy_iterators import LazyIterators
from recode_core.statements.names import BUILTINS, PRIVATE, TOOLS
from recode_core.statements.syntax_traits import is_action

_WHOLE = frozenset({"list", "tuple", "set", "frozenset", "dict", "sum", "sorted", "min", "max"})
"""Builtins that consume all items of their argument."""

_WHOLE_METHODS = frozenset({"join", "extend", "update", "union"})
_FIRST = frozenset({"any", "all"})


class CallRewriter(ComprehensionRewriter):
    """Rewrites calls and the operator `in`."""

    def call(self, node: ast.Call, scope: frozenset[str], lazy: LazyIterators, eager: bool) -> None:
        function, args = node.func, node.args
        if self.function is not None and is_action(node):
            self.edits += place_argument(node, self.source, self.base_variable)
        name = lazy.builtin(function)
        acts = bool(args) and lazy.acts(args[0])
        acting_key = any(k.arg == "key" and lazy.is_acting_function(k.value) for k in node.keywords)
        is_kept = len(args) == 1 and self.may_be_iterator(args[0], scope)
        if (
            (lazy.is_lazy(node) and (lazy.acts(node) or not eager))
            or name in _FIRST
            or (name in _WHOLE and (acts or acting_key or is_kept))
        ):
            self.rename(function, name)
        if isinstance(function, ast.Attribute) and acts:
            self.method(node, function, scope)
            return
        if any(self.must_wait(part, lazy) for part in (*args, *node.keywords)):
            self.look_up_first(node, scope)
        if isinstance(function, ast.Attribute) and function.attr == "finditer":
            start, end = self.source.extent(node)
            self.insert(start, f"{PRIVATE}iter(")
            self.arguments(node, scope, eager=False)
            self.insert(end, ")")
            return
        takes_all = name in _WHOLE and not acting_key
        if isinstance(function, ast.Attribute):
            takes_all = function.attr in _WHOLE_METHODS
        if lazy.is_lazy(node):
            takes_all = eager and not lazy.acts(node)
        self.arguments(node, scope, takes_all)

    def may_act_in_function(self, iterable: ast.expr, scope: frozenset[str]) -> bool:
        """Whether a loop in a function may iterate over an iterator that acts and comes from elsewhere."""
        return self.function is not None and self.may_be_iterator(iterable, scope)

    def may_be_iterator(self, node: ast.expr, scope: frozenset[str]) -> bool:
        """Whether an expression that is not written as a lazy iterator may return one."""
        if isinstance(node, ast.Name):
            return not scope & {node.id}
        if not (self.has_functions and isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            return False
        return node.func.id not in TOOLS and not LazyIterators(self.shadowed, scope).builtin(node.func)

    def look_up_first(self, node: ast.Call, scope: frozenset[str]) -> None:
        """Make an undefined function or method fail before its arguments act, as in CPython."""
        function = node.func
        start, end = self.source.extent(function)
        if isinstance(function, ast.Attribute):
            begin, stop = self.source.extent(function.value)
            self.edits.append(Edit(start, begin, f"{PRIVATE}with(("))
            self.edits.append(Edit(stop, end, f"), {function.attr!r}).{function.attr}"))
        elif isinstance(function, ast.Name) and not self.is_known(function.id, scope):
            self.edits.append(Edit(start, end, f"({function.id} or {function.id})"))

    def is_known(self, name: str, scope: frozenset[str]) -> bool:
        """Whether a name is certainly bound. A name that is bound somewhere may have been deleted since."""
        return name in scope or (name not in self.shadowed and (name in BUILTINS or name in TOOLS))

    def arguments(self, node: ast.Call, scope: frozenset[str], eager: bool) -> None:
        if not isinstance(node.func, ast.Name):
            self.callee(node, scope)
        for child in (*node.args, *node.keywords):
            self.visit(child, scope, eager)

    def callee(self, node: ast.Call, scope: frozenset[str]) -> None:
        """Rewrite the function of a call."""
        self.visit(node.func, scope)

    def must_wait(self, argument: ast.AST, lazy: LazyIterators) -> bool:
        """Whether an argument may be evaluated only after it is certain that the function exists."""
        return lazy.may_act(argument)

    def rename(self, function: ast.expr, name: str) -> None:
        start, end = self.source.extent(function)
        self.edits.append(Edit(start, end, f"{PRIVATE}{name}"))

    def method(self, node: ast.Call, function: ast.Attribute, scope: frozenset[str]) -> None:
        """Rewrite a method call whose argument is a generator that acts."""
        lazy = node.args[0]
        if len(node.args) + len(node.keywords) > 1 or function.attr not in ("join", "extend"):
            self.refuse(lazy, f"given to `{ast.unparse(function)}`")
        if function.attr == "join":
            self.look_up_first(node, scope)
            self.callee(node, scope)
            self.wrapped(lazy, scope, "list")
            return
        self.two_arguments(node, f"{PRIVATE}extend((", function.value, lazy, "))", scope)

    def membership(
        self, node: ast.Compare, left: ast.expr, ops: list[ast.cmpop], lazy: ast.expr, scope: frozenset[str]
    ) -> None:
        """Rewrite `left in <a generator that acts>`."""
        if len(ops) > 1 or not isinstance(ops[0], ast.In | ast.NotIn):
            self.refuse(lazy, "in a comparison")
        word = "not " if isinstance(ops[0], ast.NotIn) else ""
        self.two_arguments(node, f"({word}{PRIVATE}in((", left, lazy, ")))", scope)
