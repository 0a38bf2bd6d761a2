"""A world whose replay diverged from its recording: kept until the user accepts or discards it."""

from __future__ import annotations

from dataclasses import dataclass

from recode_core.environments import guard
from recode_core.environments.environment import World
from recode_core.errors import Diverged, WorldDiverged
from recode_core.values import Observation

CHOICE = (
    "nothing is changed; `accept` continues in this world, on a new branch; "
    "the same command again tries another world"
)


class WorldDivergence(WorldDiverged):
    """A replayed world diverged from the recording; the world is kept so that the user can accept it."""

    def __init__(self, differs: Diverged, observation: Observation) -> None:
        super().__init__(differs.at, differs.recorded, differs.actual)
        self.observation = observation


@dataclass(frozen=True)
class DivergedWorld:
    """A world that returned another observation than the one in record `n`."""

    world: World
    n: int
    observation: Observation


class PreansweredWorld:
    """A world that first returns the diverged observation, which the wrapped world has already given."""

    def __init__(self, diverged: DivergedWorld) -> None:
        self.instruction = guard.instruction(diverged.world)
        self.step_limit = guard.step_limit(diverged.world)
        self._diverged = diverged

    def reset(self) -> Observation:
        return self._diverged.observation

    def step(self, action: str) -> Observation:
        return self._diverged.observation

    def close(self) -> None:
        self._diverged.world.close()
