"""The recorder: it replays recorded events, then appends new ones to the log.

The executor works in the same way in a replay and in a first execution: it emits events and asks for inputs.
In a replay each event is compared with the recorded one, and each input comes from the recording. After its
end events are appended to the log, and inputs come from policy and world.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from recode_core.events import (
    ANNOTATIONS,
    CHANGES,
    ActionFinished,
    ActionReached,
    Change,
    Event,
    ExpansionAccepted,
    ExpansionRefused,
    ExpansionRequested,
    LimitReached,
    MessageRef,
    Printed,
    StatementFailed,
)
from recode_core.executor.divergence import divergence, missing
from recode_core.executor.shortening import is_shortened
from recode_core.log import Log, Record, text_hash
from recode_core.values import Message

_E = TypeVar("_E", bound=Event)


class Recorder:
    """Replays the `recorded` events, then appends to `branch` of a log (by default the current one).

    `reworded` are the nodes whose prompt or reply would be different today.
    """

    def __init__(self, log: Log, recorded: Iterable[Record] = (), branch: str | None = None) -> None:
        self._log = log
        self._branch = branch
        records = [record for record in recorded if not isinstance(record.event, ANNOTATIONS)]
        self._recorded = [record.event for record in records]
        self._numbers = [record.n for record in records]
        self._at = 0
        self.reworded: list[str] = []

    @property
    def is_repeating(self) -> bool:
        """Whether recorded events are left."""
        return self._at < len(self._recorded)

    @property
    def size(self) -> int:
        """The size of the session file in bytes."""
        return self._log.size

    @property
    def repeated(self) -> int:
        """The number of recorded events that were replayed."""
        return self._at

    def expect(self, kind: type[_E]) -> _E | None:
        """Take the next recorded event, an input of a kind; None at the end of the recording.

        Raises Diverged if the next event is of another kind.
        """
        if not self.is_repeating:
            return None
        event = self._recorded[self._at]
        if not isinstance(event, kind):
            raise missing(self._numbers[self._at], event, kind.__name__)
        self._at += 1
        return event

    def take(self, kind: type[_E]) -> _E | None:
        """Like `expect`, but None if the next event is of another kind."""
        return None if self.peek(kind) is None else self.expect(kind)

    @property
    def number(self) -> int:
        """The number of the last replayed record."""
        return self._numbers[self._at - 1]

    @property
    def next_change(self) -> Change | None:
        """The next recorded event if it is a change by the user."""
        event = self._recorded[self._at] if self.is_repeating else None
        return event if isinstance(event, CHANGES) else None

    def peek(self, kind: type[_E]) -> _E | None:
        """The next recorded event if it is of a kind, without taking it."""
        event = self._recorded[self._at] if self.is_repeating else None
        return event if isinstance(event, kind) else None

    def verdict(self) -> ExpansionAccepted | ExpansionRefused | None:
        """The recorded acceptance or refusal of the last reply; None if there is none yet."""
        return self.peek(ExpansionAccepted) or self.peek(ExpansionRefused)

    def will_crash(self) -> bool:
        """Whether the statement that starts here crashed the sandbox in the recording."""
        for at in range(self._at, len(self._recorded)):
            event = self._recorded[at]
            if not isinstance(event, ActionReached | ActionFinished | LimitReached | Printed):
                return isinstance(event, StatementFailed) and event.failure.lost
        return False

    def emit(self, event: Event) -> None:
        """Compare an event with the recorded one, or append it to the log. Raises Diverged."""
        if self._at >= len(self._recorded):
            self._log.append(event, self._branch)
            return
        recorded = self._recorded[self._at]
        if recorded != event and not is_shortened(recorded, event) and not self._is_reworded(recorded, event):
            raise divergence(self._numbers[self._at], recorded, event)
        self._at += 1

    def intern(self, message: Message) -> MessageRef:
        """A reference to a message. Outside of a replay its text is stored if it is new."""
        if self.is_repeating:
            return MessageRef(message.role, text_hash(message.content))
        return self._log.store(message, self._branch)

    def resolve(self, ref: MessageRef) -> Message:
        """The message of a reference."""
        return self._log.load(ref)

    def annotate(self, event: Event) -> None:
        """Append an annotation, also during a replay."""
        self._log.append(event, self._branch)

    def _is_reworded(self, recorded: Event, event: Event) -> bool:
        """Whether two requests differ only in their messages: no divergence, but noted in `reworded`."""
        if not isinstance(recorded, ExpansionRequested) or not isinstance(event, ExpansionRequested):
            return False
        fields = ("place", "attempt", "reason", "statement", "variables")
        if any(getattr(recorded, name) != getattr(event, name) for name in fields):
            return False
        self.reworded.append(event.place.node)
        return True
