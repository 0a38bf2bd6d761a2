"""A session in which nothing happened, which leaves no file: started, looked at, and left."""

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
    """Whether a session holds no action, no call of the policy, no note and no change of the user's.

    A call that failed is kept: it says why, and may have cost something.
    """
    return all(isinstance(record.event, _NOTHING) for record in records)


def remove_empty(path: Path, header: Header, log: Log) -> None:
    """Delete the file of a session in which nothing happened, if it is still that session's file."""
    if is_empty(log.records):
        with suppress(OSError, SessionError):
            if read_header(path) == header:
                path.unlink()
