"""One live experiment."""

from __future__ import annotations

import msgspec

from recode_core.environments.process import Process, world_timeouts
from recode_core.environments.scienceworld.experiments import ExperimentId
from recode_core.values import Observation

_FULL = 100


class _State(msgspec.Struct, frozen=True):
    """The simulator's answer to a command. The score is in percent, or -100 if the task is failed."""

    text: str
    score: int
    done: bool
    instruction: str


class ScienceWorldWorld:
    """A simulator with one task.

    As in the paper, the score is the best so far, and a task is solved if it ends with a score above 0.
    """

    def __init__(self, simulator: Process, task: ExperimentId) -> None:
        self.instruction = ""
        self.step_limit = task.experiment.step_limit
        self._simulator = simulator
        self._task = f"{task.experiment.name} {task.variation}"
        self._best = 0

    @property
    def possible(self) -> tuple[str, ...]:
        """The admissible actions. Listing them takes longer than a step."""
        return self._simulator.ask("possible", "", tuple[str, ...], world_timeouts().step)

    def reset(self) -> Observation:
        self._best = 0
        return self._observe("reset", self._task, world_timeouts().reset)

    def step(self, action: str) -> Observation:
        return self._observe("step", action, world_timeouts().step)

    def close(self) -> None:
        self._simulator.close()

    def _observe(self, verb: str, argument: str, seconds: float) -> Observation:
        state = self._simulator.ask(verb, argument, _State, seconds)
        self.instruction = state.instruction
        self._best = max(self._best, state.score)
        is_over = state.done or state.score < 0
        is_solved = state.done and state.score > 0
        return Observation(state.text, score=self._best / _FULL, done=is_over, success=is_solved)
