"""Actions: calls of the world for a suspended `run("…")`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from recode_core.environments import guard
from recode_core.errors import EnvironmentUnavailable
from recode_core.events import (
    ActionAsked,
    ActionFinished,
    ActionReached,
    Origin,
    WorldFailed,
    WorldReset,
)
from recode_core.executor.divergence import divergence
from recode_core.executor.run import Run
from recode_core.executor.run_state import AtAction
from recode_core.values import (
    MESSAGE_LIMIT,
    Observation,
    Span,
    clean,
    shortened,
)

_Result = TypeVar("_Result")

_DONE_TEXT = 160  # characters of an observation in a repair request


class Actions:
    """Gets observations from the world, or from the recording."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def reset(self) -> WorldReset:
        """Reset the world, or take the recorded reset. If there are both, they are compared."""
        recorder, world = self._run.recorder, self._run.world
        recorded = recorder.expect(WorldReset)
        if world is None:
            assert recorded is not None, "a first run needs a world"
            return recorded
        observation = self._call_world(lambda: guard.reset(world))
        event = WorldReset(self._call_world(lambda: guard.instruction(world)), observation)
        if recorded is None:
            recorder.emit(event)
            return event
        if (
            WorldReset(guard.bounded(recorded.instruction), guard.observation_of(recorded.observation))
            != event
        ):
            raise divergence(recorder.number, recorded, event)
        return recorded

    def reach(self, action: str, span: Span, origin: Origin | None = None) -> AtAction:
        """Stop before an action at `span`; `origin` is its position in a function of an earlier turn."""
        event = ActionReached(self._run.place, clean(action), span, origin)
        self._run.recorder.emit(event)
        return stop_at(event)

    def ask(self, state: AtAction) -> Observation:
        """The observation of an action, from the recording or the world; compared if there are both."""
        recorded = self._run.recorder.expect(ActionFinished)
        if recorded is not None and (self._run.world is None or recorded.by == "user"):
            observation = recorded.observation
        else:
            observation = self._ask_world(state, recorded)
        self.count(state, observation)
        return observation

    def count(self, state: AtAction, observation: Observation) -> None:
        """Update step count, score and output with the observation of an action."""
        spent, call = self._run.spent, self._run.call
        spent.steps += 1
        spent.score = observation.score
        text = (
            observation.text if len(observation.text) <= _DONE_TEXT else f"{observation.text[:_DONE_TEXT]}…"
        )
        call.done.append(f"{state.action} -> {text}")
        is_whole = state.span == state.place.span and state.origin is None
        if is_whole:  # the value of an expression statement is shown, as in a REPL
            call.show(f"{observation.text}\n")

    def _ask_world(self, state: AtAction, recorded: ActionFinished | None) -> Observation:
        recorder, world = self._run.recorder, self._run.world
        assert world is not None, "a first execution needs a world"
        if recorded is None and self._run.restoration == "none":
            recorder.annotate(ActionAsked(state.action))
        began = time.perf_counter()
        observation = self._call_world(lambda: guard.step(world, state.action, self._run.spent.score))
        if recorded is None:
            recorder.emit(ActionFinished(observation, round(time.perf_counter() - began, 6)))
            return observation
        if guard.observation_of(recorded.observation) != observation:
            raise divergence(recorder.number, recorded.observation, observation)
        return recorded.observation

    def _call_world(self, ask: Callable[[], _Result]) -> _Result:
        try:
            return ask()
        except EnvironmentUnavailable as error:
            self._run.recorder.annotate(WorldFailed(shortened(clean(str(error)), MESSAGE_LIMIT)))
            raise


def stop_at(reached: ActionReached) -> AtAction:
    """The stop of a recorded action."""
    return AtAction(reached.place, reached.action, reached.span, reached.origin)
