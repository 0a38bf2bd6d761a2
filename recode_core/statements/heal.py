"""Source rewrites for what the interpreter lacks or does otherwise than CPython.

They are made in the text that is fed, never in the text that is shown. Each piece of code is healed once,
and a part of it that moves into a definition of its own takes its edits along.
"""

from __future__ import annotations

import ast
from collections.abc import Set
from typing import NamedTuple

from recode_core.statements.bodies import Body, place_told
from recode_core.statements.first_edition import with_text
from recode_core.statements.functions import own_scope
from recode_core.statements.generators import (
    Comprehension,
    as_loop,
    assigned_names,
    definition,
    new_name,
    target_names,
)
from recode_core.statements.lazy import Lazy
from recode_core.statements.names import BUILTINS, PRIVATE, TOOLS, local_names, may_mutate
from recode_core.statements.rules import RuleBroken
from recode_core.statements.source import Edit, Fed, Source, joined
from recode_core.statements.traits import is_action, is_simple, may_extend

_WHOLE = frozenset({"list", "tuple", "set", "frozenset", "dict", "sum", "sorted", "min", "max"})
"""Builtins that take every item of their argument."""

_WHOLE_METHODS = frozenset({"join", "extend", "update", "union"})
_FIRST = frozenset({"any", "all"})
_BUILDERS: dict[type[ast.expr], str] = {
    ast.ListComp: f"{PRIVATE}list",
    ast.SetComp: f"{PRIVATE}set",
    ast.DictComp: f"{PRIVATE}dict",
}
_DELETE = """def {p}del_{name}():
    global {name}
    try:
        raise {p}Exception
    except {p}Exception as {name}:
        pass
"""  # the end of `except … as name` is the only place where the sandbox unbinds a name


class Healed(NamedTuple):
    """The edits of a piece of code, and the definitions that they call."""

    edits: list[Edit]
    lead: Fed | None


def heal(
    node: ast.AST, source: Source, shadowed: Set[str], home: str = "", has_functions: bool = False
) -> Healed:
    """The edits of `node`; `shadowed` are the names that something defines, so that no builtin is meant.

    `home` is a name of the sandbox's for the code that the statement stands in. An action in a function
    that it defines tells that, and its place in there: whoever calls the function may be other code.
    Where the code `has_functions`, a call of one may return an iterator that acts.

    Raises RuleBroken for a generator that acts where it could not stop between two items.
    """
    healer = _Healer(source, shadowed, home, has_functions)
    healer.visit(node, frozenset())
    if not healer.leads:
        return Healed(healer.edits, None)
    return Healed(healer.edits, joined(healer.leads, 0))


