"""Source rewrites of comprehensions and generator expressions."""

from __future__ import annotations

import ast

from recode_core.source import Edit, RewrittenSource
from recode_core.statements.base_rewriter import BaseRewriter
from recode_core.statements.generators import (
    Comprehension,
    as_loop,
    assigned_names,
    definition,
    new_name,
    target_names,
)
from recode_core.statements.lazy_iterators import LazyIterators
from recode_core.statements.names import PRIVATE, may_mutate
from recode_core.statements.rules import RuleBroken
from recode_core.statements.syntax_traits import binds_plain_names

_BUILDERS: dict[type[ast.expr], str] = {
    ast.ListComp: f"{PRIVATE}list",
    ast.SetComp: f"{PRIVATE}set",
    ast.DictComp: f"{PRIVATE}dict",
}


class ComprehensionRewriter(BaseRewriter):
    """Leaves a comprehension to the sandbox, or turns it into a function."""

    def comprehension(
        self, node: Comprehension, scope: frozenset[str], lazy: LazyIterators, eager: bool
    ) -> None:
        over_acting = any(lazy.acts(clause.iter) for clause in node.generators)
        if isinstance(node, ast.GeneratorExp):
            acts, as_object = lazy.acts(node), not eager or lazy.acts(node)
        else:
            acts = as_object = over_acting
        inside = assigned_names(node) and self.lambdas
        simple = all(binds_plain_names(clause.target) for clause in node.generators)
        if as_object and simple and not inside:
            self.as_function(node, scope)
        elif as_object and inside and self.function is not None and isinstance(node, ast.GeneratorExp):
            rule = (
                "`:=` in a generator expression is not supported inside a function; write the loop instead:"
            )
            raise RuleBroken(node.lineno, f"{rule}\n{as_loop(node)}", node.col_offset)
        elif acts:
            self.refuse(node, "here")
        else:
            self.natively(node, scope)

    def natively(self, node: Comprehension, scope: frozenset[str]) -> None:
        """Leave a comprehension to the sandbox."""
        inner = scope | set(target_names(node))
        eager = not may_mutate(node)
        for number, clause in enumerate(node.generators):
            self.visit(clause.iter, inner if number else scope, eager)
            for test in clause.ifs:
                self.visit(test, inner)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(part, inner)

    def as_function(self, node: Comprehension, scope: frozenset[str]) -> None:
        """Move a comprehension into a function, except for its first iterable."""
        name, targets = new_name(), set(target_names(node))
        inner = scope | targets
        used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        captured = sorted((scope - targets) & used)
        start, end = self.source.extent(node)
        first = node.generators[0].iter

        def part(expression: ast.expr) -> RewrittenSource:
            outside, self.edits = self.edits, []
            self.visit(expression, inner)
            fed = self.source.rewritten(*self.source.extent(expression), self.edits)
            self.edits = outside
            return fed

        pad = self.function.pad if self.function is not None else ""
        self.definitions.append(definition(node, name, captured, part, start, pad))
        whole = _BUILDERS.get(type(node), "")
        begin, stop = self.source.extent(first)
        self.edits.append(Edit(start, begin, f"{whole}({name}({PRIVATE}iter(("))
        self.visit(first, scope)
        self.edits.append(Edit(stop, end, f")){''.join(f', {name}' for name in captured)}))"))
