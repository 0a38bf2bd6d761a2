"""Keeping up with a log that another thread writes: a chronicle of its current branch, a bit at a time."""

from __future__ import annotations

import threading

from recode_core.debugger.chronicle import Chronicle
from recode_core.debugger.chronicle.lanes import Lanes
from recode_core.events import BranchStarted, BranchSwitched
from recode_core.log import Log, Record

_AT_ONCE = 4000  # records: some 25 ms
_LONG = 20_000  # records that take too long to be read anew between two frames


class Follower:
    """Follows a log. `chronicle` is of `branch`, `lanes` are of all branches.

    Both belong to the thread that calls `catch_up`.
    """

    def __init__(self, log: Log, branch: str, chronicle: Chronicle, lanes: Lanes) -> None:
        self.log = log
        self.branch = branch
        self.chronicle = chronicle
        self.lanes = lanes
        self._seen = chronicle.records[-1].n + 1 if chronicle.records else 0
        self._reading: threading.Thread | None = None
        self._read: tuple[str, Chronicle, int] | None = None

    def catch_up(self) -> bool:
        """Take what is new, up to a bearable amount; whether that was all."""
        if self._reading is not None and not self._take_over():
            return False
        self._keep_lanes()
        new = self.log.records[self._seen :]
        turn = next((record for record in reversed(new) if _turns(record)), None)
        if turn is not None and turn.branch != self.branch:
            self._turn_to(turn.branch, turn.n)
            return self.catch_up()
        for record in new[:_AT_ONCE]:
            if record.branch == self.branch:
                self.chronicle.add(record)
        self._seen += min(len(new), _AT_ONCE)
        return len(new) <= _AT_ONCE and self.lanes.taken >= self._seen

    def _keep_lanes(self) -> None:
        for record in self.log.records[self.lanes.taken : self.lanes.taken + _AT_ONCE]:
            self.lanes.take(record)

    def _turn_to(self, branch: str, at: int) -> None:
        """Begin anew on another branch, with its records to record `at`; aside, if they are many."""
        records = self.log.line(branch, at)
        if len(records) <= _LONG:
            self.branch, self.chronicle, self._seen = branch, Chronicle(records), at + 1
            return

        def read() -> None:
            self._read = branch, Chronicle(records), at + 1

        self._reading = threading.Thread(target=read, name="follower", daemon=True)
        self._reading.start()

    def _take_over(self) -> bool:
        """Go on with what was read aside, if it is there."""
        if self._read is None:
            return False
        self.branch, self.chronicle, self._seen = self._read
        self._reading = self._read = None
        return True


def _turns(record: Record) -> bool:
    """Whether the session goes on on the branch of this record."""
    event = record.event
    return isinstance(event, BranchSwitched) or (isinstance(event, BranchStarted) and not event.aside)
