"""One live episode in a scene."""

from __future__ import annotations

from recode_core.environments.household.admissible import admissible_actions
from recode_core.environments.household.goals import is_reached
from recode_core.environments.household.rules import perform
from recode_core.environments.household.scene import RoomState, Scene
from recode_core.environments.household.texts import introduction
from recode_core.values import Observation


class HouseholdWorld:
    """Runs a scene. Actions are also performed after the goal is reached, as in ALFWorld's engine."""

    step_limit = 80

    def __init__(self, scene: Scene) -> None:
        self.instruction = scene.instruction
        self._scene = scene
        self._state = scene.start

    def reset(self) -> Observation:
        self._state = self._scene.start
        return self._observation(introduction(self._scene))

    def step(self, action: str) -> Observation:
        answer = perform(self._scene, self._state, action)
        self._state = answer.state
        return self._observation(answer.text)

    @property
    def possible(self) -> tuple[str, ...]:
        """The admissible actions."""
        return admissible_actions(self._scene, self._state)

    def snapshot(self) -> RoomState:
        return self._state

    def restore(self, state: object) -> None:
        if not isinstance(state, RoomState):
            raise TypeError(f"not a snapshot of a household world: {state!r}")
        self._state = state

    def close(self) -> None:
        """No resources are held."""

    def _observation(self, text: str) -> Observation:
        won = is_reached(self._scene, self._state)
        return Observation(text, score=float(won), done=won, success=won)
