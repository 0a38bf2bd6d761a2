"""What all source rewrites share: a walk over a piece of code that collects edits and definitions."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Set

from recode_core.statements.bodies import Body
from recode_core.statements.generators import as_loop
from recode_core.statements.names import PRIVATE
from recode_core.statements.rules import RuleBroken
from recode_core.statements.source import Edit, Fed, Source


class Rewriter(ABC):
    """Walks a piece of code; `scope` are the local names of the lambdas and comprehensions around.

    `shadowed` are the names that something defines, so that no builtin is meant.
    """

    def __init__(self, source: Source, shadowed: Set[str], home: str, has_functions: bool) -> None:
        self.source = source
        self.shadowed = shadowed
        self.home = home
        self.has_functions = has_functions
        self.edits: list[Edit] = []
        self.leads: list[Fed] = []
        self.lambdas = 0  # and functions: inside, `:=` binds no name of the namespace
        self.function: Body | None = None

    @abstractmethod
    def visit(self, node: ast.AST, scope: frozenset[str], eager: bool = False) -> None:
        """Rewrite `node`. Where `eager`, a lazy iterator that does nothing but compute may stay a list."""

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
        """Make a call out of `node`; what stands around its two parts goes, parentheses too."""
        start, end = self.source.extent(node)
        (begin, stop), (begin_two, stop_two) = self.source.extent(one), self.source.extent(two)
        self.edits.append(Edit(start, begin, before))
        self.visit(one, scope)
        self.edits.append(Edit(stop, begin_two, between))
        self.visit(two, scope)
        self.edits.append(Edit(stop_two, end, after))

    def indent(self, node: ast.stmt) -> str:
        """What stands before a statement on its line."""
        line, column = self.source.position(self.source.extent(node)[0])
        return self.source.lines[line - 1][:column]

    def refuse(self, node: ast.expr, where: str) -> None:
        shown = as_loop(node) if isinstance(node, ast.GeneratorExp | ast.ListComp) else ""
        advice = f"write the loop instead:\n{shown}" if shown else "write a `for` loop over the items instead"
        rule = f"`{ast.unparse(node)}` acts, and can't stop between two items {where}; {advice}"
        raise RuleBroken(node.lineno, rule, node.col_offset)
