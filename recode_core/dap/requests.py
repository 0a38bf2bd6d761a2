"""The table of requests: the type of each one's arguments, and the function that carries it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from recode_core.dap.messages import Arguments, Body
from recode_core.dap.target import DebugTarget
from recode_core.debugger.commands import Command

_A = TypeVar("_A", bound=Arguments)


class Move(msgspec.Struct, frozen=True):
    """A command to execute, and the reason of the stop that follows it. The response comes first."""

    command: Command
    reason: str
    body: Body | None = None


RequestResult = Body | Move | None
"""The result of a request: the body of its response, or a move to make."""


class Handler(msgspec.Struct, frozen=True):
    """How a request is carried out. `run` raises RecodeError with a message for the user."""

    arguments: type[Arguments]
    run: Callable[[DebugTarget, Any], RequestResult]


HANDLERS: dict[str, Handler] = {}
"""The requests that need a session, by their names; `handles` adds to them."""


def handles(
    arguments: type[_A], *names: str
) -> Callable[[Callable[[DebugTarget, _A], RequestResult]], Callable[[DebugTarget, _A], RequestResult]]:
    """Add a function to the table, for requests with these names."""

    def add(run: Callable[[DebugTarget, _A], RequestResult]) -> Callable[[DebugTarget, _A], RequestResult]:
        for name in names:
            HANDLERS[name] = Handler(arguments, run)
        return run

    return add
