"""Keeping up with a log that another thread writes: a timeline of its current branch, a bit at a time."""

from __future__ import annotations

import threading

from recode_core.events import BranchStarted, BranchSwitched
from recode_core.log import Log, Record
from recode_core.timeline import Timeline
from recode_core.timeline.branches import BranchIndex

_AT_ONCE = 4000  # records: some 25 ms
_LONG = 20_000  # records that take too long to be read anew between two frames


class Follower:
    """Follows a log. `timeline` is that of `branch`, `branches` of all branches.

    Both belong to the thread that calls `catch_up`.
    """

    def __init__(self, log: Log, branch: str, timeline: Timeline, branches: BranchIndex) -> None:
        self.log = log
        self.branch = branch
        self.timeline = timeline
        self.branches = branches
        self._seen = timeline.records[-1].n + 1 if timeline.records else 0
        self._reading: threading.Thread | None = None
        self._read: tuple[str, Timeline, int] | None = None

    def catch_up(self) -> bool:
        """Take what is new, up to a bearable amount; whether that was all."""
        if self._reading is not None and not self._take_over():
            return False
        self._add_to_branches()
        new = self.log.records[self._seen :]
        turn = next((record for record in reversed(new) if _turns(record)), None)
        if turn is not None and turn.branch != self.branch:
            self._turn_to(turn.branch, turn.n)
            return self.catch_up()
        for record in new[:_AT_ONCE]:
            if record.branch == self.branch:
                self.timeline.add(record)
        self._seen += min(len(new), _AT_ONCE)
        return len(new) <= _AT_ONCE and self.branches.added >= self._seen

    def _add_to_branches(self) -> None:
        for record in self.log.records[self.branches.added : self.branches.added + _AT_ONCE]:
            self.branches.add(record)

    def _turn_to(self, branch: str, at: int) -> None:
        """Begin anew on another branch, with its records to record `at`; aside, if they are many."""
        records = self.log.line(branch, at)
        if len(records) <= _LONG:
            self.branch, self.timeline, self._seen = branch, Timeline(records), at + 1
            return

        def read() -> None:
            self._read = branch, Timeline(records), at + 1

        self._reading = threading.Thread(target=read, name="follower", daemon=True)
        self._reading.start()

    def _take_over(self) -> bool:
        """Go on with what was read aside, if it is there."""
        if self._read is None:
            return False
        self.branch, self.timeline, self._seen = self._read
        self._reading = self._read = None
        return True


def _turns(record: Record) -> bool:
    """Whether the session goes on on the branch of this record."""
    event = record.event
    return isinstance(event, BranchSwitched) or (isinstance(event, BranchStarted) and not event.aside)
