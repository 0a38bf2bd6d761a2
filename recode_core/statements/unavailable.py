"""Features of Python that the sandbox lacks. Code is refused before it runs, with advice on what to write."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set

from recode_core.statements.library_modules import LIBRARIES
from recode_core.statements.names import TOOLS
from recode_core.statements.rules import RuleBroken

_ENDS = "the code ends with its last statement: put what is to be left out under an `if`"
_NO_NAMESPACE = "keep the values in a dict"
_EXCEPTIONS = (
    "BaseExceptionGroup", "BlockingIOError", "BrokenPipeError", "BufferError", "BytesWarning",
    "ChildProcessError", "ConnectionAbortedError", "ConnectionError", "ConnectionRefusedError",
    "ConnectionResetError", "DeprecationWarning", "EOFError", "EncodingWarning", "ExceptionGroup",
    "FloatingPointError", "FutureWarning", "GeneratorExit", "ImportWarning", "IndentationError",
    "InterruptedError", "PendingDeprecationWarning", "ProcessLookupError", "ReferenceError",
    "ResourceWarning", "RuntimeWarning", "StopAsyncIteration", "SyntaxWarning", "SystemError", "TabError",
    "UnicodeError", "UnicodeTranslateError", "UnicodeWarning", "UserWarning", "Warning",
)  # fmt: skip

_DUNDERS = frozenset({"__class__", "__name__", "__getitem__", "__contains__", "__len__"})
BUILTINS: dict[str, str] = {
    "input": 'nobody answers; act with `run("…")`, which returns what is observed',
    "open": "there are no files; keep the text in a variable",
    "exit": _ENDS,
    "quit": _ENDS,
    "breakpoint": "print what you want to see",
    "help": "print what you want to see",
    "vars": _NO_NAMESPACE,
    "dir": _NO_NAMESPACE,
    "globals": _NO_NAMESPACE,
    "bytearray": "use bytes or a list of numbers",
    "memoryview": "slice the bytes themselves",
    "ascii": "use repr(…)",
    "issubclass": "compare the types with `==` or `in`",
    "delattr": _NO_NAMESPACE,
    **dict.fromkeys(_EXCEPTIONS, "catch Exception"),
}
"""Unavailable builtins, with the advice for each."""

ATTRIBUTES: dict[tuple[str, str], str] = {
    ("sys", "exit"): _ENDS,
    ("collections", "OrderedDict"): "a dict keeps its order: use {}",
}
"""Unavailable attributes of modules, with the advice for each."""


def check_available(tree: ast.Module, defined: Set[str]) -> None:
    """Raise RuleBroken at the first use of an unavailable feature; `defined` names mean something else."""
    own = set(_bound(tree)) | defined
    aliases = dict(_module_names(tree))
    placed = (node for node in ast.walk(tree) if isinstance(node, ast.expr | ast.stmt))
    found = [(node.lineno, node.col_offset, why) for node in placed if (why := _refusal(node, own, aliases))]
    if found:
        line, column, why = min(found)
        raise RuleBroken(line, why, column)


def run_in_map(tree: ast.Module, defined: Set[str]) -> Iterator[int]:
    """The names of tools, by identity, that are the function argument of a `map`."""
    if "map" in defined or "map" in set(_bound(tree)):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="map"), args=[ast.Name(id=name) as tool, _, *_]) if name in TOOLS:
                yield id(tool)


def _refusal(node: ast.AST, own: Set[str], aliases: dict[str, str]) -> str:
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name in BUILTINS and name not in own:
            return f"`{name}` is not available; {BUILTINS[name]}"
        case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Load()) if name in aliases:
            return _missing(aliases[name], attribute)
        case ast.Attribute(attr=name, ctx=ast.Load()) if name.startswith("__") and name not in _DUNDERS:
            return f"`{name}` is not available; write the operator or the builtin that it stands for"
        case ast.ImportFrom(module=str(module), names=names):
            return next((why for alias in names if (why := _missing(module, alias.name))), "")
    return ""


def _missing(module: str, attribute: str) -> str:
    if (instead := ATTRIBUTES.get((module, attribute))) is not None:
        return f"`{module}.{attribute}` is not available; {instead}"
    if module in LIBRARIES and attribute not in LIBRARIES[module]:
        return f"`{module}.{attribute}` is not available; there are {', '.join(LIBRARIES[module])}"
    return ""


def _module_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The names that refer to modules: those that need no import, and those that the code imports."""
    yield from ((module, module) for module, _ in ATTRIBUTES)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name, alias.name) for alias in node.names)


def _bound(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                yield name
