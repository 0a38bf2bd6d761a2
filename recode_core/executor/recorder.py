"""Where an execution writes to, and what it may be repeating.

An execution does not know whether it is the first: it emits events and asks for inputs. While its
recorder still holds recorded events, each event is compared with the one recorded and each input comes
from there; after that, events are appended to the log and inputs come from outside.
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
    """Recorded events to repeat, then the end of a branch of a log to append to: the current one, or
    one that it is bound to."""

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
        """Whether there is something recorded ahead."""
        return self._at < len(self._recorded)

    @property
    def size(self) -> int:
        """Bytes of the session that the log is written to."""
        return self._log.size

    @property
    def repeated(self) -> int:
        """How many recorded events were met again."""
        return self._at

    def expect(self, kind: type[_E]) -> _E | None:
        """The recorded input that comes next; None when the recording is at its end.

        Raises Diverged where something else was recorded here.
        """
        if not self.is_repeating:
            return None
        event = self._recorded[self._at]
        if not isinstance(event, kind):
            raise missing(self._numbers[self._at], event, kind.__name__)
        self._at += 1
        return event

    def take(self, kind: type[_E]) -> _E | None:
        """Like `expect`, but None where something else was recorded."""
        return None if self.peek(kind) is None else self.expect(kind)

    @property
    def number(self) -> int:
        """The number of the record that was met again last."""
        return self._numbers[self._at - 1]

    @property
    def next_change(self) -> Change | None:
        """The user's change that was recorded next, if there is one."""
        event = self._recorded[self._at] if self.is_repeating else None
        return event if isinstance(event, CHANGES) else None

    def peek(self, kind: type[_E]) -> _E | None:
        """The recorded event that comes next, if it is of that kind; it is not taken."""
        event = self._recorded[self._at] if self.is_repeating else None
        return event if isinstance(event, kind) else None

    def verdict(self) -> ExpansionAccepted | ExpansionRefused | None:
        """What was recorded to have become of the reply that was taken last; None where that is open."""
        return self.peek(ExpansionAccepted) or self.peek(ExpansionRefused)

    def will_crash(self) -> bool:
        """Whether the statement that starts here crashed the sandbox when it was recorded."""
        for at in range(self._at, len(self._recorded)):
            event = self._recorded[at]
            if not isinstance(event, ActionReached | ActionFinished | LimitReached | Printed):
                return isinstance(event, StatementFailed) and event.failure.lost
        return False

    def emit(self, event: Event) -> None:
        """Compare with the recording, or append. Raises Diverged."""
        if self._at >= len(self._recorded):
            self._log.append(event, self._branch)
            return
        recorded = self._recorded[self._at]
        if recorded != event and not is_shortened(recorded, event) and not self._is_reworded(recorded, event):
            raise divergence(self._numbers[self._at], recorded, event)
        self._at += 1

    def intern(self, message: Message) -> MessageRef:
        """Refer to a message; it is written only when it is new and nothing is being repeated."""
        if self.is_repeating:
            return MessageRef(message.role, text_hash(message.content))
        return self._log.store(message, self._branch)

    def resolve(self, ref: MessageRef) -> Message:
        """The message that `ref` stands for."""
        return self._log.load(ref)

    def annotate(self, event: Event) -> None:
        """Append an annotation, whatever is being repeated."""
        self._log.append(event, self._branch)

    def _is_reworded(self, recorded: Event, event: Event) -> bool:
        """Whether two requests differ in their wording only, which is worth a notice and no more."""
        if not isinstance(recorded, ExpansionRequested) or not isinstance(event, ExpansionRequested):
            return False
        fields = ("place", "attempt", "reason", "statement", "variables")
        if any(getattr(recorded, name) != getattr(event, name) for name in fields):
            return False
        self.reworded.append(event.place.node)
        return True
