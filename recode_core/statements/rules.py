"""The rules for generated code. They are checked before any of it runs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Set
from typing import NamedTuple

from recode_core.errors import RecodeError
from recode_core.statements.generators import Comprehension
from recode_core.statements.library_modules import LIBRARIES
from recode_core.statements.names import (
    BUILTINS,
    MODULES,
    PRIVATE,
    TOOLS,
    bound_names,
    local_names,
    opens_scope,
    own_names,
)


class RuleBroken(RecodeError):
    """Code is refused because it breaks `rule` at `line` (from 1; 0 if unknown) and `column` (from 0)."""

    def __init__(self, line: int, rule: str, column: int = 0) -> None:
        super().__init__(f"line {line}: {rule}" if line else rule)
        self.line = line
        self.column = column
        self.rule = rule


class UndefinedCall(NamedTuple):
    """A call of an undefined bare name. `refusal` is the reason why it cannot be a placeholder, or empty."""

    node: ast.Call
    name: str
    refusal: str


_FORBIDDEN: dict[type[ast.AST], str] = {
    ast.FunctionDef: "`def` is not allowed; write the steps, or call a function that is to be expanded later",
    ast.AsyncFunctionDef: "`async def` is not allowed",
    ast.ClassDef: "`class` is not allowed; use a dict",
    ast.Return: "`return` is not allowed: an expansion is not a function, assign the result to its variable",
    ast.Yield: "`yield` is not allowed",
    ast.YieldFrom: "`yield` is not allowed",
    ast.Await: "`await` is not allowed; `run(…)` returns its observation",
    ast.AsyncFor: "`async for` is not allowed",
    ast.AsyncWith: "`async with` is not allowed",
    ast.Global: "`global` is not needed: all variables are in one namespace",
    ast.Nonlocal: "`nonlocal` is not allowed",
    ast.TryStar: "`except*` is not allowed",
}
_PRIVATE_RULE = f"names that begin with `{PRIVATE}` are the engine's"
_PLACED = (ast.stmt, ast.expr, ast.alias, ast.ExceptHandler, ast.pattern)
_CONDITIONAL = "it may not be evaluated, or not once: assign it to a variable first, on a line of its own"


LAST_EDITION_WITHOUT_IDIOMS = 3
"""The last edition in which methods could not be values and only the sandbox's own modules were available."""

_BoundNames = Callable[[ast.AST], Iterator[str]]


def check_rules(tree: ast.Module, edition: int, allowed: Set[int] = frozenset()) -> None:
    """Raise RuleBroken at the first statement that an expansion may not contain.

    `allowed` are statements, by identity, that are allowed nevertheless. In the first edition, the error for
    a name that may not be bound is at the outermost statement around it.
    """
    binds = bound_names if edition == 1 else own_names
    if not tree.body:
        raise RuleBroken(0, "there is no statement; write at least one")
    modules = MODULES | LIBRARIES.keys() if edition > LAST_EDITION_WITHOUT_IDIOMS else MODULES
    for node in _in_order(tree):
        if (rule := _broken_rule(node, binds, id(node) in allowed, modules)) is not None:
            raise RuleBroken(getattr(node, "lineno", 0), rule, getattr(node, "col_offset", 0))
    _check_jumps(tree.body, in_loop=False)


def _in_order(tree: ast.AST) -> Iterator[ast.AST]:
    found = [node for node in ast.walk(tree) if isinstance(node, _PLACED)]
    called = {id(node.func) for node in found if isinstance(node, ast.Call)}
    found = [node for node in found if not (id(node) in called and _is_tool(node))]
    return iter(sorted(found, key=lambda node: (node.lineno, node.col_offset)))


def _is_async(node: Comprehension) -> bool:
    return any(generator.is_async for generator in node.generators)


