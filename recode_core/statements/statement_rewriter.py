"""Source rewrites of statements, and the dispatch by kind of node."""

from __future__ import annotations

import ast

from recode_core.source import Edit, joined
from recode_core.statements.call_rewriter import CallRewriter
from recode_core.statements.first_edition import with_text
from recode_core.statements.function_bodies import Body
from recode_core.statements.functions import own_scope
from recode_core.statements.generators import new_name
from recode_core.statements.lazy_iterators import LazyIterators
from recode_core.statements.names import BUILTINS, PRIVATE, local_names
from recode_core.statements.syntax_traits import may_extend_list

_DELETE = """def {p}del_{name}():
    global {name}
    try:
        raise {p}Exception
    except {p}Exception as {name}:
        pass
"""  # the sandbox unbinds a name only at the end of `except … as name`


class StatementRewriter(CallRewriter):
    """Rewrites statements and expressions for each edition after the first."""

    def visit(self, node: ast.AST, scope: frozenset[str], eager: bool = False) -> None:
        """Rewrite `node`. If `eager`, a lazy iterator without actions may stay a list."""
        lazy = LazyIterators(self.shadowed, scope)
        match node:
            case ast.Lambda():
                self.lambdas += 1
                self.children(node, scope | local_names(node))
                self.lambdas -= 1
            case ast.FunctionDef():
                self.define(node, scope)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self.comprehension(node, scope, lazy, eager)
            case ast.Call():
                self.call(node, scope, lazy, eager)
            case ast.Starred(value=value) if lazy.acts(value):
                self.wrapped(value, scope, "list")
            case ast.Compare(left=left, ops=ops, comparators=[*_, last]) if lazy.acts(last):
                self.membership(node, left, ops, last, scope)
            case ast.Assign(targets=[ast.Tuple() | ast.List() as target], value=value) if lazy.acts(value):
                self.visit(target, scope)
                starred = any(isinstance(part, ast.Starred) for part in target.elts)
                self.wrapped(value, scope, "unpack", f", {None if starred else len(target.elts)}")
            case ast.For(iter=iterable) if lazy.acts(iterable) or self.may_act_in_function(iterable, scope):
                self.loop(node, scope)
            case ast.AugAssign(op=ast.Add(), target=target, value=value) if may_extend_list(target, value):
                self.visit(target, scope)
                start, end = self.source.extent(value)
                self.insert(start, f"{PRIVATE}iadd({ast.unparse(target)}, (")
                self.visit(value, scope)
                self.insert(end, "))")
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name), args=[_, *_] as args, keywords=[])):
                self.edits += with_text(args, self.source) if name in BUILTINS else []
                self.children(node, scope)
            case ast.Delete(targets=targets):
                text = "; ".join(self.deletion(target) for target in targets)
                self.edits.append(Edit(*self.source.extent(node), text))
            case _:
                self.children(node, scope)

    def define(self, node: ast.FunctionDef, scope: frozenset[str]) -> None:
        """Rewrite a function. Definitions for its body are inserted in it, where they see its variables."""
        for part in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(part, scope)
        outside = self.definitions, self.shadowed, self.function
        self.definitions, self.shadowed, self.function = (
            [],
            self.shadowed | own_scope(node),
            Body(node, self.source),
        )
        self.lambdas += 1
        for child in node.body:
            self.visit(child, frozenset())
        self.lambdas -= 1
        if self.definitions:
            self.edits.append(self.function.beginning(self.definitions))
        self.definitions, self.shadowed, self.function = outside

    def loop(self, node: ast.For, scope: frozenset[str]) -> None:
        """Rewrite a `for` loop over an iterator that acts, which is fed whole, to a `while` loop."""
        start, first = self.source.extent(node)[0], node.body[0]
        begin, stop = self.source.extent(node.iter)
        source, item = new_name(), new_name()
        self.edits.append(Edit(start, begin, f"{source} = {PRIVATE}iter(("))
        self.visit(node.iter, scope)
        test = f"({item} := {PRIVATE}next({source}, {PRIVATE}end)) is not {PRIVATE}end"
        header = f"))\n{self.indent(node)}while {test}:"
        bind, pad = f"{ast.unparse(node.target)} = {item}", self.indent(first)
        is_same_line = first.lineno == node.iter.end_lineno and not pad.isspace()
        text = f"{header} {bind}; " if is_same_line else f"{header}\n{pad}{bind}\n{pad}"
        self.edits.append(Edit(stop, self.source.extent(first)[0], text))
        for child in (*node.body, *node.orelse):
            self.visit(child, scope)

    def deletion(self, target: ast.expr) -> str:
        if isinstance(target, ast.Name):
            self.definitions.append(joined([_DELETE.format(p=PRIVATE, name=target.id)], 0))
            return f"{target.id}; {PRIVATE}del_{target.id}()"
        assert isinstance(target, ast.Subscript), "check_rules refuses other targets"
        if isinstance(target.slice, ast.Slice):
            return f"{ast.unparse(target)} = []"
        return f"{ast.unparse(target.value)}.pop({ast.unparse(target.slice)})"
