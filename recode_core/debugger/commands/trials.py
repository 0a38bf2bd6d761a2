"""Commands that request expansions again: `regenerate`, with one or more candidates, `graft`, `blame`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar, Self

from recode_core.debugger import blame, candidates, next_call
from recode_core.debugger.commands.changes import change_past
from recode_core.debugger.commands.command import (
    BaseCommand,
    InvalidArguments,
    parse_float,
    parse_int,
    split_arguments,
)
from recode_core.debugger.cost_estimate import CostEstimate
from recode_core.debugger.outcomes import Blamed, CandidatesSampled, Outcome, stop_reached
from recode_core.debugger.rollouts import RolloutSteps
from recode_core.errors import RecodeError
from recode_core.policies.policy import check_temperature
from recode_core.suggest import closest, unknown_name

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger


class Regenerate(BaseCommand, frozen=True):
    """Request another expansion of a placeholder, or several `candidates`, each continued for `rollout`
    actions.
    """

    usage: ClassVar = 'regenerate NODE [hint "…"] [model M] [temperature T] [candidates K [rollout N|end]]'
    help: ClassVar = "request another expansion, or compare several candidates"
    undo: ClassVar = "earlier branch"

    node: str
    hint: str = ""
    model: str = ""
    temperature: float | None = None
    candidates: int | None = None
    rollout: RolloutSteps = 0

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        node, *given = split_arguments(text) or [""]
        if not node:
            raise InvalidArguments("expected a node")
        options = _options(given)
        temperature = parse_float(options["temperature"]) if "temperature" in options else None
        check_temperature(temperature)
        count = (
            parse_int(options["candidates"], "a number of candidates") if "candidates" in options else None
        )
        return cls(
            node,
            options.get("hint", ""),
            options.get("model", ""),
            temperature,
            count,
            _rollout_steps(options),
        )

    def arguments(self) -> str:
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

    def estimate(self, debugger: Debugger) -> CostEstimate | None:
        if self.candidates is None:
            return None
        return candidates.estimate(debugger.parts, self.node, self.candidates, self.rollout, self.model)

    def estimate_to_confirm(self, debugger: Debugger) -> CostEstimate | None:
        if self.candidates is None:
            return next_call.estimate_regeneration(debugger.parts, self.node, self.model)
        return self.estimate(debugger)

    def execute(self, debugger: Debugger) -> Outcome:
        asked = self.hint, self.model, self.temperature
        if self.candidates is None:
            return change_past(debugger, lambda: debugger.regenerate(self.node, *asked))
        debugger.candidates = tuple(
            candidates.sample(debugger.parts, self.node, self.candidates, self.rollout, *asked)
        )
        return CandidatesSampled(debugger.candidates)


class Graft(BaseCommand, frozen=True):
    """Continue with a candidate."""

    usage: ClassVar = "graft K"
    help: ClassVar = "continue with a candidate"
    undo: ClassVar = "earlier branch"

    candidate: int

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(parse_int(text, "a candidate's number"))

    def arguments(self) -> str:
        return str(self.candidate)

    def execute(self, debugger: Debugger) -> Outcome:
        known = {candidate.number: candidate for candidate in debugger.candidates}
        if self.candidate not in known:
            numbers = ", ".join(map(str, known)) or "none"
            raise RecodeError(f"unknown candidate {self.candidate} (available: {numbers})")
        candidates.adopt(debugger, known[self.candidate])
        return stop_reached(debugger)


class FindBlame(BaseCommand, frozen=True):
    """Find the decision that lost the task, with `k` roll-outs per probe."""

    usage: ClassVar = "blame [K]"
    help: ClassVar = "find the decision that lost the task, with K roll-outs per probe"

    k: int = 3

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(parse_int(text or "3", "a number of roll-outs per probe"))

    def arguments(self) -> str:
        return str(self.k)

    def estimate(self, debugger: Debugger) -> CostEstimate | None:
        return blame.estimate(debugger.parts, self.k)

    def execute(self, debugger: Debugger) -> Outcome:
        return Blamed(blame.blame(debugger.parts, self.k))


def _options(given: list[str]) -> dict[str, str]:
    """Parse the options. Raises InvalidArguments for an unknown option, or one without a value."""
    options = dict(zip(given[::2], given[1::2], strict=False))
    known = ("hint", "model", "temperature", "candidates", "rollout")
    for name in options:
        if name not in known and closest(name, known):
            raise unknown_name(InvalidArguments, "option", name, known)
    if options.keys() - set(known) or len(given) != 2 * len(options):
        raise InvalidArguments(
            f"after the node come options, each once and with its value, not {' '.join(given)!r}"
        )
    if "rollout" in options and "candidates" not in options:
        raise InvalidArguments("rollout needs candidates")
    return options


def _rollout_steps(options: dict[str, str]) -> RolloutSteps:
    text = options.get("rollout", "0")
    return "end" if text == "end" else parse_int(text, "a number of actions or end")
