"""The seam to policies: a `Request` says which statement to expand, a `Reply` is what came back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, Protocol, runtime_checkable

import msgspec

from recode_core.errors import RecodeError
from recode_core.values import Message, Usage, Variable

Finish = Literal["stop", "length", "refusal", "cut", "aborted"]
"""How a reply ended: as a whole; at the token limit; refused by the model or a filter; before it was whole,
for another reason; broken off from our side."""


class Turn(msgspec.Struct, frozen=True):
    """A reply of an agent that takes turns: its thought, its code as it ran, what that gave to see; and
    whether it ended in an error."""

    thought: str
    code: str
    output: str
    failed: bool = False


class History(msgspec.Struct, frozen=True):
    """An episode in turns so far: the task, the first observation, and every turn that is over."""

    instruction: str
    observation: str
    turns: tuple[Turn, ...] = ()


class Request(msgspec.Struct, frozen=True):
    """One expansion to write.

    `variables` are those that the statement mentions, in order of mention. `repair` is empty at
    first; else it says what went wrong and what has been done since. `hint` is the user's.
    `history` is None where an expansion is to need none (ReCode).
    `messages` are what a model is sent: a pure function of the rest, unless the user edited them.
    `model` and `temperature` are the user's wishes for this call; empty and None leave the policy's.
    """

    statement: str
    variables: tuple[Variable, ...]
    messages: tuple[Message, ...]
    repair: str = ""
    hint: str = ""
    model: str = ""
    temperature: float | None = None
    history: History | None = None


class Reply(msgspec.Struct, frozen=True):
    """What a policy answered, as received: `text` is parsed by the agent, not by the policy.

    A reply with another `finish` than "stop" is not whole and is never run; `why` says more about it, with
    what to do next.
    """

    text: str
    usage: Usage = Usage()
    finish: Finish = "stop"
    why: str = ""


@runtime_checkable
class Policy(Protocol):
    """Who writes expansions. `model` and `sampling` go into the log and decide about reuse."""

    model: str
    sampling: dict[str, str | float | int]

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        """Answer; `stream` is called with each piece of text as it arrives, on the caller's thread.

        Raises PolicyUnavailable with what to do next.
        """

    def abort(self) -> None:
        """End the call in flight, from another thread; `expand` then returns what arrived."""


class FreePolicy:
    """The base of policies whose calls cost nothing."""

    def price(self, usage: Usage, model: str) -> float | None:
        """The price of a call: none."""
        return 0.0


@runtime_checkable
class TellsPrices(Protocol):
    """A policy that knows its prices in advance. Others cost what the usage of their replies says."""

    def price(self, usage: Usage, model: str) -> float | None:
        """The price in USD of a call of a model that takes these tokens; None if unknown."""


def check_temperature(temperature: float | None) -> None:
    """Raise RecodeError for a temperature that no request can have."""
    if temperature is not None and not 0 <= temperature < math.inf:
        raise RecodeError(f"a temperature is a number from 0, not {temperature:g}")
