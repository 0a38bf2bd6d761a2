"""The log with the timeline of its current branch."""

from __future__ import annotations

from recode_core.errors import RecodeError
from recode_core.events import ANNOTATIONS
from recode_core.log import Log, Record
from recode_core.suggest import unknown_name
from recode_core.timeline import Timeline
from recode_core.timeline.branches import BranchIndex


class Recording:
    """A log with the timeline of its current branch, and an index of all its branches.

    A record is indexed once, in the thread that appends it, before `Log.append` returns. Other threads may
    read from a timeline (see `Timeline`). Changing the branch replaces the timeline.

    In a read-only session, `is_readonly`, only the timeline changes: the log has the records of the file.
    """

    def __init__(self, log: Log, is_readonly: bool = False) -> None:
        self.log = log
        self._is_readonly = is_readonly
        self.timeline = Timeline(log.line(), log.branch)
        self.branches = BranchIndex(log.records)
        log.followers.append(self._follow)

    @property
    def branch(self) -> str:
        """The name of the current branch."""
        return self.timeline.branch

    def fork(self, at: int, kind: str, reason: str) -> None:
        """Start a new branch after record `at` and make it the current one."""
        self.log.switch(self.branch)
        self._read(self.log.fork(at, kind, reason))

    def switch(self, branch: str) -> None:
        """Make another branch the current one. Raises RecodeError for an unknown branch."""
        if branch not in self.log.branches:
            raise unknown_name(RecodeError, "branch", branch, self.log.branches)
        if branch != self.branch:
            if not self._is_readonly:
                self.log.switch(branch)
            self._read(branch)

    def goes_on_after(self, n: int) -> bool:
        """Whether records other than annotations follow record `n`."""
        later = self.timeline.records[self.timeline.index(n) + 1 :]
        return any(not isinstance(record.event, ANNOTATIONS) for record in later)

    def leading_to(self, n: int) -> list[Record]:
        """The records to restore a run to a stop; at the end of the branch with trailing annotations."""
        return self.timeline.up_to(n) if self.goes_on_after(n) else self.timeline.records

    def close(self) -> None:
        """Stop following the log. Idempotent."""
        if self._follow in self.log.followers:
            self.log.followers.remove(self._follow)

    def _read(self, branch: str) -> None:
        self.timeline = Timeline(self.log.line(branch), branch)

    def _follow(self, record: Record) -> None:
        self.branches.add(record)
        if record.branch == self.branch:
            self.timeline.add(record)
