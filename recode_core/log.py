"""The log: numbered, timed records in the order in which they happened. Everything shown is a fold over it.

Record `n` is the n-th of its session, from 0. A log hands each record to its sink before anybody
else sees it, so that what was shown is also on disk.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable

import msgspec

from recode_core.events import Event, MessageRef, TextStored
from recode_core.values import Message

MAIN = "main"


class Record(msgspec.Struct, frozen=True):
    """An event with its number, branch and time (seconds since the epoch)."""

    n: int
    branch: str
    time: float
    event: Event


class Log:
    """An append-only sequence of records."""

    def __init__(
        self,
        records: Iterable[Record] = (),
        sink: Callable[[Record], None] = lambda record: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.records = list(records)
        self.branch = MAIN
        self._sink = sink
        self._clock = clock
        self._texts = {r.event.hash: r.event.text for r in self.records if type(r.event) is TextStored}

    def __len__(self) -> int:
        return len(self.records)

    def append(self, event: Event) -> Record:
        """Add an event; it is in the sink when this returns."""
        record = Record(len(self.records), self.branch, round(self._clock(), 3), event)
        self._sink(record)
        self.records.append(record)
        return record

    def store(self, message: Message) -> MessageRef:
        """Refer to a message, whose text is written only once a session."""
        digest = text_hash(message.content)
        if digest not in self._texts:
            self._texts[digest] = message.content
            self.append(TextStored(digest, message.content))
        return MessageRef(message.role, digest)

    def load(self, ref: MessageRef) -> Message:
        """The message that `ref` stands for."""
        return Message(ref.role, self._texts[ref.text])


def text_hash(text: str) -> str:
    """The name under which a text is stored."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
