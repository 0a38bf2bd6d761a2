"""Asking again: once, for several candidates to choose from, or from every placeholder of a failed run."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar, Self

from recode_core.debugger import blame, candidates
from recode_core.debugger.commands.changes import acted
from recode_core.debugger.commands.command import BaseCommand, WrongWords, number, real, split
from recode_core.debugger.estimates import Estimate
from recode_core.debugger.outcomes import Blamed, Outcome, Tried, arrived
from recode_core.debugger.rollouts import Horizon
from recode_core.errors import RecodeError
from recode_core.policies.policy import check_temperature

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger


class Regenerate(BaseCommand, frozen=True):
    """Ask again for a placeholder; with `candidates`, so often, each followed for `rollout` actions."""

    usage: ClassVar = 'regenerate NODE [hint "…"] [model M] [temperature T] [candidates K [rollout N|end]]'
    help: ClassVar = "ask again, or try out several expansions side by side"
    undo: ClassVar = "earlier branch"

    node: str
    hint: str = ""
    model: str = ""
    temperature: float | None = None
    candidates: int | None = None
    rollout: Horizon = 0

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        node, *given = split(text) or [""]
        if not node:
            raise WrongWords("a node must follow")
        options = _options(given)
        temperature = real(options["temperature"]) if "temperature" in options else None
        check_temperature(temperature)
        count = number(options["candidates"], "a number of candidates") if "candidates" in options else None
        return cls(
            node, options.get("hint", ""), options.get("model", ""), temperature, count, _horizon(options)
        )

    def words(self) -> str:
        options: dict[str, object] = {"hint": self.hint, "model": self.model}
        options |= {"temperature": "" if self.temperature is None else repr(self.temperature)}
        if self.candidates is not None:
            options |= {"candidates": self.candidates, "rollout": self.rollout or ""}
        return shlex.join(
            [
                self.node,
                *(str(word) for name, value in options.items() if value != "" for word in (name, value)),
            ]
        )

    def estimate(self, debugger: Debugger) -> Estimate | None:
        if self.candidates is None:
            return None
        return candidates.estimate(debugger.parts, self.node, self.candidates, self.rollout)

    def execute(self, debugger: Debugger) -> Outcome:
        asked = self.hint, self.model, self.temperature
        if self.candidates is None:
            return acted(debugger, lambda: debugger.regenerate(self.node, *asked))
        debugger.candidates = tuple(
            candidates.propose(debugger.parts, self.node, self.candidates, self.rollout, *asked)
        )
        return Tried(debugger.candidates)


class Graft(BaseCommand, frozen=True):
    """Go on with a candidate."""

    usage: ClassVar = "graft K"
    help: ClassVar = "go on with a candidate"
    undo: ClassVar = "earlier branch"

    candidate: int

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(number(text, "a candidate's number"))

    def words(self) -> str:
        return str(self.candidate)

    def execute(self, debugger: Debugger) -> Outcome:
        known = {candidate.number: candidate for candidate in debugger.candidates}
        if self.candidate not in known:
            numbers = ", ".join(map(str, known)) or "none"
            raise RecodeError(f"there is no candidate {self.candidate}; there are: {numbers}")
        candidates.graft(debugger, known[self.candidate])
        return arrived(debugger)


class FindBlame(BaseCommand, frozen=True):
    """Find the decision that lost the task, by `k` fresh continuations a probe."""

    usage: ClassVar = "blame [K]"
    help: ClassVar = "the decision that lost the task, by K fresh continuations a probe"

    k: int = 3

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(number(text or "3", "a number of continuations for each probe"))

    def words(self) -> str:
        return str(self.k)

    def estimate(self, debugger: Debugger) -> Estimate | None:
        return blame.estimate(debugger.parts, self.k)

    def execute(self, debugger: Debugger) -> Outcome:
        return Blamed(blame.blame(debugger.parts, self.k))


def _options(given: list[str]) -> dict[str, str]:
    """The options by name. Raises WrongWords for one that there isn't, or without a value."""
    options = dict(zip(given[::2], given[1::2], strict=False))
    unknown = options.keys() - {"hint", "model", "temperature", "candidates", "rollout"}
    if unknown or len(given) != 2 * len(options):
        raise WrongWords(
            f"after the node come options, each once and with its value, not {' '.join(given)!r}"
        )
    if "rollout" in options and "candidates" not in options:
        raise WrongWords("rollout goes with candidates")
    return options


def _horizon(options: dict[str, str]) -> Horizon:
    text = options.get("rollout", "0")
    return "end" if text == "end" else number(text, "a number of actions, or end,")
