"""The party that a run is waiting for: a model, a person, the environment, or a replay of actions."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Literal

from recode_core.executor import Run
from recode_core.executor.run_state import AtAction, AtLimit, AtModel, AtStart, RunState
from recode_core.policies import guard
from recode_core.policies.human import Human


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait since a time (monotonic seconds). It may be read from any thread.

    `name` is the model that is called, or the action that the environment performs (empty for its reset).
    In a replay, `done` of `total` recorded actions have been repeated.
    """

    kind: Literal["model", "person", "environment", "replay"]
    name: str = ""
    done: int = 0
    total: int = 0
    since: float = field(default_factory=time.monotonic)


def wait_of(state: RunState, run: Run) -> Wait | None:
    """The party that the next step of a run in a state waits for; None if it only executes code."""
    match state:
        case AtModel() if isinstance(run.policy, Human):
            return Wait("person")
        case AtModel():
            return Wait("model", run.call.model or guard.model_of(run.policy))
        case AtAction(action=action):
            return Wait("environment", action)
        case AtStart():
            return Wait("environment")
        case AtLimit(before=before):
            return wait_of(before, run)
    return None
