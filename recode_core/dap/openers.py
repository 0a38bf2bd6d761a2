"""Opening the sessions that clients ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from recode_core.debugger.debug_session import DebugSession

EDITOR_KEYS = frozenset(
    {
        *("type", "name", "request", "noDebug", "debugServer", "preLaunchTask", "postDebugTask"),
        *("internalConsoleOptions", "presentation", "serverReadyAction", "suppressMultipleSessionWarning"),
        *(
            "stopOnEntry",
            "confirmCost",
            "mirror",
            "recode",
            "__restart",
            "__sessionId",
            "__configurationTarget",
        ),
    }
)
"""Launch arguments that are not about the session."""


class SessionOpener(Protocol):
    """Opens the session that a client asks for. The methods raise RecodeError."""

    def launch(self, arguments: dict[str, Any]) -> DebugSession:
        """A new run, or a session to continue or to look at."""

    def attach(self, arguments: dict[str, Any]) -> DebugSession:
        """A session that another process may be writing, read-only."""


class AttachedFile:
    """The file of a session that another process may be writing, with the arguments that open it."""

    def __init__(self, arguments: dict[str, Any], path: Path) -> None:
        self.arguments = arguments
        self._path = path
        self._size = self._read_size()

    def has_changed(self) -> bool:
        """Whether the file has another size than when this was called last."""
        before, self._size = self._size, self._read_size()
        return self._size != before

    def _read_size(self) -> int:
        try:
            return self._path.stat().st_size
        except OSError:
            return 0
