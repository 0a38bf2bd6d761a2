"""One live game."""

from __future__ import annotations

from pathlib import Path

import msgspec

from recode_core.environments.alfworld import games
from recode_core.environments.process import Process, world_timeouts
from recode_core.values import Observation


class _State(msgspec.Struct, frozen=True):
    """The engine's answer to a command."""

    text: str
    won: bool
    possible: tuple[str, ...]


class AlfworldWorld:
    """A game in a child process of its own, since the engine can neither save nor share a game."""

    step_limit = 80

    def __init__(self, engine: Process, folder: Path, instruction: str) -> None:
        self.instruction = instruction
        self.possible: tuple[str, ...] = ()
        self._engine = engine
        self._game = str(folder / games.FILE)

    def reset(self) -> Observation:
        return self._observe("reset", self._game, world_timeouts().reset)

    def step(self, action: str) -> Observation:
        return self._observe("step", action, world_timeouts().step)

    def close(self) -> None:
        self._engine.close()

    def _observe(self, verb: str, argument: str, seconds: float) -> Observation:
        state = self._engine.ask(verb, argument, _State, seconds)
        self.possible = state.possible
        return Observation(state.text, score=float(state.won), done=state.won, success=state.won)
