"""Text for the debug console: actions, observations, printed text, failures, replies as they arrive."""

from __future__ import annotations

from collections.abc import Iterable

from recode_core.dap.client import Category, Client
from recode_core.debugger.debugger import Debugger
from recode_core.events import (
    ActionFinished,
    ActionReached,
    CallFailed,
    EpisodeFinished,
    Event,
    ExpansionRefused,
    LimitReached,
    Printed,
    StatementFailed,
    WorldFailed,
)
from recode_core.log import Record

_MOST = 50_000  # characters about the records that a move passes; the rest is counted


class ConsoleOutput:
    """Sends text about records: of the run as it goes on, and of recorded history that a move passes.

    Records are reported in their order, also where a move passes history and then goes on.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._debugger: Debugger | None = None
        self._cursor = -1

    def follow(self, debugger: Debugger) -> None:
        """Report the records of this debugger, and of no other any more."""
        self._debugger = debugger
        debugger.log.followers.append(self._recorded)
        if debugger.parts.live is not None:
            debugger.parts.live.on_stream = lambda branch, text: self._client.output("stdout", text)

    def begin(self) -> None:
        """Begin a move from the cursor."""
        if self._debugger is not None:
            self._cursor = self._debugger.cursor

    def end(self, is_forward: bool) -> None:
        """End a move. One that only passed history is reported if it went forward on the branch."""
        debugger = self._debugger
        if debugger is not None and is_forward:
            self._pass_history(debugger, debugger.cursor)

    def _recorded(self, record: Record) -> None:
        debugger = self._debugger
        if debugger is None or record.branch != debugger.branch:
            return
        self._pass_history(debugger, record.n - 1)
        self._cursor = record.n
        self._send(text_of(record.event))

    def _pass_history(self, debugger: Debugger, to: int) -> None:
        timeline, before = debugger.timeline, self._cursor
        if to <= before:
            return
        self._cursor = to
        records = timeline.records[timeline.index(before) + 1 : timeline.index(to) + 1]
        self._send_all(record.event for record in records)

    def _send_all(self, events: Iterable[Event]) -> None:
        """Send the texts of events, joined while their category is the same."""
        joined: list[tuple[Category, str]] = []
        size = left_out = 0
        for category, text in map(text_of, events):
            if size > _MOST:
                left_out += len(text)
                continue
            size += len(text)
            if joined and joined[-1][0] == category:
                joined[-1] = category, joined[-1][1] + text
            elif text:
                joined.append((category, text))
        for each in joined:
            self._send(each)
        if left_out:
            self._client.output("console", f"… {left_out:,} more characters\n")

    def _send(self, text: tuple[Category, str]) -> None:
        if text[1]:
            self._client.output(*text)


def text_of(event: Event) -> tuple[Category, str]:
    """The text about an event; empty if there is nothing to say."""
    match event:
        case ActionReached(action=action):
            return "console", f"> {action}\n"
        case ActionFinished(observation=observation):
            return "stdout", f"{observation.text}\n"
        case Printed(text=text):
            return "stdout", text if text.endswith("\n") else f"{text}\n"
        case StatementFailed(failure=failure):
            return "stderr", f"{failure.traceback or f'{failure.type}: {failure.message}'}\n"
        case ExpansionRefused(node=node, rule=rule):
            return "stderr", f"the reply for {node} was refused: {rule}\n"
        case CallFailed(message=message) | WorldFailed(message=message):
            return "stderr", f"{message}\n"
        case LimitReached(name=name, value=value, limit=limit):
            return "console", f"the limit of {name} is reached: {value:g} of {limit:g}\n"
        case EpisodeFinished(outcome=outcome, score=score):
            return "console", f"the run has ended: {outcome}, score {score:g}\n"
    return "console", ""
