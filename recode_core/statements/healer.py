"""Source rewrites of statements, and which part of a piece of code is rewritten how."""

from __future__ import annotations

import ast

from recode_core.statements.bodies import Body
from recode_core.statements.calls import Calls
from recode_core.statements.first_edition import with_text
from recode_core.statements.functions import own_scope
from recode_core.statements.generators import new_name
from recode_core.statements.lazy import Lazy
from recode_core.statements.names import BUILTINS, PRIVATE, local_names
from recode_core.statements.source import Edit, joined
from recode_core.statements.traits import may_extend

_DELETE = """def {p}del_{name}():
    global {name}
    try:
        raise {p}Exception
    except {p}Exception as {name}:
        pass
"""  # the end of `except … as name` is the only place where the sandbox unbinds a name


class Healer(Calls):
    """Rewrites statements, and what the sandbox lacks in each edition after the first."""

    def visit(self, node: ast.AST, scope: frozenset[str], eager: bool = False) -> None:
        """Heal `node`. Where `eager`, a lazy iterator that does nothing but compute may stay a list."""
        lazy = Lazy(self.shadowed, scope)
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
            case ast.AugAssign(op=ast.Add(), target=target, value=value) if may_extend(target, value):
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
        """A function. What we define for its body is defined at its beginning, and sees its variables."""
        for part in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(part, scope)
        outside = self.leads, self.shadowed, self.function
        self.leads, self.shadowed, self.function = (
            [],
            self.shadowed | own_scope(node),
            Body(node, self.source),
        )
        self.lambdas += 1
        for child in node.body:
            self.visit(child, frozenset())
        self.lambdas -= 1
        if self.leads:
            self.edits.append(self.function.beginning(self.leads))
        self.leads, self.shadowed, self.function = outside

    def loop(self, node: ast.For, scope: frozenset[str]) -> None:
        """A `for` that is fed whole, over an iterator that acts: the `while` loop that it is."""
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
            self.leads.append(joined([_DELETE.format(p=PRIVATE, name=target.id)], 0))
            return f"{target.id}; {PRIVATE}del_{target.id}()"
        assert isinstance(target, ast.Subscript), "the rules let nothing else through"
        if isinstance(target.slice, ast.Slice):
            return f"{ast.unparse(target)} = []"
        return f"{ast.unparse(target.value)}.pop({ast.unparse(target.slice)})"
