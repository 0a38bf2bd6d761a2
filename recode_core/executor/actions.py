"""Actions: what a suspended `run("…")` asks of the world, and its answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from recode_core.environments import guard
from recode_core.errors import EnvironmentUnavailable
from recode_core.events import (
    ActionAsked,
    ActionFinished,
    ActionReached,
    Origin,
    WorldFailed,
    WorldReset,
)
from recode_core.executor.divergence import divergence
from recode_core.executor.run import Run
from recode_core.executor.stops import AtAction, Stop
from recode_core.interpreter import Called
from recode_core.values import (
    ACTION_LIMIT,
    MESSAGE_LIMIT,
    Observation,
    Span,
    clean,
    shortened,
)

_Answer = TypeVar("_Answer")

_DONE_TEXT = 160  # characters of an observation that a repair is told


def reset(run: Run) -> WorldReset:
    """The first observation, from the recording or from the world (compared where there are both)."""
    recorded = run.tape.take(WorldReset)
    if run.world is None:
        assert recorded is not None, "a first run needs a world"
        return recorded
    world = run.world
    observation = _answer(run, lambda: guard.reset(world))
    event = WorldReset(_answer(run, lambda: guard.instruction(world)), observation)
    if recorded is None:
        run.tape.emit(event)
        return event
    if WorldReset(guard.bounded(recorded.instruction), guard.observation_of(recorded.observation)) != event:
        raise divergence(run.tape.number, recorded, event)
    return recorded


def reach(run: Run, action: str, span: Span, origin: Origin | None = None) -> Stop:
    """Stop before an action; `span` is its call, or that of the function of an earlier turn that it is in."""
    event = ActionReached(run.place, clean(action), span, origin)
    run.tape.emit(event)
    return at(event)


def at(reached: ActionReached) -> AtAction:
    """The stop that a record of an action stands for."""
    return AtAction(reached.place, reached.action, reached.span, reached.origin)


def by_position(called: Called, edition: int) -> Called:
    """A `run` with its action as the only argument, where it is given by its name."""
    if edition > 2 and not called.args and called.kwargs.keys() == {"action"}:
        return replace(called, args=(called.kwargs["action"],), kwargs={})
    return called


def fault(called: Called) -> TypeError | ValueError | None:
    """What is wrong with the arguments of a `run`, if anything."""
    if called.kwargs or len(called.args) != 1:
        given = len(called.args) + len(called.kwargs)
        return TypeError(f'run() takes exactly one string, as in run("…"), but {given} arguments were given')
    if not isinstance(called.args[0], str):
        return TypeError(f"run() takes a string, not {type(called.args[0]).__name__}: {called.args[0]!r:.80}")
    if not is_action(called.args[0]):
        return ValueError(
            f"run() takes an action of at most {ACTION_LIMIT:,} characters, not {len(called.args[0]):,}"
        )
    return None


def is_action(text: object) -> bool:
    """Whether something can be asked of a world as an action."""
    return isinstance(text, str) and len(text) <= ACTION_LIMIT


def ask(run: Run, stop: AtAction) -> Observation:
    """The answer to an action, from the recording or from the world (compared where there are both)."""
    recorded = run.tape.take(ActionFinished)
    if recorded is not None and (run.world is None or recorded.by == "user"):
        observation = recorded.observation
    else:
        observation = _ask_world(run, stop, recorded)
    count(run, stop, observation)
    return observation


def count(run: Run, stop: AtAction, observation: Observation) -> None:
    """Take an answer into account."""
    run.spent.steps += 1
    run.spent.score = observation.score
    text = observation.text if len(observation.text) <= _DONE_TEXT else f"{observation.text[:_DONE_TEXT]}…"
    run.call.done.append(f"{stop.action} -> {text}")
    if stop.span == stop.place.span and stop.origin is None:  # nothing but the call: it shows its value
        run.call.show(f"{observation.text}\n")


def _ask_world(run: Run, stop: AtAction, recorded: ActionFinished | None) -> Observation:
    world = run.world
    assert world is not None, "going on needs a world"
    if recorded is None and run.restoration == "none":
        run.tape.note(ActionAsked(stop.action))
    began = time.perf_counter()
    observation = _answer(run, lambda: guard.step(world, stop.action, run.spent.score))
    if recorded is None:
        run.tape.emit(ActionFinished(observation, round(time.perf_counter() - began, 6)))
        return observation
    if guard.observation_of(recorded.observation) != observation:
        raise divergence(run.tape.number, recorded.observation, observation)
    return recorded.observation


def _answer(run: Run, ask: Callable[[], _Answer]) -> _Answer:
    try:
        return ask()
    except EnvironmentUnavailable as error:
        run.tape.note(WorldFailed(shortened(clean(str(error)), MESSAGE_LIMIT)))
        raise
