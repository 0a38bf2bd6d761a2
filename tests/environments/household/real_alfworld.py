"""The real engine as a child process, in JSON lines: `{"game": path}` or `{"command": text}` gives an answer.

Runs under an interpreter that has alfworld; it imports nothing of this project.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any, TextIO


def serve(requests: TextIO, answers: TextIO) -> None:
    """Answer each request with the text, whether the goal holds, what may be done, and the planner's plan."""
    textworld = import_module("textworld")
    demangler = import_module("alfworld.agents.environment.alfred_tw_env").AlfredDemangler
    wanted = textworld.EnvInfos(won=True, admissible_commands=True, policy_commands=True)
    world: Any = None
    for line in requests:
        request: dict[str, str] = json.loads(line)
        if "game" in request:
            wanted.policy_commands = True
            world = textworld.start(request["game"], wanted, wrappers=[demangler()])
            state = world.reset()
            # In a state far from the goal, planning may take for ever.
            wanted.policy_commands = False
        else:
            state, _, _ = world.step(request["command"])
        answer = {
            "text": state.feedback,
            "won": bool(state.won),
            "admissible": state.admissible_commands,
            "plan": state.policy_commands or [],
        }
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    # The library swaps and prints to stdout, so the answers keep the original for themselves.
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        serve(sys.stdin, answers)
