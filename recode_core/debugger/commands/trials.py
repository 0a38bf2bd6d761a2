"""Asking again: once, for several candidates to choose from, or from every placeholder of a failed run.

What money will be spent on is said before it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from recode_core.debugger import blame, candidates, said, show
from recode_core.debugger.commands.changes import acted
from recode_core.debugger.commands.console import Console, WrongWords, command, number, real, words
from recode_core.debugger.rollouts import Horizon
from recode_core.errors import RecodeError
from recode_core.policies.policy import check_temperature

_USAGE = 'regenerate NODE [hint "…"] [model M] [temperature T] [candidates K [rollout N|end]]'


@command(_USAGE, "ask again, or try out several expansions side by side", "earlier branch")
def _regenerate(console: Console, text: str, block: str | None) -> Iterator[str]:
    node, *given = words(text) or [""]
    if not node:
        raise WrongWords("a node must follow")
    options = _options(given)
    debugger = console.debugger
    hint, model = options.get("hint", ""), options.get("model", "")
    temperature = real(options["temperature"]) if "temperature" in options else None
    check_temperature(temperature)
    if "candidates" not in options:
        yield from acted(console, lambda debugger: debugger.regenerate(node, hint, model, temperature))
        return
    count, rollout = number(options["candidates"], "a number of candidates"), _horizon(options)
    yield said.estimate(candidates.estimate(debugger.parts, node, count, rollout))
    console.candidates = candidates.propose(debugger.parts, node, count, rollout, hint, model, temperature)
    yield from said.candidates(console.candidates)


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


@command("graft K", "go on with a candidate", "earlier branch")
def _graft(console: Console, text: str, block: str | None) -> Iterator[str]:
    wanted = number(text, "a candidate's number")
    found = [candidate for candidate in console.candidates if candidate.number == wanted]
    if not found:
        numbers = ", ".join(str(candidate.number) for candidate in console.candidates) or "none"
        raise RecodeError(f"there is no candidate {wanted}; there are: {numbers}")
    candidates.graft(console.debugger, found[0])
    yield from show.arrival(console.debugger)


@command("blame [K]", "the decision that lost the task, by K fresh continuations a probe")
def _blame(console: Console, text: str, block: str | None) -> Iterator[str]:
    k = number(text or "3", "a number of continuations for each probe")
    yield said.estimate(blame.estimate(console.debugger.parts, k))
    yield from said.blame(blame.blame(console.debugger.parts, k))
