"""The base of all source rewrites: a walk over a piece of code that collects edits and definitions."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Set

from recode_core.source import Edit, RewrittenSource, Source
from recode_core.statements.function_bodies import Body
from recode_core.statements.generators import as_loop
from recode_core.statements.names import PRIVATE
from recode_core.statements.rules import RuleBroken


class BaseRewriter(ABC):
    """Walks over a piece of code. `scope` are the local names of enclosing lambdas and comprehensions.

    `shadowed` are defined names, which hide builtins.
    """

    def __init__(self, source: Source, shadowed: Set[str], base_variable: str, has_functions: bool) -> None:
        self.source = source
        self.shadowed = shadowed
        self.base_variable = base_variable
        self.has_functions = has_functions
        self.edits: list[Edit] = []
        self.definitions: list[RewrittenSource] = []
        self.lambdas = 0  # enclosing lambdas and functions, in which `:=` binds a local name
        self.function: Body | None = None

    @abstractmethod
    def visit(self, node: ast.AST, scope: frozenset[str], eager: bool = False) -> None:
        """Rewrite `node`. If `eager`, a lazy iterator without actions may stay a list."""

    def children(self, node: ast.AST, scope: frozenset[str]) -> None:
        for child in ast.iter_child_nodes(node):
            self.visit(child, scope)

    def insert(self, at: int, text: str) -> None:
        self.edits.append(Edit(at, at, text))

    def wrapped(self, node: ast.expr, scope: frozenset[str], by: str, more: str = "") -> None:
        start, end = self.source.extent(node)
        self.insert(start, f"({PRIVATE}{by}(")
        self.visit(node, scope)
        self.insert(end, f"{more}))")

    def two_arguments(
        self,
        node: ast.expr,
        before: str,
        one: ast.expr,
        two: ast.expr,
        after: str,
        scope: frozenset[str],
        between: str = "), (",
    ) -> None:
        """Replace `node` by a call with two of its parts, without the text and parentheses around them."""
        start, end = self.source.extent(node)
        (begin, stop), (begin_two, stop_two) = self.source.extent(one), self.source.extent(two)
        self.edits.append(Edit(start, begin, before))
        self.visit(one, scope)
        self.edits.append(Edit(stop, begin_two, between))
        self.visit(two, scope)
        self.edits.append(Edit(stop_two, end, after))

    def indent(self, node: ast.stmt) -> str:
        """The text before a statement on its line."""
        line, column = self.source.position(self.source.extent(node)[0])
        return self.source.lines[line - 1][:column]

    def refuse(self, node: ast.expr, where: str) -> None:
        shown = as_loop(node) if isinstance(node, ast.GeneratorExp | ast.ListComp) else ""
        advice = f"write the loop instead:\n{shown}" if shown else "write a `for` loop over the items instead"
        rule = f"`{ast.unparse(node)}` acts, and can't stop between two items {where}; {advice}"
        raise RuleBroken(node.lineno, rule, node.col_offset)
