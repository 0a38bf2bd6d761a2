"""Functions that generated code defines: checks of their bodies, and their names.

Only the code of some agents may define functions. A `def` is one statement that is fed whole. When the
function is called, its body is executed as part of the calling statement.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from recode_core import syntax
from recode_core.statements.names import PRIVATE, TOOLS, bound_names
from recode_core.statements.rules import RuleBroken

LAST_EDITION_WITHOUT_FUNCTIONS = 2
"""The last edition in which code could not define functions."""

DECLARED = f"{PRIVATE}globals"
"""The dict in the sandbox with the names that functions declare global, if functions are allowed."""

FUNCTIONS_GIVEN = f"{DECLARED} = {{}}\n"
"""The code that is run first if functions are allowed."""

_Inside = ast.Return | ast.Global | ast.Nonlocal


def check_functions(tree: ast.Module, text: str) -> frozenset[int]:
    """Check function definitions. Returns the statements that are allowed with them, by identity.

    These are the definitions, and `return`, `global` and `nonlocal` inside. Raises RuleBroken for statements
    that a function may not contain, and for invalid scopes of names.
    """
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        _check_parameters(function)
        for node in ast.walk(function):
            _check_part(node)
    if functions:
        _check_scopes(text)
    inside = (node for function in functions for node in ast.walk(function) if isinstance(node, _Inside))
    return frozenset(map(id, (*functions, *inside)))


def defines_function(node: ast.AST) -> bool:
    """Whether a statement defines a function, at any depth."""
    return any(isinstance(part, ast.FunctionDef) for part in ast.walk(node))


def own_scope(function: ast.FunctionDef) -> set[str]:
    """The local names of a function: its parameters and the names that its body binds."""
    parts = list(_own_parts(function))
    declared = {name for part in parts if isinstance(part, ast.Global | ast.Nonlocal) for name in part.names}
    bound = {name for statement in function.body for name in bound_names(statement)}
    return (bound | {argument.arg for argument in _parameters(function)}) - declared


def global_names(node: ast.AST) -> tuple[str, ...]:
    """The global names that functions in a statement may bind."""
    return tuple(
        dict.fromkeys(name for part in ast.walk(node) if isinstance(part, ast.Global) for name in part.names)
    )


def _parameters(function: ast.FunctionDef) -> list[ast.arg]:
    args = function.args
    every = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
    return [argument for argument in every if argument is not None]


def _own_parts(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The parts of a function's body, without those of nested functions."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        part = pending.pop()
        yield part
        if not isinstance(part, ast.FunctionDef):
            pending += ast.iter_child_nodes(part)


def _check_parameters(function: ast.FunctionDef) -> None:
    for argument in _parameters(function):
        _check_name(argument.arg, argument)
    if getattr(function, "type_params", None):
        raise RuleBroken(function.lineno, "type parameters are not supported", function.col_offset)


def _check_part(node: ast.AST) -> None:
    match node:
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            for name in names:
                _check_name(name, node)
        case ast.Yield() | ast.YieldFrom():
            rule = "`yield` is not allowed; collect the items in a list and return it"
            raise RuleBroken(node.lineno, rule, node.col_offset)
        case ast.Name(id=name, ctx=ast.Del()):
            rule = f"`del {name}` is not supported inside a function; give it another value"
            raise RuleBroken(node.lineno, rule, node.col_offset)
        case ast.Call(func=ast.Name(id="locals" | "globals" | "vars" as name)):
            rule = f"`{name}()` is not supported inside a function; keep the values in a dict"
            raise RuleBroken(node.lineno, rule, node.col_offset)


def _check_name(name: str, node: ast.arg | ast.stmt) -> None:
    if name in TOOLS:
        rule = f"`{name}` is a tool and can't be assigned to; choose another name"
        raise RuleBroken(node.lineno, rule, node.col_offset)
    if name.startswith(PRIVATE):
        raise RuleBroken(node.lineno, f"names that begin with `{PRIVATE}` are the engine's", node.col_offset)


def _check_scopes(text: str) -> None:
    """Raise RuleBroken for an invalid scope, such as a `nonlocal` name that no enclosing function binds."""
    try:
        syntax.check_scopes(text)
    except SyntaxError as error:
        column = max(0, (error.offset or 1) - 1)
        raise RuleBroken(error.lineno or 0, f"syntax error: {error.msg}", column) from None
