"""Progress of a run: a live tree on a terminal, elsewhere one line an event."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from recode_core.episode import Episode
from recode_core.events import (
    ActionFinished,
    ActionReached,
    Event,
    ExpansionAccepted,
    ExpansionRefused,
    LimitReached,
    StatementFailed,
)
from recode_core.executor.run_state import AtAction, AtModel, RunState
from recode_core.format import counted
from recode_tui.cli.output import console as console_of
from recode_tui.emoji import simplify
from recode_tui.text import one_line
from recode_tui.tree_text import window

OnStop = Callable[[RunState], None]

_WHOLE = 4000  # characters of a failure
_INTERVAL = 0.1  # seconds between two updates


@contextmanager
def live_tree(episode: Episode, console: Console) -> Iterator[OnStop]:
    """Draw the tree at stops, but not too often, and before each call of the policy."""
    drawn = 0.0
    with Live(console=console, auto_refresh=False, transient=True) as live:

        def draw(state: RunState) -> None:
            nonlocal drawn
            now = time.monotonic()
            if now - drawn >= _INTERVAL or isinstance(state, AtModel):
                rows = window(episode.timeline.end, console.height - 3)
                live.update(Group(rows, _status(episode, state)), refresh=True)
                drawn = now

        yield draw


@contextmanager
def show_count(count: int, unit: str) -> Iterator[Callable[[int], None]]:
    """A function that shows how many of several things are done, on stderr if that is a terminal."""
    out = console_of(is_error=True)
    if count < 2 or not out.is_terminal:
        yield lambda done: None
        return
    with Live(console=out, auto_refresh=False, transient=True) as live:
        drawn = 0.0

        def show(done: int) -> None:
            nonlocal drawn
            now = time.monotonic()
            if now - drawn >= _INTERVAL:
                live.update(Text(f"{done:,} of {count:,} {unit}", "cyan"), refresh=True)
                drawn = now

        yield show


def _status(episode: Episode, state: RunState) -> Text:
    match state:
        case AtModel():
            activity = f"waiting for {episode.header.settings.model}"
        case AtAction(action=action):
            activity = f"> {action}"
        case _:
            activity = ""
    now = episode.timeline.end
    usage = now.usage
    numbers = ((now.steps, "step"), (usage.calls, "call"), (usage.tokens, "token"))
    counts = " · ".join(counted(*each) for each in numbers) if now.path else ""
    return Text(simplify(one_line(f"{counts}  {activity}", 160)), "cyan", no_wrap=True, overflow="ellipsis")


@contextmanager
def lines(episode: Episode, console: Console) -> Iterator[OnStop]:
    """Print events as they happen."""
    printed = len(episode.log)

    def print_new(state: RunState) -> None:
        nonlocal printed
        for record in episode.log.records[printed:]:
            if text := _line(record.event):
                console.print(text)
        printed = len(episode.log)

    yield print_new


def _line(event: Event) -> str:
    match event:
        case ExpansionAccepted(node=node, thought=thought):
            return f"{node} expanded: {one_line(thought, 160)}"
        case ExpansionRefused(node=node, rule=rule):
            return f"{node} refused: {one_line(rule, _WHOLE)}"
        case ActionReached(place=place, action=action):
            return f"{place.node} > {one_line(action, 160)}"
        case ActionFinished(observation=observation):
            return f"    {one_line(observation.text, 160)}"
        case LimitReached(name=name, value=value, limit=limit):
            return f"    not done: the limit of {name} is reached, {value:g} of {limit:g}"
        case StatementFailed(place=place, failure=failure):
            return f"{place.node} failed: {one_line(f'{failure.type}: {failure.message}', _WHOLE)}"
        case _:
            return ""
