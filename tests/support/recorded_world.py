"""A world that is a recording: it answers as it once did, as long as it is asked the same."""

from __future__ import annotations

from collections.abc import Iterable

from recode_core.errors import Diverged, EnvironmentUnavailable
from recode_core.events import ActionFinished, ActionReached, Event, WorldReset
from recode_core.values import Observation


class RecordedWorld:
    """Gives the recorded observations to the recorded actions, in their order."""

    def __init__(self, events: Iterable[Event], step_limit: int = 1000) -> None:
        recorded = list(events)
        begun = next((event for event in recorded if isinstance(event, WorldReset)), None)
        if begun is None:
            raise EnvironmentUnavailable("the recording ends before its first observation; record it again")
        self.instruction = begun.instruction
        self.step_limit = step_limit
        self._first = begun.observation
        self._actions = [
            (n, event.action) for n, event in enumerate(recorded) if isinstance(event, ActionReached)
        ]
        self._observations = [event.observation for event in recorded if isinstance(event, ActionFinished)]
        self._taken = 0

    def reset(self) -> Observation:
        self._taken = 0
        return self._first

    def step(self, action: str) -> Observation:
        if self._taken == len(self._observations):
            raise EnvironmentUnavailable(f"the recording has no observation left for {action!r}")
        at, recorded = self._actions[self._taken]
        if action != recorded:
            raise Diverged(at, recorded, action)
        self._taken += 1
        return self._observations[self._taken - 1]

    def snapshot(self) -> int:
        return self._taken

    def restore(self, state: object) -> None:
        if not isinstance(state, int):
            raise TypeError(f"not a snapshot of a recorded world: {state!r}")
        self._taken = state

    def close(self) -> None:
        """Nothing is held."""
