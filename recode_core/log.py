"""The log: numbered, timed records in the order in which they happened. Everything shown is a fold over it.

Record `n` is the n-th of its session, from 0. A log hands each record to its sink before anybody
else sees it, so that what was shown is also on disk.
"""

from __future__ import annotations

import hashlib
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Annotated, TypeVar

import msgspec

from recode_core.errors import NotASession
from recode_core.events import BranchStarted, BranchSwitched, Event, MessageRef, TextStored
from recode_core.values import Count, Message, Moment

MAIN = "main"

_E = TypeVar("_E")

_ABOUT_THE_LOG = frozenset({TextStored, BranchStarted, BranchSwitched})


class Record(msgspec.Struct, frozen=True, gc=False):
    """An event with its number, branch and time (seconds since the epoch)."""

    n: Count
    branch: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    time: Moment
    event: Event


def _now() -> float:
    return time.time_ns() // 1_000_000 / 1000  # to the millisecond


class Log:
    """An append-only sequence of records, which form branches. Any thread may append.

    The *line* of a branch are its parent's records up to where it left it, then its own. A session goes
    on on its *current* branch; what is appended to another, aside, leaves that as it is. Each of the
    `followers` is called with a record once it was appended, in the thread that appends it.
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
        """Bytes of the file that the sink writes, as `measure` says; 0 where it is not measured."""
        return self._measure()

    @property
    def branches(self) -> Mapping[str, BranchStarted | None]:
        """How each branch was started, as things are now: a snapshot, which any thread may iterate over."""
        with self._lock:
            if self._snapshot is None:
                self._snapshot = MappingProxyType(dict(self._branches))
            return self._snapshot

    def append(self, event: Event, branch: str | None = None) -> Record:
        """Add an event to a branch (the current one by default); it is in the sink when this returns."""
        with self._lock:
            record = Record(len(self.records), branch or self.branch, self._clock(), event)
            self._sink(record)
            self._take(record)
            for follower in self.followers:
                follower(record)
        return record

    def line(self, branch: str | None = None, up_to: int | None = None) -> list[Record]:
        """The records of a branch (the current one by default), to record `up_to` included."""
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
        """The number of the last record of a branch's line up to record `up_to`; -1 where there is none."""
        while True:
            own = self._own[branch]
            if at := bisect_right(own, up_to, key=lambda r: r.n):
                return own[at - 1].n
            started = self._branches[branch]
            if started is None:
                return -1
            branch, up_to = started.parent, min(up_to, started.at)

    def last_of_each(self, kind: type[_E]) -> dict[str, _E | None]:
        """The last event of a kind on the line of each branch. A branch takes its parent's over, so that a
        chain of branches is not gone through once a branch."""
        records = tuple(self.records)
        own: dict[str, list[tuple[int, _E]]] = {name: [] for name in self.branches}
        for record in records:
            if isinstance(record.event, kind):
                own[record.branch].append((record.n, record.event))
        before: dict[str, tuple[int, _E] | None] = {}
        for name, started in tuple(self.branches.items()):
            found, up_to = None, started.at if started is not None else -1
            while started is not None:
                above = own[started.parent]
                at = bisect_right(above, up_to, key=lambda each: each[0])
                found = above[at - 1] if at else before[started.parent]
                if found is None or found[0] <= up_to:
                    break
                started = self.branches[started.parent]  # which was started later than this one leaves it
            before[name] = found if started is not None else None
        last = {name: own[name][-1] if own[name] else before[name] for name in before}
        return {name: found[1] if found is not None else None for name, found in last.items()}

    def last(self, branch: str) -> int:
        """The number of the last record that was written to a branch; -1 where there is none."""
        own = self._own[branch]
        return own[-1].n if own else -1

    def next_number(self, kind: str) -> int:
        """The number in the name of the next branch of that kind."""
        number = 1
        while f"{kind}-{number}" in self._branches:
            number += 1
        return number

    def fork(self, at: int, kind: str, reason: str = "", aside: bool = False) -> str:
        """Start a branch after record `at` of the current line, and go on there unless it is `aside`."""
        with self._lock:
            name = f"{kind}-{self.next_number(kind)}"
            self.append(BranchStarted(self.branch, at, reason, aside), name)
        return name

    def switch(self, branch: str) -> None:
        """Go on on another branch."""
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
        """Refer to a message, whose text is written only once a session."""
        digest = text_hash(message.content)
        with self._lock:
            if digest not in self._texts:
                self.append(TextStored(digest, message.content), branch)
        return MessageRef(message.role, digest)

    def load(self, ref: MessageRef) -> Message:
        """The message that `ref` stands for."""
        return Message(ref.role, self.text(ref.text))

    def text(self, digest: str) -> str:
        """The text that is stored under a hash."""
        return self._texts[digest]


def text_hash(text: str) -> str:
    """The name under which a text is stored."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
