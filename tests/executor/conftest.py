"""A program is executed by CPython and by the executor, and must do the same."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Any

import pytest

from recode_core.environments.environment import Observation
from recode_core.environments.scripted import ScriptedWorld
from recode_core.events import ExpansionRefused, StatementFailed
from recode_core.executor import Limits
from tests.support.runs import ROOT, RunHarness

ACTIONS = 60
"""After this many a program is stopped, in both."""


class _Enough(BaseException):
    """The program acts without an end."""


class Outcome:
    """What a program did, as far as both can tell."""

    def __init__(self, variables: dict[str, str], actions: Iterable[str], error: str) -> None:
        # What was stopped was stopped inside a statement, and modules are shown with their paths.
        self.variables = {} if error == "stopped" else {k: v for k, v in variables.items() if k != "math"}
        self.actions, self.error = list(actions), error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outcome) and vars(self) == vars(other)

    def __repr__(self) -> str:
        return repr(vars(self))


def by_cpython(code: str) -> Outcome:
    """Plain `exec`, with a `run` that writes down what it is asked."""
    actions: list[str] = []

    def run(action: str) -> str:
        if len(actions) >= ACTIONS:
            raise _Enough
        actions.append(action)
        return f"obs {len(actions)}"

    scope: dict[str, Any] = {"run": run}
    error = ""
    try:
        exec(compile(code, "program", "exec"), scope)
    except _Enough:
        error = "stopped"
    except Exception as caught:
        error = type(caught).__name__
    names = scope.keys() - {"run", "__builtins__"}
    return Outcome({name: _shown(scope[name]) for name in names}, actions, error)


def _shown(value: object) -> str:
    text = repr(value)
    return f"<{type(value).__name__} that cannot be shown: RecursionError>" if "[...]" in text else text


def by_executor(code: str, expansions: Mapping[str, str]) -> Outcome:
    """The same program as an expansion of the root, without repairs."""
    world = ScriptedWorld(f"obs {n}" for n in count(1))
    with RunHarness(
        {ROOT: code, **expansions}, world, limits=Limits(steps=ACTIONS, repairs=0, rewrites=0)
    ) as played:
        end = played.to_end()
        assert not played.events(ExpansionRefused), played.events(ExpansionRefused)
        if end.outcome == "limit":
            return Outcome({}, world.actions, "stopped")
        failed = played.events(StatementFailed)
        return Outcome(played.values(), world.actions, failed[0].failure.type if failed else "")


class _Echo(ScriptedWorld):
    """A world that answers `s1` with `saw 1`, and anything else with an error that names no place."""

    def step(self, action: str) -> Observation:
        self.actions.append(action)
        return Observation(_echo(action))


def _echo(action: str) -> str:
    return f"saw {action[1:]}" if action.startswith("s") else "Nothing 7 happens."


_FUNCTION = re.compile(r"<function .*? at 0x\w+>")
_ITERATOR = re.compile(r"<(\w+) object(?: <genexpr>)?(?: at 0x\w+)?>")


_SET = re.compile(r"\{[^{}:]*\}")  # whose order is not the same in two processes of CPython either


def _sorted(found: re.Match[str]) -> str:
    return "".join(sorted(found.group()))


def _comparable(variables: Mapping[str, str]) -> dict[str, str]:
    """Values without addresses, and without what the sandbox has no name for."""
    shown = {
        name: _ITERATOR.sub(r"<\1>", _FUNCTION.sub("<function>", text)) for name, text in variables.items()
    }
    return {
        name: _SET.sub(_sorted, re.sub(r"<(list_reverse|reversed)\w*>", "<reversed>", text))
        for name, text in shown.items()
        if not text.startswith(("<module", "<class")) and name not in ("__annotations__", "__doc__")
    }


@pytest.fixture(scope="session")
def acts_alike(plays: type[Play]) -> Callable[[str], None]:
    """Fails where a program acts, binds or raises otherwise than in CPython; observations repeat the action."""

    def check(code: str) -> None:
        actions: list[str] = []

        def run(action: str) -> str:
            actions.append(action)
            if len(actions) > ACTIONS:
                raise _Enough
            return _echo(action)

        scope: dict[str, Any] = {"run": run, "print": lambda *args, **how: None}
        expected, error = scope.keys() | {"__builtins__"}, ""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(code, "program", "exec"), scope)
        except Exception as caught:
            error = type(caught).__name__
        values = {name: repr(value) for name, value in scope.items() if name not in expected}
        world = _Echo(())
        with plays({ROOT: code}, world, limits=Limits(steps=ACTIONS, repairs=0, rewrites=0)) as played:
            played.to_end()
            assert not played.events(ExpansionRefused), played.events(ExpansionRefused)
            failed = played.events(StatementFailed)
            found = _comparable(played.values()), world.actions, failed[0].failure.type if failed else ""
        assert found == (_comparable(values), actions, error), code

    return check


@pytest.fixture(scope="session")
def compare() -> Callable[..., None]:
    """Fails where the executor does something else than CPython; parts of the program may be expansions."""

    def check(code: str, split: str = "", expansions: Mapping[str, str] | None = None) -> None:
        assert by_executor(split or code, expansions or {}) == by_cpython(code), code

    return check
