"""Source rewrites of everyday idioms, from the fourth edition on.

A method that is a value (`key=d.get`, `map(str.strip, xs)`), a method that the sandbox lacks or does
otherwise (`translate`, `sub` with a function, `format`), `getattr` and the like, format specs, and an
iterator that was kept in a variable before its items act.
"""

from __future__ import annotations

import ast

from recode_core.statements import methods
from recode_core.statements.healer import Healer
from recode_core.statements.lazy import Lazy
from recode_core.statements.library_modules import import_text
from recode_core.statements.names import PRIVATE
from recode_core.statements.source import Edit

PATCHED = frozenset(
    ["format", "format_map", "translate", "maketrans", "sub", "subn", "difference_update", "is_integer"]
    + ["intersection_update", "symmetric_difference_update", "bit_length", "bit_count", "as_integer_ratio"]
    + ["conjugate"]
)
"""Methods that the sandbox lacks, or does otherwise than CPython, so that each call goes through ours."""

_BUILTINS = frozenset({"getattr", "hasattr", "callable", "format"})
"""Builtins that we have functions of our own for."""

_VALUES = f"{PRIVATE}lib_values_"


class Idioms(Healer):
    """Rewrites what models write every day and the sandbox does not have."""

    def visit(self, node: ast.AST, scope: frozenset[str], eager: bool = False) -> None:
        lazy = Lazy(self.shadowed, scope)
        match node:
            case ast.Attribute(ctx=ast.Load(), attr=name) if name in methods.NAMES:
                self.member(node, scope)
            case ast.FormattedValue(conversion=-1, format_spec=ast.JoinedStr() as spec, value=value):
                self.formatted(value, scope)
                self.visit(spec, scope)
            case ast.Starred(ctx=ast.Load(), value=value) if self.may_be_iterator(value, scope):
                self.wrapped(value, scope, "items")
            case ast.Assign(targets=[ast.Tuple() | ast.List() as target], value=value) if (
                self.may_be_iterator(value, scope) and not lazy.acts(value)
            ):
                self.unpacked(target, value, scope)
            case ast.Import() | ast.ImportFrom() if text := import_text(node):
                self.edits.append(Edit(*self.source.extent(node), text))
            case _:
                super().visit(node, scope, eager)

    def call(self, node: ast.Call, scope: frozenset[str], lazy: Lazy, eager: bool) -> None:
        function = node.func
        name = lazy.builtin(function)
        if name in _BUILTINS:
            self.rename(function, f"lib_values_{name}_")
        if name == "map" and node.args:
            self.tool_as_function(node.args[0])
        super().call(node, scope, lazy, eager)

    def callee(self, function: ast.expr, scope: frozenset[str]) -> None:
        if not isinstance(function, ast.Attribute):
            self.visit(function, scope)
        elif self.is_ours(function, scope):
            self.member(function, scope)
        else:
            self.children(function, scope)

    def is_ours(self, function: ast.Attribute, scope: frozenset[str]) -> bool:
        """Whether a method that is called goes through a function of ours."""
        lazy = Lazy(self.shadowed, scope)
        of = function.value
        if function.attr in PATCHED:
            return True
        if function.attr in ("fromkeys", "fromhex"):
            return False
        is_type = lazy.builtin(of) in methods.TYPES or (
            isinstance(of, ast.Call) and lazy.builtin(of.func) == "type"
        )
        return is_type and function.attr in methods.NAMES

    def look_up_first(self, function: ast.expr, scope: frozenset[str]) -> None:
        if not isinstance(function, ast.Attribute):
            super().look_up_first(function, scope)
        elif not self.is_ours(function, scope):
            start, end = self.source.extent(function)
            begin, stop = self.source.extent(function.value)
            self.edits.append(Edit(start, begin, f"{_VALUES}having(("))
            self.edits.append(Edit(stop, end, f"), {function.attr!r}).{function.attr}"))

    def may_be_iterator(self, node: ast.expr, scope: frozenset[str]) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return not Lazy(self.shadowed, scope).builtin(node.func)
        return isinstance(node, ast.Name)

    def member(self, node: ast.Attribute, scope: frozenset[str]) -> None:
        """A method as a value: what that is, is decided when it is evaluated."""
        start, end = self.source.extent(node)
        begin, stop = self.source.extent(node.value)
        self.edits.append(Edit(start, begin, f"{_VALUES}member(("))
        self.visit(node.value, scope)
        self.edits.append(Edit(stop, end, f"), {node.attr!r})"))

    def formatted(self, value: ast.expr, scope: frozenset[str]) -> None:
        """A value with a format spec, which not every type takes."""
        self.wrapped(value, scope, "lib_values_formattable")

    def unpacked(self, target: ast.Tuple | ast.List, value: ast.expr, scope: frozenset[str]) -> None:
        self.visit(target, scope)
        starred = any(isinstance(part, ast.Starred) for part in target.elts)
        self.wrapped(value, scope, "unpack", f", {None if starred else len(target.elts)}")

    def tool_as_function(self, node: ast.expr) -> None:
        """`run` as the function of a `map`."""
        if isinstance(node, ast.Name) and node.id == "run":
            start, end = self.source.extent(node)
            self.edits.append(Edit(start, end, f"(lambda {PRIVATE}a: run({PRIVATE}a))"))
