"""Messages from the engine to the screen: a session is open, commands are finished, something is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from textual.message import Message

from recode_core.debugger.annotations import Annotations
from recode_core.errors import RecodeError
from recode_core.log import Log
from recode_core.timeline import Timeline
from recode_core.timeline.branches import BranchIndex

if TYPE_CHECKING:
    from recode_core.debugger.breakpoint_hits import Hit
    from recode_core.debugger.commands import Command
    from recode_core.debugger.following import FollowState
    from recode_core.debugger.outcomes import Outcome
    from recode_core.debugger.restore import RestoreStats
    from recode_core.policies.policy import Request
    from recode_core.session import Header


class OpenedSession(msgspec.Struct, frozen=True):
    """A session that the engine has opened. `refusal` is why it cannot be changed, if it cannot.

    `log` and `branches` grow while the engine runs. Both may be read from any thread. `had_no_effect` tells
    by an observation whether its action did nothing. `follow` is the state of a run that another process
    writes, if the session was opened to follow it.
    """

    log: Log
    branches: BranchIndex
    header: Header
    path: Path
    notice: str
    refusal: str
    step_limit: int
    had_no_effect: Callable[[str], bool]
    follow: FollowState | None = None


class Position(msgspec.Struct, frozen=True):
    """The debugger's cursor in a timeline, with the annotations and the breakpoints that were hit.

    `restore_stats` are those of the last restore of the world.
    """

    timeline: Timeline
    cursor: int
    annotations: Annotations
    hits: tuple[Hit, ...]
    restore_stats: RestoreStats


@dataclass
class SessionOpened(Message):
    """A session is open, or another one after `rerun`."""

    session: OpenedSession
    position: Position


@dataclass
class SessionFollowed(Message):
    """Another process has written records, or the state of its run has changed; only the last one matters."""

    position: Position
    follow: FollowState

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, SessionFollowed)


@dataclass
class RecordingMoved(Message):
    """The session is recorded in another file from now on; `text` says why."""

    text: str
    path: Path


@dataclass
class OpeningFailed(Message):
    """The session could not be opened; `code` is the exit code for that."""

    error: str
    code: int


@dataclass
class CommandsFinished(Message):
    """Commands were executed, up to the first that failed.

    `lines` is their output as text, `outcome` that of the last one that did not fail.
    """

    commands: tuple[Command, ...]
    position: Position
    lines: tuple[str, ...]
    outcome: Outcome | None
    failure: RecodeError | None

    @property
    def error(self) -> str:
        """The message of the failure; empty if there is none."""
        return "" if self.failure is None else str(self.failure)


@dataclass
class WatchesEvaluated(Message):
    """The watches at record `n`, a line each."""

    n: int
    lines: tuple[str, ...]


@dataclass
class HumanCodeRequested(Message):
    """The policy is a person: the code of a placeholder is to be written."""

    request: Request


@dataclass
class QuitCommandRun(Message):
    """The user ran `quit`."""


@dataclass
class EngineCrashed(Message):
    """The engine failed with an error of its own. The session's file is intact."""

    trace: str
