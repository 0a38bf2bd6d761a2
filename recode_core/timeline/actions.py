"""The actions of a line with their observations, printed text, and failures."""

from __future__ import annotations

import copy
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Literal

import msgspec

from recode_core.events import (
    ActionFinished,
    ActionReached,
    Origin,
    Place,
    Printed,
    StatementFailed,
    WorldReset,
)
from recode_core.timeline.history import count
from recode_core.values import Observation


class Action(msgspec.Struct, frozen=True, gc=False):
    """An action, reached in record `reached`, with its observation in record `n`.

    The world's reset has no place and an empty action. `is_replaced` is set if the user replaced the action
    of the code; `by` is the author of the observation; `origin` is set for an action in a function of an
    earlier turn.
    """

    n: int
    reached: int
    place: Place | None
    action: str
    observation: Observation
    by: Literal["world", "user"] = "world"
    is_replaced: bool = False
    origin: Origin | None = None


class Output(msgspec.Struct, frozen=True, gc=False):
    """Text that a statement printed, or the traceback of its failure."""

    n: int
    place: Place
    text: str
    is_failure: bool = False


class ActionIndex:
    """The actions of a line, in order; the first is the world's reset."""

    def __init__(self) -> None:
        self.actions: list[Action] = []
        self.outputs: list[Output] = []
        self._reached: list[tuple[int, Action]] = []  # by the record that reached or replaced it
        self._by_node: dict[str, list[int]] = {}

    def steps_at(self, n: int) -> int:
        """The number of finished actions up to record `n`, without the reset."""
        return max(0, self.until(n) - 1)

    def until(self, n: int) -> int:
        """The number of finished actions up to record `n`, including the reset."""
        return count(self.actions, n)

    def count_of(self, node: str, n: int) -> int:
        """The number of actions that a node and its descendants had taken by record `n`."""
        return bisect_right(self._by_node.get(node, ()), n)

    def of_node(self, node: str, n: int) -> Iterator[Action]:
        """The actions that a node and its descendants had taken by record `n`, in order."""
        taken = self._by_node.get(node, ())
        return (self.actions[self.until(taken[at]) - 1] for at in range(self.count_of(node, n)))

    def first_of(self, node: str) -> int | None:
        """The index of the first action of a node and its descendants; None where they have none."""
        taken = self._by_node.get(node)
        return self.until(taken[0]) - 1 if taken else None

    def score_at(self, n: int) -> float:
        """The score of the last observation up to record `n`; 0 before the first."""
        at = self.until(n)
        return self.actions[at - 1].observation.score if at else 0.0

    def reached_at(self, n: int) -> Action | None:
        """The action that was reached last up to record `n`, without its observation; None before the first.

        At a stop before an action it is the one that waits, whatever has been edited at that stop.
        """
        at = bisect_right(self._reached, n, key=itemgetter(0))
        return self._reached[at - 1][1] if at else None

    def reset(self, n: int, event: WorldReset) -> None:
        """Add the world's reset."""
        self.actions.append(Action(n, n, None, "", event.observation))

    def reached(self, n: int, event: ActionReached) -> None:
        """Add an action without an observation."""
        action = Action(n, n, event.place, event.action, Observation(""), origin=event.origin)
        self._reached.append((n, action))

    def replaced(self, n: int, action: str) -> None:
        """Replace the action that was reached last."""
        if self._reached:
            replaced = msgspec.structs.replace(self._reached[-1][1], action=action, is_replaced=True)
            self._reached.append((n, replaced))

    def answered(self, n: int, event: ActionFinished, lineage: Iterable[str]) -> None:
        """The action is over. It is one of the first of some nodes, of which each is below the next."""
        reached = self._reached[-1][1] if self._reached else Action(n, n, None, "", event.observation)
        self.actions.append(msgspec.structs.replace(reached, n=n, observation=event.observation, by=event.by))
        for node in lineage:
            self._by_node.setdefault(node, []).append(n)

    def printed(self, n: int, event: Printed) -> None:
        """Add printed text."""
        self.outputs.append(Output(n, event.place, event.text))

    def failed(self, n: int, event: StatementFailed) -> None:
        """Add the traceback of a failure."""
        failure = event.failure
        text = failure.traceback or f"{failure.type}: {failure.message}"
        self.outputs.append(Output(n, event.place, text, is_failure=True))

    def copy(self) -> ActionIndex:
        """An independent copy."""
        made = copy.copy(self)
        made.actions, made.outputs = [*self.actions], [*self.outputs]
        made._reached = [*self._reached]
        made._by_node = {node: [*taken] for node, taken in self._by_node.items()}
        return made