class _Healer:
    """Walks a piece of code; `scope` are the local names of the lambdas and comprehensions around."""

    def __init__(self, source: Source, shadowed: Set[str], home: str, has_functions: bool) -> None:
        self.source = source
        self.shadowed = shadowed
        self.home = home
        self.has_functions = has_functions
        self.edits: list[Edit] = []
        self.leads: list[Fed] = []
        self.lambdas = 0  # and functions: inside, `:=` binds no name of the namespace
        self.function: Body | None = None

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

    def children(self, node: ast.AST, scope: frozenset[str]) -> None:
        for child in ast.iter_child_nodes(node):
            self.visit(child, scope)

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

    def call(self, node: ast.Call, scope: frozenset[str], lazy: Lazy, eager: bool) -> None:
        function, args = node.func, node.args
        if self.function is not None and is_action(node):
            self.edits += place_told(node, self.source, self.home)
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
        if any(map(lazy.may_act, (*args, *node.keywords))):
            self.look_up_first(function, scope)
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
        """Whether a loop in a function may be over an iterator that acts, given or made elsewhere."""
        return self.function is not None and self.may_be_iterator(iterable, scope)

    def may_be_iterator(self, node: ast.expr, scope: frozenset[str]) -> bool:
        """Whether an expression that is no lazy iterator may give one."""
        if isinstance(node, ast.Name):
            return not scope & {node.id}
        if not (self.has_functions and isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            return False
        return node.func.id not in TOOLS and not Lazy(self.shadowed, scope).builtin(node.func)

    def look_up_first(self, function: ast.expr, scope: frozenset[str]) -> None:
        """Make a function or a method that does not exist fail before its arguments act, as in CPython."""
        start, end = self.source.extent(function)
        if isinstance(function, ast.Attribute):
            begin, stop = self.source.extent(function.value)
            self.edits.append(Edit(start, begin, f"{PRIVATE}with(("))
            self.edits.append(Edit(stop, end, f"), {function.attr!r}).{function.attr}"))
        elif isinstance(function, ast.Name) and not self.is_known(function.id, scope):
            self.edits.append(Edit(start, end, f"({function.id} or {function.id})"))

    def is_known(self, name: str, scope: frozenset[str]) -> bool:
        return name in BUILTINS or name in TOOLS or name in self.shadowed or name in scope

    def arguments(self, node: ast.Call, scope: frozenset[str], eager: bool) -> None:
        if not isinstance(node.func, ast.Name):
            self.visit(node.func, scope)
        for child in (*node.args, *node.keywords):
            self.visit(child, scope, eager)

    def method(self, node: ast.Call, function: ast.Attribute, scope: frozenset[str]) -> None:
        """A method that is given a generator that acts."""
        lazy = node.args[0]
        if len(node.args) + len(node.keywords) > 1 or function.attr not in ("join", "extend"):
            self.refuse(lazy, f"given to `{ast.unparse(function)}`")
        if function.attr == "join":
            self.look_up_first(function, scope)
            self.visit(function, scope)
            self.wrapped(lazy, scope, "list")
            return
        self.two_arguments(node, f"{PRIVATE}extend((", function.value, lazy, "))", scope)

    def membership(
        self, node: ast.Compare, left: ast.expr, ops: list[ast.cmpop], lazy: ast.expr, scope: frozenset[str]
    ) -> None:
        """`left in <a generator that acts>`."""
        if len(ops) > 1 or not isinstance(ops[0], ast.In | ast.NotIn):
            self.refuse(lazy, "in a comparison")
        word = "not " if isinstance(ops[0], ast.NotIn) else ""
        self.two_arguments(node, f"({word}{PRIVATE}in((", left, lazy, ")))", scope)

    def two_arguments(
        self, node: ast.expr, before: str, one: ast.expr, two: ast.expr, after: str, scope: frozenset[str]
    ) -> None:
        """Make a call out of `node`; what stands around its two parts goes, parentheses too."""
        start, end = self.source.extent(node)
        (begin, stop), (begin_two, stop_two) = self.source.extent(one), self.source.extent(two)
        self.edits.append(Edit(start, begin, before))
        self.visit(one, scope)
        self.edits.append(Edit(stop, begin_two, "), ("))
        self.visit(two, scope)
        self.edits.append(Edit(stop_two, end, after))

    def comprehension(self, node: Comprehension, scope: frozenset[str], lazy: Lazy, eager: bool) -> None:
        over_acting = any(lazy.acts(clause.iter) for clause in node.generators)
        if isinstance(node, ast.GeneratorExp):
            acts, as_object = lazy.acts(node), not eager or lazy.acts(node)
        else:
            acts = as_object = over_acting
        inside = assigned_names(node) and self.lambdas
        simple = all(is_simple(clause.target) for clause in node.generators)
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
        """Move a comprehension into a function, all but its first iterable."""
        name, targets = new_name(), set(target_names(node))
        inner = scope | targets
        used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        captured = sorted((scope - targets) & used)
        start, end = self.source.extent(node)
        first = node.generators[0].iter

        def part(expression: ast.expr) -> Fed:
            outside, self.edits = self.edits, []
            self.visit(expression, inner)
            fed = self.source.fed(*self.source.extent(expression), self.edits)
            self.edits = outside
            return fed

        pad = self.function.pad if self.function is not None else ""
        self.leads.append(definition(node, name, captured, part, start, pad))
        whole = _BUILDERS.get(type(node), "")
        begin, stop = self.source.extent(first)
        self.edits.append(Edit(start, begin, f"{whole}({name}({PRIVATE}iter(("))
        self.visit(first, scope)
        self.edits.append(Edit(stop, end, f")){''.join(f', {name}' for name in captured)}))"))

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

    def indent(self, node: ast.stmt) -> str:
        """What stands before a statement on its line."""
        line, column = self.source.position(self.source.extent(node)[0])
        return self.source.lines[line - 1][:column]

    def wrapped(self, node: ast.expr, scope: frozenset[str], by: str, more: str = "") -> None:
        start, end = self.source.extent(node)
        self.insert(start, f"({PRIVATE}{by}(")
        self.visit(node, scope)
        self.insert(end, f"{more}))")

    def rename(self, function: ast.expr, name: str) -> None:
        start, end = self.source.extent(function)
        self.edits.append(Edit(start, end, f"{PRIVATE}{name}"))

    def insert(self, at: int, text: str) -> None:
        self.edits.append(Edit(at, at, text))

    def deletion(self, target: ast.expr) -> str:
        if isinstance(target, ast.Name):
            self.leads.append(joined([_DELETE.format(p=PRIVATE, name=target.id)], 0))
            return f"{target.id}; {PRIVATE}del_{target.id}()"
        assert isinstance(target, ast.Subscript), "the rules let nothing else through"
        if isinstance(target.slice, ast.Slice):
            return f"{ast.unparse(target)} = []"
        return f"{ast.unparse(target.value)}.pop({ast.unparse(target.slice)})"

    def refuse(self, node: ast.expr, where: str) -> None:
        shown = as_loop(node) if isinstance(node, ast.GeneratorExp | ast.ListComp) else ""
        advice = f"write the loop instead:\n{shown}" if shown else "write a `for` loop over the items instead"
        rule = f"`{ast.unparse(node)}` acts, and can't stop between two items {where}; {advice}"
        raise RuleBroken(node.lineno, rule, node.col_offset)
