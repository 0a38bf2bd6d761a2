"""Looking ahead: what can be known early is asked for in the same feed as the statement before it.

A round trip to the sandbox costs more than what most of them ask. So a feed ends with a look at the
next tests and the next action's text, as far as they are pure, and at the next item of the loop
around them. What is asked early is the same whenever it is asked; an item that was taken from its
iterator early is kept in the sandbox until its pass begins; and what fails, or is not here when it is
needed, is asked in the ordinary way. Nothing of this can be seen in the log.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from recode_core.executor.feeds import Look
from recode_core.executor.frames import Branch, Call, Frame, Loop
from recode_core.statements import Block, Code, For, If, Statement

_IFS = 4  # tests of one look
_numbers = itertools.count()  # names of looks: private to the sandbox, they need only differ

QUIET_ITERATORS = frozenset(
    f"{kind}_iterator" for kind in ("list", "range", "tuple", "set", "str", "str_ascii")
) | frozenset({"dict_keyiterator", "dict_valueiterator", "dict_itemiterator"})
"""Types of iterators that run no code of their own."""


NOTHING = Look("None")
"""A look at nothing."""


class Pass(NamedTuple):
    """What a look saw of the next pass: its item (None at the end of the loop), and what comes then."""

    item: str | None
    look: Any


def key(statement: Statement) -> int:
    """What a look calls a statement."""
    return statement.span.line * 10_000 + statement.span.column


def after(frames: list[Frame]) -> Look:
    """What comes after the current statement."""
    rest: list[tuple[Block, int]] = []
    for frame in reversed(frames):
        if frame.index + 1 < len(frame.block):
            rest.append((frame.block, frame.index + 1))
        if isinstance(frame, Call):
            return _named(_look(rest[::-1], _IFS, _end))
        if isinstance(frame, Loop):
            return _named(_look(rest[::-1], _IFS, partial(_next_pass, frame)))
        assert isinstance(frame, Branch)
    raise AssertionError("the lowest frame is a call")


def into(block: Block) -> Look:
    """What a block begins with."""
    return _named(_look([(block, 0)], _IFS, _end))


def found(look: Any, statement: Statement) -> tuple[Any, ...] | None:
    """What was seen of `statement`, without its key."""
    if isinstance(look, tuple) and look[0] == key(statement):
        return look[1:]
    return None


def found_pass(look: Any, loop: Loop) -> Pass | None:
    """What was seen of the next pass of a loop."""
    return Pass(*look[1:]) if isinstance(look, tuple) and look[0] == _pass_key(loop) else None


def _pass_key(loop: Loop) -> int:
    return -1 - loop.slot


def _named(expression: str) -> Look:
    if expression == "None":
        return NOTHING
    name = f"__rc_l{next(_numbers)}"
    body = f"    try:\n        return {expression}\n    except __rc_Exception:\n        return None\n"
    return Look(f"{name}()", f"def {name}():\n{body}")


def _end() -> str:
    return "None"


def _next_pass(loop: Loop) -> str:
    owner = loop.owner
    if not isinstance(owner, For) or not loop.quiet or owner.binds != (owner.target,) or loop.testing:
        return "None"
    look = _look([(owner.body, 0)], _IFS, _end)
    items = f"__rc_peek(__rc_n{loop.slot}, __rc_it{loop.slot})"
    return f"__rc_pass({_pass_key(loop)}, {items}, lambda {owner.target}: {look})"


def _look(rest: list[tuple[Block, int]], ifs: int, end: Callable[[], str]) -> str:
    while rest and rest[-1][1] >= len(rest[-1][0]):
        rest = rest[:-1]
    if not rest:
        return end()
    block, index = rest[-1]
    statement = block[index]
    following = [*rest[:-1], (block, index + 1)]
    match statement:
        case Code(act=act) if act is not None:
            return f"({key(statement)}, (\n{act.argument.text}\n))"
        case If() if statement.test.pure and ifs:
            chosen = _look([(statement.body, 0)], 0, _end)
            other = _look([*following, (statement.orelse, 0)], ifs - 1, end)
            name = key(statement)
            test = f"(\n{statement.test.fed.text}\n)"
            return f"(({name}, True, {chosen}) if {test} else ({name}, False, {other}))"
    return "None"
