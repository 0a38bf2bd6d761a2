"""Looking ahead: what can be known early is asked for in the same feed as the statement before it.

A round trip to the sandbox costs more than what most of them ask. So a feed ends with the next
tests and the next action's text, as far as they are pure; and with the next item of a loop where
no stop lies between. What is asked early is the same whenever it is asked, and what fails or is
not here when it is needed is asked in the ordinary way. Nothing of this can be seen in the log.
"""

from __future__ import annotations

from typing import Any

from recode_core.executor.frames import Branch, Call, Frame, Loop
from recode_core.statements import Block, Code, For, If, Statement

_IFS = 4  # tests of one look

QUIET_ITERATORS = frozenset(
    f"{kind}_iterator" for kind in ("list", "range", "tuple", "set", "str", "str_ascii")
) | frozenset({"dict_keyiterator", "dict_valueiterator", "dict_itemiterator"})
"""Types of iterators that run no code of their own."""


NOTHING = "__rc_a = None\n"
"""A look at nothing."""


def key(statement: Statement) -> int:
    """What a look calls a statement."""
    return statement.span.line * 10_000 + statement.span.column


def after(frames: list[Frame]) -> str:
    """Code that sets `__rc_a` to what comes after the current statement, for the end of a feed."""
    rest: list[tuple[Block, int]] = []
    for frame in reversed(frames):
        if frame.index + 1 < len(frame.block):
            rest.append((frame.block, frame.index + 1))
        if isinstance(frame, Call):
            break
        if isinstance(frame, Loop):
            if not rest and not frame.testing:
                return _next_pass(frame)
            break
        assert isinstance(frame, Branch)
    return _guarded(_look(rest[::-1], _IFS))


def into(block: Block) -> str:
    """Code that sets `__rc_a` to what a block begins with."""
    return _guarded(_look([(block, 0)], _IFS))


def _next_pass(loop: Loop) -> str:
    owner = loop.owner
    if not isinstance(owner, For) or not loop.quiet or owner.binds != (owner.target,):
        return _guarded("None")
    look = _look([(owner.body, 0)], _IFS)
    name = owner.target
    return (
        "__rc_a = None\n"
        "__rc_n = ()\n"
        "try:\n"
        f"    for {name} in __rc_it{loop.slot}:\n"
        f"        __rc_n = [({name!r}, __rc_v({name}))]\n"
        "        break\n"
        "    __rc_a = (0, __rc_n, None)\n"
        f"    __rc_a = (0, __rc_n, {look} if __rc_n else None)\n"
        "except __rc_Exception:\n"
        "    pass\n"
    )


def _guarded(look: str) -> str:
    if look == "None":
        return NOTHING
    return f"try:\n    __rc_a = {look}\nexcept __rc_Exception:\n    __rc_a = None\n"


def _look(rest: list[tuple[Block, int]], ifs: int) -> str:
    while rest and rest[-1][1] >= len(rest[-1][0]):
        rest = rest[:-1]
    if not rest:
        return "None"
    block, index = rest[-1]
    statement = block[index]
    following = [*rest[:-1], (block, index + 1)]
    match statement:
        case Code(act=act) if act is not None:
            return f"({key(statement)}, (\n{act.argument.text}\n))"
        case If() if statement.test.pure and ifs:
            chosen = _look([*following, (statement.body, 0)], 0)
            other = _look([*following, (statement.orelse, 0)], ifs - 1)
            name = key(statement)
            return (
                f"({name}, True, {chosen}) if (\n{statement.test.fed.text}\n) else ({name}, False, {other})"
            )
    return "None"


def found(look: Any, statement: Statement) -> tuple[Any, ...] | None:
    """What was seen of `statement`, without its key."""
    if isinstance(look, tuple) and look[0] == key(statement):
        return look[1:]
    return None
