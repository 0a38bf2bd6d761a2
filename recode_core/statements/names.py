"""The names that a statement binds, deletes and reads, and the names that are always defined."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

TOOLS = frozenset({"run"})
"""Functions that the sandbox offers to generated code."""

PRIVATE = "__rc_"
"""The prefix of the engine's own names in the sandbox."""

BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) | {"__import__", "__name__"}
"""Python's builtins. Those that the interpreter lacks raise NameError; none is a placeholder."""

MODULES = frozenset(
    [
        "re",
        "json",
        "math",
        "collections",
        "itertools",
        "random",
        "datetime",
        "time",
        "sys",
        "functools",
        "typing",
        "dataclasses",
        "copy",
        "bisect",
        "decimal",
        "csv",
        "tomllib",
        "binascii",
        "base64",
        "hashlib",
        "unicodedata",
        "pathlib",
    ]
)
"""Harmless modules that the sandbox has (a test checks them)."""

_PURE_CALLS = frozenset(
    {"run", "len", "str", "int", "float", "bool", "repr", "print", "range", "abs", "round", "type"}
)
_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def bound_names(node: ast.AST) -> Iterator[str]:
    """The names that running `node` may bind in the namespace, in source order."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield from own_names(node)
        match node:
            case ast.Lambda():
                pass
            case ast.FunctionDef(args=args, decorator_list=decorators):
                defaults = [*args.defaults, *(default for default in args.kw_defaults if default)]
                pending += reversed([*decorators, *defaults])
            case ast.comprehension(iter=iterable, ifs=ifs):
                pending += [*reversed(ifs), iterable]
            case _:
                pending += reversed(list(ast.iter_child_nodes(node)))


def own_names(node: ast.AST) -> Iterator[str]:
    """The names that `node` itself binds, without those of its parts."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in aliases)
        case ast.FunctionDef(name=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name


def unbound_names(node: ast.AST) -> Iterator[str]:
    """The names that running `node` may delete: by `del`, or where an `except … as name` ends."""
    pending = [node]
    while pending:
        part = pending.pop()
        match part:
            case ast.Name(id=name, ctx=ast.Del()) | ast.ExceptHandler(name=str(name)):
                yield name
        if not isinstance(part, ast.FunctionDef):  # its names are local
            pending += reversed(list(ast.iter_child_nodes(part)))


def mentioned_names(node: ast.AST) -> tuple[str, ...]:
    """The names that `node` reads, without those of functions it calls, in source order."""
    called = {id(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
    found = [n for n in ast.walk(node) if isinstance(n, ast.Name) and id(n) not in called]
    found = [n for n in found if isinstance(n.ctx, ast.Load | ast.Del) or _is_augmented(node, n)]
    found.sort(key=lambda n: (n.lineno, n.col_offset))
    return tuple(dict.fromkeys(n.id for n in found))


def _is_augmented(node: ast.AST, name: ast.Name) -> bool:
    return isinstance(node, ast.AugAssign) and node.target is name


def may_mutate(node: ast.AST) -> bool:
    """Whether running `node` may change a value in place, which other names may refer to."""
    for part in ast.walk(node):
        match part:
            case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
                return True
            case ast.AugAssign():
                return True
            case ast.Call(func=ast.Name(id=name)) if name in _PURE_CALLS:
                pass
            case ast.Call(func=ast.Attribute(value=ast.Constant() | ast.JoinedStr())):
                pass
            case ast.Call():
                return True
    return False


def is_pure(node: ast.expr) -> bool:
    """Whether `node` may be evaluated twice, or a little early."""
    allowed = (
        ast.Name,
        ast.Constant,
        ast.Compare,
        ast.BoolOp,
        ast.UnaryOp,
        ast.JoinedStr,
        ast.FormattedValue,
    )
    quiet = (ast.expr_context, ast.cmpop, ast.boolop, ast.unaryop)
    return all(isinstance(part, (*allowed, *quiet)) for part in ast.walk(node))


def opens_scope(node: ast.AST) -> bool:
    """Whether `node` has local names of its own."""
    return isinstance(node, _SCOPES)


def local_names(node: ast.AST) -> set[str]:
    """The names that are local to a lambda or a comprehension."""
    match node:
        case ast.Lambda(args=args):
            every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
            return {a.arg for a in every if a is not None}
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
    return set()
