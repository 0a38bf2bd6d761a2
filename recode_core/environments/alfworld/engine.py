"""Runs in the child process: plays one game with ALFWorld's engine.

`start` imports it, `reset` loads a game file, `step` performs a command, `plan` returns the commands that
solve the game in a file.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_game: Any = None


class Damaged(Exception):
    """A game file that the engine can't load."""

    lack = "data"


def answer(verb: str, argument: str) -> Any:
    """Answer a request. Raises Damaged."""
    global _game
    if verb == "start":
        import_module("alfworld.agents.environment.alfred_tw_env")
        return None
    if verb == "plan":
        return list(_load(argument, policy_commands=True)[1].policy_commands)
    if verb == "reset":
        _game, state = _load(argument)
    else:
        state, _, _ = _game.step(argument)
    return {
        "text": state.feedback,
        "won": bool(state.won),
        "possible": list(state.admissible_commands),
    }


def _load(file: str, **wanted: bool) -> tuple[Any, Any]:
    """A game in its initial state. A plan is requested only here: far from the goal it may take for ever."""
    textworld = import_module("textworld")
    demangler = import_module("alfworld.agents.environment.alfred_tw_env").AlfredDemangler
    infos = textworld.EnvInfos(won=True, admissible_commands=True, **wanted)
    try:
        game = textworld.start(file, infos, wrappers=[demangler()])
        return game, game.reset()
    except Exception as error:
        raise Damaged(f"{file} can't be loaded: {type(error).__name__}: {error}") from error
