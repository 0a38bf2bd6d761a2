"""Source rewrites of everyday idioms, from the fourth edition on.

These are methods as values (`key=d.get`, `map(str.strip, xs)`), methods that the sandbox lacks or implements
differently (`translate`, `sub` with a function, `format`), `getattr` and the like, format specs, and
iterators that are stored in a variable before their items act.
"""

from __future__ import annotations

import ast

from recode_core.source import Edit
from recode_core.statements import methods
from recode_core.statements.lazy_iterators import LazyIterators
from recode_core.statements.library_modules import REGEX, import_text
from recode_core.statements.names import BUILTINS, PRIVATE, TOOLS
from recode_core.statements.statement_rewriter import StatementRewriter
from recode_core.statements.syntax_traits import is_text

PATCHED = frozenset({
    "format", "format_map", "translate", "maketrans", "difference_update", "intersection_update",
    "symmetric_difference_update", "is_integer", "bit_length", "bit_count", "as_integer_ratio", "conjugate",
    "issuperset", "isdisjoint", "index", "count", "start", "end", "span",
})  # fmt: skip
"""Methods that the sandbox lacks or implements differently; the engine's own are called instead."""

_OF_MANY = frozenset({"union", "intersection", "difference", "update"})
"""Methods that take any number of arguments in CPython, and one in the sandbox."""

_NATIVE = frozenset({"fromkeys", "fromhex"})
"""Methods on types that the sandbox has."""

_HARMLESS = (
    ast.Name, ast.Constant, ast.Tuple, ast.List, ast.Lambda, ast.keyword, ast.expr_context, ast.JoinedStr,
    ast.FormattedValue,
)  # fmt: skip
"""Expressions whose evaluation cannot fail or have an effect."""

_NUMBER_PARTS = frozenset({"real", "imag", "numerator", "denominator"})
_PARTS = _NUMBER_PARTS | {"args", "__class__", "__getitem__", "__contains__", "__len__"}
"""Attributes that are supported although they are no public methods."""

_CALL = f"lambda {PRIVATE}o, *{PRIVATE}a, **{PRIVATE}k: {PRIVATE}o.{{name}}(*{PRIVATE}a, **{PRIVATE}k)"
"""A function that calls a method. No keyword argument has the names of its parameters."""

_HAVING = f"{PRIVATE}lib_values_having"

_BUILTINS = {"getattr": "lookups", "hasattr": "lookups", "callable": "values", "format": "values"}
"""Builtins that the engine implements itself, and the library with each."""


