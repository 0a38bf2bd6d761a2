"""A world with scripted answers: a double for tests and demonstrations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from recode_core.environments.environment import Guide, Restoration
from recode_core.values import Observation

ScriptedAnswer = str | Observation | Exception
"""The answer to an action; an exception is raised."""

GUIDE = Guide(actions="", examples="")
NOTHING = "Nothing happens."


class ScriptedWorld:
    """Returns the given answers in order, or by action if they are a mapping, and `NOTHING` without one.

    An answer that is an exception is raised. `actions` lists the answered actions.
    """

    restoration: Restoration = "replay"
    guide = GUIDE

    def __init__(
        self,
        answers: Iterable[ScriptedAnswer] | Mapping[str, ScriptedAnswer] = (),
        *,
        instruction: str = "do it.",
        first: ScriptedAnswer = "You begin.",
        step_limit: int = 1000,
    ) -> None:
        self.instruction = instruction
        self.step_limit = step_limit
        self.actions: list[str] = []
        self._first = first
        self._by_action = answers if isinstance(answers, Mapping) else {}
        self._in_order = iter(()) if isinstance(answers, Mapping) else iter(answers)

    def reset(self) -> Observation:
        return _observation(self._first)

    def step(self, action: str) -> Observation:
        answer = self._by_action[action] if action in self._by_action else next(self._in_order, NOTHING)
        observation = _observation(answer)
        self.actions.append(action)
        return observation

    def close(self) -> None:
        """No resources are held."""


def had_no_effect(observation: str) -> bool:
    """Whether an action had no answer."""
    return observation == NOTHING


def _observation(answer: ScriptedAnswer) -> Observation:
    if isinstance(answer, Exception):
        raise answer
    return Observation(answer) if isinstance(answer, str) else answer
