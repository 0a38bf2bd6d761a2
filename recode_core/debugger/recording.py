"""The branch that a session goes on on, with its timeline."""

from __future__ import annotations

from recode_core.errors import RecodeError
from recode_core.events import ANNOTATIONS
from recode_core.log import Log, Record
from recode_core.timeline import Timeline
from recode_core.timeline.branches import BranchIndex


class Recording:
    """A log with the timeline of its current branch, and an index of all its branches.

    A record is indexed once, in the thread that appends it, before `Log.append` returns. Another thread
    may ask a timeline about the records that it has: see `Timeline`. On another branch there is another
    timeline.
    """

    def __init__(self, log: Log) -> None:
        self.log = log
        self.timeline = Timeline(log.line(), log.branch)
        self.branches = BranchIndex(log.records)
        log.followers.append(self._follow)

    @property
    def branch(self) -> str:
        """The name of the current branch."""
        return self.timeline.branch

    def fork(self, at: int, kind: str, reason: str) -> None:
        """Go on on a new branch, which leaves this one after record `at`."""
        self.log.switch(self.branch)
        self._read(self.log.fork(at, kind, reason))

    def switch(self, branch: str) -> None:
        """Go on on another branch. Raises RecodeError where there is none of that name."""
        if branch not in self.log.branches:
            raise RecodeError(f"there is no branch {branch!r}; there are {', '.join(self.log.branches)}")
        if branch != self.branch:
            self.log.switch(branch)
            self._read(branch)

    def goes_on_after(self, n: int) -> bool:
        """Whether anything but annotations was recorded after record `n`."""
        later = self.timeline.records[self.timeline.index(n) + 1 :]
        return any(not isinstance(record.event, ANNOTATIONS) for record in later)

    def leading_to(self, n: int) -> list[Record]:
        """The records that a run at a stop goes on from; at the end of the branch all, failed calls too."""
        return self.timeline.up_to(n) if self.goes_on_after(n) else self.timeline.records

    def close(self) -> None:
        """Index nothing more. Idempotent."""
        if self._follow in self.log.followers:
            self.log.followers.remove(self._follow)

    def _read(self, branch: str) -> None:
        self.timeline = Timeline(self.log.line(branch), branch)

    def _follow(self, record: Record) -> None:
        self.branches.add(record)
        if record.branch == self.branch:
            self.timeline.add(record)
