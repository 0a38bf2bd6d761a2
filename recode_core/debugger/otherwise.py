"""A world that differed from its recording when it was brought back; the user chooses what becomes of it."""

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


class WorldDiffers(WorldDiverged):
    """A world's answer is not the recorded one; it is kept, to be accepted."""

    def __init__(self, differs: Diverged, observation: Observation) -> None:
        super().__init__(differs.at, differs.recorded, differs.actual)
        self.observation = observation


@dataclass(frozen=True)
class Otherwise:
    """A world that stands after its other answer, to the action (or reset) before record `n`."""

    world: World
    n: int
    observation: Observation


class Answered:
    """A world whose next answer has been given already."""

    def __init__(self, otherwise: Otherwise) -> None:
        self.instruction = guard.instruction(otherwise.world)
        self.step_limit = guard.step_limit(otherwise.world)
        self._otherwise = otherwise

    def reset(self) -> Observation:
        return self._otherwise.observation

    def step(self, action: str) -> Observation:
        return self._otherwise.observation

    def close(self) -> None:
        self._otherwise.world.close()