def _is_tool(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in TOOLS


def _broken_rule(node: ast.AST, binds: _BoundNames, is_allowed: bool, modules: Set[str]) -> str | None:
    match node:
        case ast.Name(id="exec" | "eval" | "compile" | "__import__" as name):
            return f"`{name}` is not allowed: write the code itself"
        case ast.Name(id=name, ctx=ast.Load() | ast.Del()) if name in TOOLS and not is_allowed:
            return f'`{name}` may only be called, as in {name}("…")'
        case ast.Name(id=name) if name.startswith(PRIVATE):
            return _PRIVATE_RULE
        case ast.Name():
            return _rebinding(node, binds)
        case ast.ImportFrom(names=[ast.alias(name="*")]):
            return "`import *` is not allowed; name what you import"
        case ast.Import(names=aliases):
            missing = (rule for alias in aliases if (rule := _missing_module(alias.name, modules)))
            return next(missing, _rebinding(node, binds))
        case ast.ImportFrom(module=module):
            return _missing_module(module or ".", modules) or _rebinding(node, binds)
        case ast.Delete(targets=targets) if not all(map(_can_delete, targets)):
            return "`del` of this is not supported; delete names, items and plain slices one by one"
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp() if _is_async(node):
            return "asynchronous comprehensions are not allowed"
        case ast.stmt() | ast.NamedExpr() | ast.ExceptHandler() | ast.pattern():
            return (None if is_allowed else _FORBIDDEN.get(type(node))) or _rebinding(node, binds)
    return _FORBIDDEN.get(type(node))


def _can_delete(target: ast.expr) -> bool:
    if isinstance(target, ast.Subscript):
        return not (isinstance(target.slice, ast.Slice) and target.slice.step)
    return isinstance(target, ast.Name)


def _missing_module(name: str, modules: Set[str]) -> str | None:
    top = name.partition(".")[0]
    if top in modules:
        return None
    return f"module `{name}` is not available; there are {', '.join(sorted(modules))}"


def _rebinding(node: ast.AST, binds: _BoundNames) -> str | None:
    for name in binds(node):
        if name in TOOLS:
            return f"`{name}` is a tool and can't be assigned to; choose another name"
        if name.startswith(PRIVATE):
            return _PRIVATE_RULE
    return None


def _check_jumps(body: list[ast.stmt], in_loop: bool) -> None:
    for node in body:
        if isinstance(node, ast.Break | ast.Continue) and not in_loop:
            word = type(node).__name__.lower()
            raise RuleBroken(node.lineno, f"`{word}` is outside a loop", node.col_offset)
        loops = isinstance(node, ast.For | ast.While)
        for name in ("body", "orelse", "finalbody"):
            goes_on = in_loop and not isinstance(node, ast.FunctionDef)
            _check_jumps(getattr(node, name, []), in_loop=(loops and name == "body") or goes_on)
        for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            _check_jumps(part.body, in_loop)


def check_block(node: ast.stmt) -> None:
    """Raise RuleBroken for a part that a block which is fed whole may not contain."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Del):
            where = type(node).__name__.lower()
            rule = f"`del` of a name is not supported inside `{where}`; put it after"
            raise RuleBroken(part.lineno, rule, part.col_offset)


def undefined_calls(node: ast.AST, defined: Set[str]) -> list[UndefinedCall]:
    """The outermost calls of undefined bare names, in source order.

    `defined` are the names of the namespace. Builtins, tools, names that `node` itself binds, and local names
    of a lambda or comprehension count as defined, too.
    """
    names = {n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    undefined = names - defined - BUILTINS - TOOLS
    if not undefined:
        return []
    found = list[UndefinedCall]()
    _find_calls(node, undefined - set(bound_names(node)), "", found)
    return sorted(found, key=lambda call: (call.node.lineno, call.node.col_offset))


def _find_calls(node: ast.AST, undefined: set[str], refusal: str, found: list[UndefinedCall]) -> None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in undefined:
        found.append(UndefinedCall(node, node.func.id, refusal))
        return
    if opens_scope(node):
        undefined = undefined - local_names(node)
    for child, why in _children(node):
        _find_calls(child, undefined, refusal or why, found)


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """The parts of `node`, each with the reason why a placeholder in it is refused, or an empty text."""
    match node:
        case ast.Lambda(args=args, body=body):
            yield from (
                (default, "") for default in (*args.defaults, *args.kw_defaults) if default is not None
            )
            yield body, f"a placeholder is not allowed in a lambda: {_CONDITIONAL}"
        case ast.BoolOp(op=op, values=[first, *rest]):
            word = "and" if isinstance(op, ast.And) else "or"
            yield first, ""
            yield from (
                (value, f"a placeholder is not allowed after `{word}`: {_CONDITIONAL}") for value in rest
            )
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield test, ""
            for part in (body, orelse):
                yield part, f"a placeholder is not allowed in a branch of `… if … else …`: {_CONDITIONAL}"
        case ast.Compare(left=left, comparators=[first, *rest]):
            yield from ((left, ""), (first, ""))
            yield from (
                (part, f"a placeholder is not allowed late in a chained comparison: {_CONDITIONAL}")
                for part in rest
            )
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            yield node.generators[0].iter, ""
            refusal = f"a placeholder is not allowed in a comprehension: {_CONDITIONAL}"
            yield from ((part, refusal) for part in _comprehension_parts(node))
        case _:
            yield from ((child, "") for child in ast.iter_child_nodes(node))


def _comprehension_parts(node: Comprehension) -> Iterator[ast.AST]:
    """The parts of a comprehension that are evaluated for each item: all but its first iterable."""
    yield from (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
    yield from (part for generator in node.generators for part in generator.ifs)
    yield from (generator.iter for generator in node.generators[1:])
