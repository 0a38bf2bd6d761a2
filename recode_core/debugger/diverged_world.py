"""A world whose replay diverged from its recording: kept until the user accepts or discards it."""

from __future__ import annotations

from dataclasses import dataclass

from recode_core.environments import guard
from recode_core.environments.environment import World
from recode_core.errors import Diverged, WorldDiverged
from recode_core.values import Observation

CHOICE = (
    "nothing is changed; accept goes on from there, on a branch, in the world as it is now, "
    "and the same command again tries another"
)


class WorldDivergence(WorldDiverged):
    """A world answers otherwise than recorded; it is kept, to be accepted."""

    def __init__(self, differs: Diverged, observation: Observation) -> None:
        super().__init__(differs.at, differs.recorded, differs.actual)
        self.observation = observation


@dataclass(frozen=True)
class DivergedWorld:
    """A world that has given another answer than record `n` says, to the action (or reset) before it."""

    world: World
    n: int
    observation: Observation


class PreansweredWorld:
    """A world whose next answer has been given already."""

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
