"""What the engine tells the screen: a session is open, a command is over, something is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from textual.message import Message

from recode_core.debugger.annotations import Annotations
from recode_core.errors import RecodeError, exit_code
from recode_core.log import Log
from recode_core.timeline import Timeline
from recode_core.timeline.branches import BranchIndex

if TYPE_CHECKING:
    from recode_core.debugger.breakpoint_hits import Hit
    from recode_core.debugger.candidates import Candidate
    from recode_core.debugger.restore import RestoreStats
    from recode_core.policies.policy import Request
    from recode_core.session import Header


class Session(msgspec.Struct, frozen=True):
    """What the engine has opened.

    `refusal` says why it can only be looked at, where it can.
    """

    log: Log
    branches: BranchIndex
    header: Header
    path: Path
    notice: str
    refusal: str
    step_limit: int


class Moment(msgspec.Struct, frozen=True):
    """Where a command has led: the record that is shown, of which timeline, with which annotations.

    `restore_stats` are those of the last restore of the world.
    """

    timeline: Timeline
    cursor: int
    annotations: Annotations
    hits: tuple[Hit, ...]
    restore_stats: RestoreStats


class Ready(Message):
    """A session is open."""

    def __init__(self, session: Session, moment: Moment) -> None:
        super().__init__()
        self.session = session
        self.moment = moment


class Moved(Message):
    """Recording goes on in another file, since something has happened to the first."""

    def __init__(self, text: str, path: Path) -> None:
        super().__init__()
        self.text = text
        self.path = path


class NotOpened(Message):
    """A session could not be opened."""

    def __init__(self, error: RecodeError) -> None:
        super().__init__()
        self.error = str(error)
        self.code = exit_code(error)


class Rested(Message):
    """A command is over. `error` says why it failed, `differs` how the world differed, if that is why;
    `candidates` are those that were tried last."""

    def __init__(
        self,
        line: str,
        moment: Moment,
        said: tuple[str, ...],
        failure: RecodeError | None,
        candidates: tuple[Candidate, ...],
    ) -> None:
        super().__init__()
        self.line = line
        self.moment = moment
        self.said = said
        self.error = "" if failure is None else str(failure)
        from recode_core.debugger.diverged_world import WorldDivergence

        self.differs = failure if isinstance(failure, WorldDivergence) else None
        self.candidates = candidates


class Watched(Message):
    """The watches at record `n`, a line each."""

    def __init__(self, n: int, lines: tuple[str, ...]) -> None:
        super().__init__()
        self.n = n
        self.lines = lines


class CodeWanted(Message):
    """The policy is a person: the code of a placeholder is to be written."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request


class Stopped(Message):
    """The user asked to quit by a command."""


class Crashed(Message):
    """A fault of ours. The session's file is whole as far as it says."""

    def __init__(self, trace: str) -> None:
        super().__init__()
        self.trace = trace