class IdiomRewriter(StatementRewriter):
    """Rewrites idioms that models use every day and that the sandbox does not support."""

    def visit(self, node: ast.AST, scope: frozenset[str], eager: bool = False) -> None:
        lazy = LazyIterators(self.shadowed, scope)
        match node:
            case ast.Attribute(ctx=ast.Load(), attr=name) if by := _helper_of_value(name):
                self.member(node, scope, by)
            case ast.FormattedValue(conversion=-1, format_spec=ast.JoinedStr() as spec, value=value):
                self.wrapped(value, scope, "lib_values_formattable", self.spec_of(spec))
                self.visit(spec, scope)
            case ast.Set(elts=items):
                for item in items:
                    given = item.value if isinstance(item, ast.Starred) else None
                    if given and (lazy.acts(given) or self.may_be_iterator(given, scope)):
                        self.wrapped(given, scope, "set")  # items are consumed up to the first unhashable one
                    else:
                        self.visit(item, scope)
            case ast.Starred(ctx=ast.Load(), value=value) if self.may_be_iterator(value, scope):
                self.wrapped(value, scope, "items")
            case ast.Assign(targets=[ast.Tuple() | ast.List() as target], value=value) if (
                self.may_be_iterator(value, scope) and not lazy.acts(value)
            ):
                self.unpacked(target, value, scope)
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) as made) if name in BUILTINS:
                self.raised(node, name, made, scope)
            case ast.pattern():
                pass  # patterns contain no expressions to rewrite
            case ast.Import() | ast.ImportFrom() if text := import_text(node):
                self.edits.append(Edit(*self.source.extent(node), text))
            case ast.Name(id="IOError" | "EnvironmentError" as name, ctx=ast.Load()) if lazy.builtin(node):
                self.edits.append(Edit(*self.source.extent(node), "OSError"))
            case _:
                super().visit(node, scope, eager)

    def call(self, node: ast.Call, scope: frozenset[str], lazy: LazyIterators, eager: bool) -> None:
        name = lazy.builtin(node.func)
        if name in _BUILTINS:
            self.rename(node.func, f"lib_{_BUILTINS[name]}_{name}_")
        if name == "map" and node.args:
            self.tool_as_function(node.args[0])
        if isinstance(node.func, ast.Attribute) and self.takes_iterator(node, node.func, scope, lazy):
            self.given_items(node, node.func, scope)
        else:
            super().call(node, scope, lazy, eager)

    def takes_iterator(
        self, node: ast.Call, function: ast.Attribute, scope: frozenset[str], lazy: LazyIterators
    ) -> bool:
        """Whether a method call consumes all items of its argument, which may be an iterator that acts."""
        if len(node.args) != 1 or node.keywords or function.attr not in ("extend", "update", "join"):
            return False
        if isinstance(function.value, ast.Name) and lazy.builtin(function.value):
            return False
        return lazy.acts(node.args[0]) or self.may_be_iterator(node.args[0], scope)

    def given_items(self, node: ast.Call, function: ast.Attribute, scope: frozenset[str]) -> None:
        of, items = function.value, node.args[0]
        helper = "extend" if function.attr == "extend" else f"lib_values_{function.attr}"
        before, between = f"{PRIVATE}{helper}((", "), ("
        if not _is_harmless(items) and not _is_certain(function):
            before, between = f"{PRIVATE}{helper}({_HAVING}((", f"), {function.attr!r}), ("
        self.two_arguments(node, before, of, items, "))", scope, between)

    def callee(self, node: ast.Call, scope: frozenset[str]) -> None:
        function = node.func
        if not isinstance(function, ast.Attribute):
            self.visit(function, scope)
        elif by := self.helper_of(node, function, scope):
            self.member(function, scope, by)
        else:
            self.children(function, scope)

    def helper_of(self, node: ast.Call, function: ast.Attribute, scope: frozenset[str]) -> str:
        """The engine's function through which a method is called; empty if it is called directly."""
        name, of, args = function.attr, function.value, node.args
        lazy = LazyIterators(self.shadowed, scope)
        if name == "split":
            is_plain = isinstance(of, ast.Constant | ast.JoinedStr) or not args or is_text(args[0])
            if (isinstance(of, ast.Name) and of.id == "re") or not is_plain:
                return "lib_regex_of"
        elif name in REGEX:
            return "lib_regex_of"
        is_many = name in _OF_MANY and (len(args) != 1 or isinstance(args[0], ast.Starred))
        is_type = lazy.builtin(of) in methods.TYPES or (
            isinstance(of, ast.Call) and lazy.builtin(of.func) == "type"
        )
        is_of_type = is_type and name in methods.NAMES - _NATIVE
        return "lib_values_member" if name in PATCHED | _PARTS or is_many or is_of_type else ""

    def must_wait(self, argument: ast.AST, lazy: LazyIterators) -> bool:
        return not _is_harmless(argument)

    def look_up_first(self, node: ast.Call, scope: frozenset[str]) -> None:
        function = node.func
        if not isinstance(function, ast.Attribute):
            super().look_up_first(node, scope)
        elif not self.helper_of(node, function, scope) and not _is_certain(function):
            start, end = self.source.extent(function)
            begin, stop = self.source.extent(function.value)
            self.edits.append(Edit(start, begin, f"{_HAVING}(("))
            self.edits.append(Edit(stop, end, f"), {function.attr!r}).{function.attr}"))

    def may_be_iterator(self, node: ast.expr, scope: frozenset[str]) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id not in TOOLS and not LazyIterators(self.shadowed, scope).builtin(node.func)
        return isinstance(node, ast.Name)

    def member(self, node: ast.Attribute, scope: frozenset[str], by: str) -> None:
        """Rewrite an attribute. Whether it is a method is decided when it is evaluated."""
        start, end = self.source.extent(node)
        begin, stop = self.source.extent(node.value)
        self.edits.append(Edit(start, begin, f"{PRIVATE}{by}(("))
        self.visit(node.value, scope)
        name = node.attr
        call = f", {_CALL.format(name=name)}" if name in methods.NAMES else ""
        self.edits.append(Edit(stop, end, f"), {name!r}{call})"))

    def spec_of(self, spec: ast.JoinedStr) -> str:
        """The argument for a format spec: its only part if that is a name, `''` if it is empty, else none."""
        match spec.values:
            case []:
                return ", ''"
            case [ast.FormattedValue(value=ast.Name(id=name), conversion=-1, format_spec=None)]:
                return f", {name}"
        return ""

    def raised(self, node: ast.Raise, name: str, made: ast.Call, scope: frozenset[str]) -> None:
        """Rewrite the creation of an exception to one with a single string."""
        args, helper = made.args, f"{PRIVATE}lib_values_raised_text({name!r}, "
        if made.keywords or not args or (len(args) == 1 and is_text(args[0])):
            self.children(node, scope)
            return
        begin = self.source.text.index("(", self.source.extent(made.func)[1])
        end, is_bare = self.source.extent(made)[1], self.source.extent(args[0])[0] == begin
        # A generator without parentheses of its own shares those of the call.
        self.insert(begin if is_bare else begin + 1, f"({helper}" if is_bare else helper)
        self.children(node, scope)
        self.insert(end if is_bare else end - 1, "))" if is_bare else ")")

    def unpacked(self, target: ast.Tuple | ast.List, value: ast.expr, scope: frozenset[str]) -> None:
        self.visit(target, scope)
        starred = any(isinstance(part, ast.Starred) for part in target.elts)
        self.wrapped(value, scope, "unpack", f", {None if starred else len(target.elts)}")

    def tool_as_function(self, node: ast.expr) -> None:
        """Rewrite `run` as the function of a `map`."""
        if isinstance(node, ast.Name) and node.id in TOOLS:
            start, end = self.source.extent(node)
            self.edits.append(Edit(start, end, f"(lambda {PRIVATE}a: {node.id}({PRIVATE}a))"))


def _helper_of_value(name: str) -> str:
    """The engine's function for an attribute that is not called; empty if it is read directly."""
    if name in REGEX or name == "pattern":
        return "lib_regex_of"
    return "lib_values_member" if name in methods.NAMES or name in _PARTS else ""


def _is_harmless(node: ast.AST) -> bool:
    pending = [node]
    while pending:
        part = pending.pop()
        if not isinstance(part, _HARMLESS) or getattr(part, "format_spec", None) is not None:
            return False
        if not isinstance(part, ast.Lambda):
            pending += ast.iter_child_nodes(part)
    return True


def _is_certain(function: ast.Attribute) -> bool:
    """Whether a method certainly exists, because it is called on a literal."""
    match function.value:
        case ast.JoinedStr() | ast.Constant(value=str()):
            return function.attr in methods.METHODS["str"]
        case ast.List() | ast.ListComp():
            return function.attr in methods.METHODS["list"]
        case ast.Dict() | ast.DictComp():
            return function.attr in methods.METHODS["dict"]
    return False
