"""A program is executed by CPython and by the executor, and must do the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Any

import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_core.events import ExpansionRefused, StatementFailed
from recode_core.executor import Limits
from recode_core.testing import ROOT, RunHarness

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


@pytest.fixture(scope="session")
def compare() -> Callable[..., None]:
    """Fails where the executor does something else than CPython; parts of the program may be expansions."""

    def check(code: str, split: str = "", expansions: Mapping[str, str] | None = None) -> None:
        assert by_executor(split or code, expansions or {}) == by_cpython(code), code

    return check
