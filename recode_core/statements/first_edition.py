"""The source rewrites of the first edition, in which generator expressions are lists.

They are kept so that sessions recorded with it are replayed as they ran.
"""

from __future__ import annotations

import ast

from recode_core.source import Edit, Source
from recode_core.statements.names import BUILTINS
from recode_core.statements.syntax_traits import is_text

_LISTS = frozenset({"map", "filter", "zip", "enumerate", "reversed"})
"""Builtins whose result is a list in the sandbox, so that `next` rejects it."""


def first_edition_edits(tree: ast.AST, source: Source) -> list[Edit]:
    """Edits for `next(<generator>)`, `raise X(5)` and `del`, which the sandbox does not support."""
    edits: list[Edit] = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="next"), args=[ast.GeneratorExp() as lazy, *_]):
                edits += _as_iterator(node, lazy, source)
            case ast.Call(func=ast.Name(id="next"), args=[ast.Call(func=ast.Name(id=name)) as lazy, *_]):
                edits += _as_iterator(node, lazy, source) if name in _LISTS else []
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name), args=[_, *_] as args, keywords=[])):
                edits += with_text(args, source) if name in BUILTINS else []
            case ast.Delete(targets=targets):
                edits.append(Edit(*source.extent(node), "; ".join(_deletion(t) for t in targets)))
    return edits


def _as_iterator(call: ast.Call, lazy: ast.expr, source: Source) -> list[Edit]:
    start, end = source.extent(lazy)
    if end == source.extent(call)[1]:  # next(x for x in y): generator and call share the parentheses
        return [Edit(start, start, "(__rc_iter"), Edit(end, end, ")")]
    return [Edit(start, start, "__rc_iter("), Edit(end, end, ")")]


def with_text(args: list[ast.expr], source: Source) -> list[Edit]:
    """Edits that join an exception's arguments to one string; the sandbox accepts only one."""
    if any(isinstance(arg, ast.Starred) for arg in args) or (len(args) == 1 and is_text(args[0])):
        return []
    start, end = source.extent(args[0])[0], source.extent(args[-1])[1]
    many = len(args) > 1
    return [Edit(start, start, "__rc_str((" if many else "__rc_str("), Edit(end, end, "))" if many else ")")]


def _deletion(target: ast.expr) -> str:
    """The replacement of `del`. The executor hides a deleted name; here its value is released."""
    if isinstance(target, ast.Name):
        return f"{target.id}; {target.id} = None"
    assert isinstance(target, ast.Subscript), "check_rules refuses other targets"
    value = ast.unparse(target.value)
    if isinstance(target.slice, ast.Slice):
        return f"{ast.unparse(target)} = []"
    return f"{value}.pop({ast.unparse(target.slice)})"
