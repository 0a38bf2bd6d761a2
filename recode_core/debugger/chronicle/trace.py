"""Every action of a line with its observation, what the code printed, and how it failed."""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal

import msgspec

from recode_core.events import (
    ActionFinished,
    ActionReached,
    ActionReplaced,
    Origin,
    Place,
    Printed,
    StatementFailed,
    WorldReset,
)
from recode_core.log import Record
from recode_core.values import Observation


class Act(msgspec.Struct, frozen=True, gc=False):
    """An action from record `reached` on, which record `n` answers. The reset has no place and no action.

    `is_replaced`: a user chose it in place of the code's; `by` says who answered. `origin` is where it
    stands in a function of an earlier turn.
    """

    n: int
    reached: int
    place: Place | None
    action: str
    observation: Observation
    by: Literal["world", "user"] = "world"
    is_replaced: bool = False
    origin: Origin | None = None


class Print(msgspec.Struct, frozen=True, gc=False):
    """What a statement printed, or the traceback that it ended with."""

    n: int
    place: Place
    text: str
    is_failure: bool = False


class Trace:
    """The actions of a line, in order; the first is the world's reset."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.prints: list[Print] = []
        self._place: Place | None = None
        self._action, self._reached, self._is_replaced = "", -1, False
        self._origin: Origin | None = None

    def take(self, record: Record) -> None:
        """Take the next record."""
        match record.event:
            case ActionReached(place=place, action=action, origin=origin):
                self._place, self._action, self._reached = place, action, record.n
                self._is_replaced, self._origin = False, origin
            case ActionReplaced(action=action):
                self._action, self._is_replaced = action, True
            case WorldReset(observation=observation):
                self.acts.append(Act(record.n, record.n, None, "", observation))
            case ActionFinished(observation=observation, by=by):
                self.acts.append(
                    Act(
                        record.n,
                        self._reached,
                        self._place,
                        self._action,
                        observation,
                        by,
                        self._is_replaced,
                        self._origin,
                    )
                )
            case Printed(place=place, text=text):
                self.prints.append(Print(record.n, place, text))
            case StatementFailed(place=place, failure=failure):
                text = failure.traceback or f"{failure.type}: {failure.message}"
                self.prints.append(Print(record.n, place, text, is_failure=True))

    def until(self, n: int) -> int:
        """How many acts (the reset is one) had been answered by record `n`."""
        return bisect_right(self.acts, n, key=lambda act: act.n)

    def between(self, first: int, last: int) -> int:
        """How many actions were answered after record `first`, up to record `last`."""
        return self.until(last) - self.until(first)
