"""The sessions that a client has opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from recode_core.debugger import debug_session
from recode_core.debugger.debug_session import DebugSession
from recode_core.debugger.debugger import Debugger
from recode_core.errors import RecodeError
from recode_core.mcp.spending import NotAllowed, Spending
from recode_core.policy_registry import names as policy_names
from recode_core.session import Settings, folder, new_id
from recode_core.session.header import IMPORTED
from recode_core.session.names import find
from recode_core.session.reading import read_header
from recode_core.values import Variable

_MOST = 8  # opened at once: each has a sandbox, which is a process


@dataclass(frozen=True)
class Folders:
    """The folder of the user's sessions, and that of the bundled samples, which are never written to."""

    sessions: Path
    samples: Path

    def find(self, name: str) -> Path:
        """The file of a session, by its path or its name. Raises SessionError."""
        return find(name, (self.sessions, self.samples))


@dataclass
class ClientSession:
    """A session under the id that the client calls it by. `seen` are the variables it was told last."""

    id: str
    session: DebugSession
    seen: dict[str, Variable] = field(default_factory=dict)

    @property
    def debugger(self) -> Debugger:
        """The debugger, which `rerun` replaces."""
        return self.session.debugger

    @property
    def is_readonly(self) -> bool:
        """Whether the session cannot be continued."""
        return self.debugger.parts.live is None


class ClientSessions:
    """Opens sessions, as far as the server may: to write, only if `may_write`.

    It belongs to one thread; only `abort` may be called from others.
    """

    def __init__(self, folders: Folders, spending: Spending, may_write: bool) -> None:
        self.folders = folders
        self.spending = spending
        self.may_write = may_write
        self._opened: dict[str, ClientSession] = {}
        self._count = 0
        self._current: ClientSession | None = None

    def start(self, settings: Settings) -> ClientSession:
        """A new run, paused at its start, in a new file."""
        self._check_may_write()
        if settings.model and settings.policy in policy_names():
            raise RecodeError(
                f"{settings.policy} is not a model: leave out model, or name a profile as policy"
            )
        path = self.folders.sessions / f"{new_id()}.jsonl"
        return self._add(debug_session.start(settings, path, self.spending.policy(settings)))

    def resume(self, name: str) -> ClientSession:
        """A session to continue, or a copy of it if it is a bundled sample."""
        self._check_may_write()
        path = self.folders.find(name)
        settings = read_header(path).settings
        policy = None if settings.policy == IMPORTED else self.spending.policy(settings)
        if path.resolve().parent == self.folders.samples.resolve():
            path = folder.import_file(path, self.folders.sessions)
        return self._add(debug_session.open_live(path, policy))

    def open_readonly(self, name: str) -> ClientSession:
        """A session, read-only."""
        self._check_count()
        path, advice = self.folders.find(name), "to continue it, open it with continue=true"
        return self._add(debug_session.open_readonly(path, advice))

    def get(self, id: str) -> ClientSession:
        """An opened session. Raises RecodeError for an unknown id."""
        if (opened := self._opened.get(id)) is None:
            known = ", ".join(self._opened) or "none; open one first"
            raise RecodeError(f"no session {id!r} is open (open: {known})")
        self._current = opened
        return opened

    def close(self, id: str) -> None:
        """Close a session. Its file stays, unless nothing has happened in it."""
        self.get(id).session.close()
        del self._opened[id]

    def close_all(self) -> None:
        """Close all sessions."""
        for id in tuple(self._opened):
            self.close(id)

    def abort(self) -> None:
        """Abort the command that the session used last is running, from any thread."""
        if (opened := self._current) is not None:
            opened.debugger.abort()

    def _add(self, session: DebugSession) -> ClientSession:
        self._count += 1
        opened = ClientSession(f"s{self._count}", session)
        self._opened[opened.id] = opened
        return opened

    def _check_may_write(self) -> None:
        if not self.may_write:
            raise NotAllowed(
                "sessions are only opened read-only here: the user can start this server with "
                "recode mcp --write"
            )
        self._check_count()

    def _check_count(self) -> None:
        if len(self._opened) >= _MOST:
            raise RecodeError(
                f"{_MOST} sessions are open, which is the most: close one of {', '.join(self._opened)}"
            )
