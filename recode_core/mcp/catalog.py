"""The sessions that can be opened, and the texts that the server offers as resources."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from recode_core.mcp import views
from recode_core.mcp.pages import quoted, visible
from recode_core.mcp.sessions import Folders
from recode_core.session import read
from recode_core.session.catalog import SessionEntry, scan

SHOWN = 20
"""Recent sessions that are listed, beside the samples."""


def recent(folders: Folders) -> Iterator[SessionEntry]:
    """The newest sessions, then the samples."""
    yield from islice(_usable(folders.sessions), SHOWN)
    yield from _usable(folders.samples)


def _usable(folder: Path) -> Iterator[SessionEntry]:
    return (entry for entry in scan(folder) if entry.header is not None)


def line(entry: SessionEntry) -> str:
    """A session on one line."""
    assert entry.header is not None
    settings = entry.header.settings
    about = (settings.environment, settings.task, settings.agent, settings.policy, entry.header.created)
    return " ".join(visible(" · ".join(filter(None, about))).split())


def listing(folders: Folders) -> Iterator[str]:
    """The names of sessions to open."""
    yield "sessions and samples, to be opened by name:"
    yield from quoted(f"{entry.path.stem}  {line(entry)}" for entry in recent(folders))


def session_text(folders: Folders, name: str) -> Iterator[str]:
    """The report of a session, and its tree. Raises RecodeError."""
    session = read(folders.find(name))
    timeline = session.timeline()
    yield from views.about(session.header)
    yield from views.report(session.log(), timeline)
    yield "tree:"
    yield from views.tree(timeline.end)
