"""The log: numbered records with timestamps, in order. Everything that is shown is derived from it.

Record `n` is the n-th of its session, from 0. A record goes to the sink before the followers see it, so
everything on the screen is also on disk.
"""

from __future__ import annotations

import hashlib
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Annotated

import msgspec

from recode_core.errors import NotASession
from recode_core.events import BranchStarted, BranchSwitched, Event, MessageRef, TextStored
from recode_core.values import Count, Message, Timestamp

MAIN = "main"

_ABOUT_THE_LOG = frozenset({TextStored, BranchStarted, BranchSwitched})


class Record(msgspec.Struct, frozen=True, gc=False):
    """An event with its number, branch and time (seconds since the epoch)."""

    n: Count
    branch: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    time: Timestamp
    event: Event


def _now() -> float:
    return time.time_ns() // 1_000_000 / 1000  # to the millisecond


class Log:
    """An append-only sequence of records, which form branches. Any thread may append.

    The *line* of a branch is its parent's line up to the fork, then its own records. `branch` is the
    current branch; appending to another one does not change it. Each follower is called with every appended
    record, in the thread that appends it.
    """

    def __init__(
        self,
        records: Iterable[Record] = (),
        sink: Callable[[Record], None] = lambda record: None,
        clock: Callable[[], float] = _now,
        measure: Callable[[], int] = lambda: 0,
    ) -> None:
        self.records: list[Record] = []
        self._branches: dict[str, BranchStarted | None] = {MAIN: None}
        self._snapshot: Mapping[str, BranchStarted | None] | None = None
        self.branch = MAIN
        self._own: dict[str, list[Record]] = {MAIN: []}
        self._texts: dict[str, str] = {}
        self._sink = sink
        self._clock = clock
        self._measure = measure
        self._lock = threading.RLock()
        self.followers: list[Callable[[Record], None]] = []
        for record in records:
            self._take(record)

    def __len__(self) -> int:
        return len(self.records)

    @property
    def size(self) -> int:
        """The size in bytes of the file that the sink writes, from `measure`; 0 without one."""
        return self._measure()

    @property
    def branches(self) -> Mapping[str, BranchStarted | None]:
        """The branches with their start event, as a snapshot that any thread may iterate over."""
        with self._lock:
            if self._snapshot is None:
                self._snapshot = MappingProxyType(dict(self._branches))
            return self._snapshot

    def append(self, event: Event, branch: str | None = None) -> Record:
        """Append an event to a branch, by default the current one. The sink has it when this returns."""
        with self._lock:
            record = Record(len(self.records), branch or self.branch, self._clock(), event)
            self._sink(record)
            self._take(record)
            for follower in self.followers:
                follower(record)
        return record

    def receive(self, record: Record) -> None:
        """Append a record that another process wrote: the next one of the same session. It has no sink."""
        with self._lock:
            self._take(record)
            for follower in self.followers:
                follower(record)

    def line(self, branch: str | None = None, up_to: int | None = None) -> list[Record]:
        """The line of a branch (by default the current one), up to and including record `up_to`."""
        name = self.branch if branch is None else branch
        parts: list[list[Record]] = []
        while True:
            own = self._own[name]
            is_whole = up_to is None or not own or own[-1].n <= up_to
            parts.append(own if is_whole else own[: bisect_right(own, up_to, key=lambda r: r.n)])
            started = self._branches[name]
            if started is None:
                return list(chain.from_iterable(reversed(parts)))
            name = started.parent
            up_to = started.at if up_to is None else min(up_to, started.at)

    def own(self, branch: str) -> Sequence[Record]:
        """The records that were written to a branch itself."""
        return tuple(self._own[branch])

    def last_up_to(self, branch: str, up_to: int) -> int:
        """The number of the last record of a branch's line up to record `up_to`; -1 if there is none."""
        while True:
            own = self._own[branch]
            if at := bisect_right(own, up_to, key=lambda r: r.n):
                return own[at - 1].n
            started = self._branches[branch]
            if started is None:
                return -1
            branch, up_to = started.parent, min(up_to, started.at)

    def last(self, branch: str) -> int:
        """The number of the last record of a branch itself; -1 if it has none."""
        own = self._own[branch]
        return own[-1].n if own else -1

    def next_number(self, kind: str) -> int:
        """The number of the next branch of that kind, as used in its name."""
        number = 1
        while f"{kind}-{number}" in self._branches:
            number += 1
        return number

    def fork(self, at: int, kind: str, reason: str = "", aside: bool = False) -> str:
        """Start a branch after record `at` of the current line. It becomes current unless it is `aside`."""
        with self._lock:
            name = f"{kind}-{self.next_number(kind)}"
            self.append(BranchStarted(self.branch, at, reason, aside), name)
        return name

    def switch(self, branch: str) -> None:
        """Make another branch the current one."""
        if branch != self.branch:
            self.append(BranchSwitched(), branch)

    def _take(self, record: Record) -> None:
        if type(record.event) in _ABOUT_THE_LOG:
            self._arrange(record)
        if record.branch not in self._own:
            raise NotASession(f"record {record.n} is on branch {record.branch!r}, which was never started")
        self.records.append(record)
        self._own[record.branch].append(record)

    def _arrange(self, record: Record) -> None:
        match record.event:
            case TextStored() as event:
                self._texts[event.hash] = event.text
            case BranchStarted() as event:
                self._branches[record.branch] = event
                self._snapshot = None
                self._own[record.branch] = []
                self.branch = self.branch if event.aside else record.branch
            case BranchSwitched():
                self.branch = record.branch

    def store(self, message: Message, branch: str | None = None) -> MessageRef:
        """Store the text of a message, once per session, and return a reference to it."""
        digest = text_hash(message.content)
        with self._lock:
            if digest not in self._texts:
                self.append(TextStored(digest, message.content), branch)
        return MessageRef(message.role, digest)

    def load(self, ref: MessageRef) -> Message:
        """The message of a reference."""
        return Message(ref.role, self.text(ref.text))

    def text(self, digest: str) -> str:
        """The stored text with a hash."""
        return self._texts[digest]


def text_hash(text: str) -> str:
    """The hash under which a text is stored."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
