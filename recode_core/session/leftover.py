"""Empty sessions, which are deleted: a run was started and closed without doing anything."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from recode_core.errors import SessionError
from recode_core.events import (
    BreakpointDeleted,
    BreakpointSet,
    ExpansionRequested,
    LimitRaised,
    Resumed,
    StatementReached,
    TextStored,
    WatchSet,
    WorldFailed,
    WorldReset,
)
from recode_core.log import Log, Record
from recode_core.session.header import Header
from recode_core.session.reading import read_header

_NOTHING = (
    WorldReset,
    StatementReached,
    ExpansionRequested,
    TextStored,
    WorldFailed,
    Resumed,
    LimitRaised,
    BreakpointSet,
    BreakpointDeleted,
    WatchSet,
)


def is_empty(records: Iterable[Record]) -> bool:
    """Whether a session has no action, no policy call, no note and no change by the user.

    A session with a failed call is not empty: it holds the reason and perhaps a cost.
    """
    return all(isinstance(record.event, _NOTHING) for record in records)


def remove_empty(path: Path, header: Header, log: Log) -> None:
    """Delete the file of an empty session, if it is still the file of that session."""
    if is_empty(log.records):
        with suppress(OSError, SessionError):
            if read_header(path) == header:
                path.unlink()
