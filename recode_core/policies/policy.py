"""The interface of policies: a `Request` for the expansion of a statement is answered with a `Reply`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, Protocol, runtime_checkable

import msgspec

from recode_core.errors import RecodeError
from recode_core.values import Message, Usage, Variable

Finish = Literal["stop", "length", "refusal", "cut", "aborted"]
"""How a reply ended. `stop`: complete; `length`: at the token limit; `refusal`: by the model or a filter;
`cut`: incomplete for another reason; `aborted`: by the caller."""


class Turn(msgspec.Struct, frozen=True):
    """A turn of an agent: thought and code of its reply, the output of the code, and whether it failed."""

    thought: str
    code: str
    output: str
    failed: bool = False


class History(msgspec.Struct, frozen=True):
    """The history of an episode in turns: the task, the first observation, and all finished turns."""

    instruction: str
    observation: str
    turns: tuple[Turn, ...] = ()


class Request(msgspec.Struct, frozen=True):
    """A request for one expansion.

    `variables` are those in the statement, in order of their first use. `repair` is empty in the first
    attempt; afterwards it describes the failure and the actions since. `hint` is a text by the user.
    `history` is None for agents that use none (ReCode). `messages` are sent to a model; they follow from the
    other fields, unless the user edited them. `model` and `temperature` override those of the policy for
    this call, unless empty or None.
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
    """A reply as received. `text` is parsed by the agent, not by the policy.

    A reply with a `finish` other than "stop" is incomplete and never run; `why` says why, and what to do.
    """

    text: str
    usage: Usage = Usage()
    finish: Finish = "stop"
    why: str = ""


@runtime_checkable
class Policy(Protocol):
    """Writes expansions. `model` and `sampling` are recorded; a reply is reused only if they match."""

    model: str
    sampling: dict[str, str | float | int]

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        """Return a reply. `stream` is called with each piece of text as it arrives, on the caller's thread.

        Raises PolicyUnavailable with what to do next.
        """

    def abort(self) -> None:
        """Abort the running call, from another thread; `expand` then returns the text so far."""


class FreePolicy:
    """The base of policies whose calls cost nothing."""

    def price(self, usage: Usage, model: str) -> float | None:
        """Always 0."""
        return 0.0


@runtime_checkable
class TellsPrices(Protocol):
    """Optional: a policy that knows its prices in advance. For others, only a reply says its cost."""

    def price(self, usage: Usage, model: str) -> float | None:
        """The price in USD of a call with this usage of a model; None if unknown."""


@runtime_checkable
class RecallsReplies(Protocol):
    """Optional: a policy whose replies depend on those before, also if the session is continued later."""

    def recall(self, statement: str) -> None:
        """It has replied to a request for this statement, in the recording that is continued."""


def check_temperature(temperature: float | None) -> None:
    """Raise RecodeError for an invalid temperature."""
    if temperature is not None and not 0 <= temperature < math.inf:
        raise RecodeError(f"a temperature is a number from 0, not {temperature:g}")
