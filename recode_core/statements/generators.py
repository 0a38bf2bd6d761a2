"""Turn generator expressions into functions of the sandbox that stop after each item, as in CPython.

The sandbox evaluates a generator expression to a list at once. So `(elt for t in first if c)` is fed as
`__rc_g1(__rc_iter((first)))`, after a definition of `__rc_g1`. That returns an iterator whose step function
continues where it stopped. The first iterable is evaluated when the generator is created, everything else
when an item is requested.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator

from recode_core.source import RewrittenSource, joined
from recode_core.statements.names import PRIVATE

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_numbers = itertools.count(1)  # no name is used twice: a lambda may still refer to an earlier function
_PASS = "            "  # the indentation of a step function's loop


def new_name() -> str:
    """A new name for a function in the sandbox."""
    return f"{PRIVATE}g{next(_numbers)}"


def target_names(node: Comprehension) -> list[str]:
    """The names that the targets of a comprehension bind."""
    return list(
        dict.fromkeys(
            part.id
            for clause in node.generators
            for part in ast.walk(clause.target)
            if isinstance(part, ast.Name)
        )
    )


def assigned_names(node: ast.AST) -> list[str]:
    """The names that `:=` inside a comprehension binds outside of it."""
    return sorted({part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr)})


def definition(
    node: Comprehension,
    name: str,
    captured: list[str],
    part: Callable[[ast.expr], RewrittenSource],
    origin: int,
    pad: str = "",
) -> RewrittenSource:
    """The definition of the function `name`, which creates the iterator.

    `captured` are local names that it reads; `part` returns the text of an expression inside. Text of the
    engine's own is mapped to the source offset `origin`. All lines but the first begin with `pad`, except
    those inside expressions.
    """
    inner = [f"{PRIVATE}i{number}" for number in range(1, len(node.generators))]
    kept = [*target_names(node), *inner]
    parts: list[str | RewrittenSource] = [
        f"def {name}({', '.join([f'{PRIVATE}i0', *captured])}):\n",
        *(f"    {local} = None\n" for local in kept),
        f"    def {PRIVATE}step():\n",
        *(f"        global {outer}\n" for outer in assigned_names(node)),
        f"        nonlocal {', '.join(kept)}\n" if kept else "",
        "        while True:\n",
    ]
    for number in range(len(node.generators)):
        parts += _clause(node.generators, number, part)
    parts += [
        f"{_PASS}return (\n",
        *_item(node, part),
        f"\n)\n    return {PRIVATE}generator({PRIVATE}step)\n",
    ]
    indented = (part.replace("\n", f"\n{pad}") if isinstance(part, str) else part for part in parts)
    return joined(indented, origin)


def _item(node: Comprehension, part: Callable[[ast.expr], RewrittenSource]) -> list[str | RewrittenSource]:
    if isinstance(node, ast.DictComp):
        return ["(", part(node.key), "), (", part(node.value), ")"]
    return [part(node.elt)]


def _clause(
    clauses: list[ast.comprehension], number: int, part: Callable[[ast.expr], RewrittenSource]
) -> Iterator[str | RewrittenSource]:
    """The code of one `for … if …`: take its next item, and start the next clause with it."""
    pad, following = _PASS, clauses[number + 1 :][:1]
    if following:  # keep the item until the next clause is exhausted
        yield f"{pad}if {PRIVATE}i{number + 1} is None:\n"
        pad += "    "
    ended = f"{PRIVATE}i{number} = None; continue" if number else f"return {PRIVATE}end"
    yield f"{pad}{PRIVATE}x = {PRIVATE}next({PRIVATE}i{number}, {PRIVATE}end)\n"
    yield f"{pad}if {PRIVATE}x is {PRIVATE}end: {ended}\n"
    yield f"{pad}{ast.unparse(clauses[number].target)} = {PRIVATE}x\n"
    for test in clauses[number].ifs:
        yield from (f"{pad}if not (\n", part(test), "\n): continue\n")
    for clause in following:
        yield from (f"{pad}{PRIVATE}i{number + 1} = {PRIVATE}iter((\n", part(clause.iter), "\n))\n")


def as_loop(node: Comprehension) -> str:
    """A loop equivalent to a comprehension, for an error message."""
    lines, pad = list[str](), ""
    for clause in node.generators:
        lines.append(f"{pad}for {ast.unparse(clause.target)} in {ast.unparse(clause.iter)}:")
        pad += "    "
        for test in clause.ifs:
            lines.append(f"{pad}if {ast.unparse(test)}:")
            pad += "    "
    item = (
        f"{ast.unparse(node.key)}: {ast.unparse(node.value)}"
        if isinstance(node, ast.DictComp)
        else ast.unparse(node.elt)
    )
    return "\n".join([*lines, f"{pad}item = {item}"])
