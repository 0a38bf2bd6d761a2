"""Python's parser, for programs with more than one thread.

In CPython 3.11 and 3.12 the parser keeps its depth in a variable that all threads share
(python/cpython#106905): two concurrent calls of `ast.parse` can raise `SystemError: AST constructor
recursion depth mismatch`. Its warnings about escapes use the filters of the whole process. So all code in
this project that parses Python calls this module, which parses one text at a time.
"""

from __future__ import annotations

import ast
import symtable
import threading
import warnings
from typing import Literal, overload

_LOCK = threading.Lock()


@overload
def parse(text: str, mode: Literal["exec"] = "exec") -> ast.Module: ...


@overload
def parse(text: str, mode: Literal["eval"]) -> ast.Expression: ...


def parse(text: str, mode: Literal["exec", "eval"] = "exec") -> ast.Module | ast.Expression:
    """`ast.parse`, from any thread and without warnings.

    Raises what `ast.parse` raises: SyntaxError; ValueError for a null byte or a surrogate; MemoryError or
    RecursionError where the text is nested too deeply.
    """
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text) if mode == "exec" else ast.parse(text, mode="eval")


def check_scopes(text: str) -> None:
    """Raise SyntaxError for an invalid scope, such as a `nonlocal` name that no enclosing function binds.

    `ast.parse` does not check scopes. The other errors are those of `parse`.
    """
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        symtable.symtable(text, "<code>", "exec")


def literal(text: str) -> object:
    """`ast.literal_eval`, from any thread and without warnings. Raises ValueError for all else."""
    try:
        value: object = ast.literal_eval(parse(text.lstrip(" \t"), "eval"))
    except (SyntaxError, MemoryError, RecursionError, TypeError) as error:
        raise ValueError(f"not a literal: {error}") from None
    return value
