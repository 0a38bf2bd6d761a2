"""Stands for the engine, so that its faults can be had without it: some commands do what an engine might."""

from __future__ import annotations

import os
import signal
import sys
import time
from types import SimpleNamespace
from typing import Any


class EnvInfos(SimpleNamespace):
    """What is asked of the engine."""


class Game:
    """Says what it is told."""

    def reset(self) -> Any:
        print("loading\n" * 10_000)
        sys.stdout = sys.stderr
        return self._state("You are in a room.\n\nYour task is to: put a candle in toilet.")

    def step(self, command: str) -> tuple[Any, float, bool]:
        match command:
            case "stop":
                os.kill(os.getpid(), signal.SIGSTOP)
            case "sleep":
                time.sleep(600)
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "break":
                raise RuntimeError("the engine broke")
            case "megabyte":
                command = "x" * 2**20
        return self._state(f"You {command}."), 0.0, command == "win"

    def _state(self, text: str) -> Any:
        return SimpleNamespace(
            feedback=text, won="win" in text, admissible_commands=["win"], policy_commands=["win"]
        )


def start(file: str, infos: EnvInfos, wrappers: list[Any]) -> Game:
    """A game."""
    return Game()
