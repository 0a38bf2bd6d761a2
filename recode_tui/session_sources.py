"""Sources of the debugger's sessions: a new run, a recording, a session to continue.

A source is called in the engine's thread, where it imports the engine: the first frame is drawn before that.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from recode_core.errors import NotWritable, RecodeError, SessionBusy, SessionError

if TYPE_CHECKING:
    from recode_core.debugger.debug_session import DebugSession
    from recode_core.debugger.debugger import Debugger
    from recode_core.interpreter import SandboxLimits
    from recode_core.session import Settings

_PACKAGE = Path(__file__).parent

Open: TypeAlias = "Callable[[], DebugSession]"


class SessionSource(msgspec.Struct, frozen=True):
    """Opens a session. `name` is shown while it does; `most` caps the limits of its sandbox, if given."""

    name: str
    open: Open
    most: SandboxLimits | None = None

    def __call__(self) -> DebugSession:
        return self.open()


def new_run(settings: Settings, path: Path) -> SessionSource:
    """A new run, recorded in a new file, paused at its start."""

    def start() -> DebugSession:
        from recode_core.debugger import debug_session

        return debug_session.start(settings, path)

    return SessionSource(f"{settings.environment} {settings.task}", start)


def demo(path: Path) -> SessionSource:
    """The run of the demo in a new file, at its end, where its task is not solved."""

    def run() -> DebugSession:
        from recode_core.debugger import debug_session
        from recode_core.demo import NOTICE, SETTINGS

        opened = debug_session.start(SETTINGS, path)
        opened.debugger.resume()
        opened.debugger.forget()  # undo does not lead back to the start
        opened.notice = NOTICE
        return opened

    return SessionSource("the demo", run)


def recording(
    path: Path, most: SandboxLimits | None = None, *, at: tuple[str, int] | None = None
) -> SessionSource:
    """A session, opened read-only; `at` a record of a branch, if that is given."""

    def open_readonly() -> DebugSession:
        from recode_core.debugger import debug_session
        from recode_core.interpreter import SandboxLimits

        opened = debug_session.open_readonly(path, most=most or SandboxLimits())
        if at is not None:
            _go_to(opened.debugger, *at)
        return opened

    return SessionSource(path.name, open_readonly, most)


def following(path: Path, most: SandboxLimits | None = None) -> SessionSource:
    """A session that another process may be writing, opened read-only; what is appended is added to it."""

    def open_followed() -> DebugSession:
        from recode_core.debugger import debug_session
        from recode_core.interpreter import SandboxLimits

        return debug_session.open_followed(path, most=most or SandboxLimits())

    return SessionSource(path.name, open_followed, most)


def session(
    path: Path, sessions_dir: Path, *, repeat_action: bool = False, most: SandboxLimits | None = None
) -> SessionSource:
    """A session to continue; read-only if it cannot be written, followed if another process writes it."""

    def open_session() -> DebugSession:
        fallback = (NotWritable, SessionBusy)
        return open_live_or_readonly(path, sessions_dir, fallback, repeat_action=repeat_action, most=most)

    return SessionSource(path.name, open_session)


def continuation(
    path: Path, sessions_dir: Path, branch: str, n: int, most: SandboxLimits | None = None
) -> SessionSource:
    """A copy of a recording among the sessions, to go on with it at record `n` of a branch.

    If that is impossible, the recording itself is opened again, with the reason in its notice.
    """

    def open_copy() -> DebugSession:
        from recode_core.debugger import debug_session
        from recode_core.interpreter import SandboxLimits
        from recode_core.session import folder

        copy, limits = None, most or SandboxLimits()
        try:
            copy = folder.import_file(path, sessions_dir)
            opened = debug_session.open_live(copy, most=limits)
            notice = f"{copy.name} is a copy; the recording stays as it is"
        except RecodeError as error:
            if copy is not None:
                folder.delete(copy)
            opened = debug_session.open_readonly(path, most=limits)
            notice = f"this recording cannot be continued: {error}"
        opened.notice = "\n".join(line for line in (notice, opened.notice) if line)
        _go_to(opened.debugger, branch, n)
        return opened

    return SessionSource(f"a copy of {path.name}", open_copy, most)


def _go_to(debugger: Debugger, branch: str, n: int) -> None:
    """Go to a record of a branch, where the history of commands begins."""
    if branch != debugger.branch:
        debugger.switch(branch)
    if n != debugger.cursor:
        debugger.goto(n)
    debugger.forget()


def open_live_or_readonly(
    path: Path,
    sessions_dir: Path,
    fallback: tuple[type[SessionError], ...],
    *,
    repeat_action: bool = False,
    most: SandboxLimits | None = None,
) -> DebugSession:
    """Open a session to continue it, or a copy of it if it is a bundled sample.

    If that raises one of the `fallback` errors, the session is opened read-only, with the error in its
    notice. `most` caps the limits of its sandbox.
    """
    from recode_core.debugger import debug_session
    from recode_core.interpreter import SandboxLimits
    from recode_core.session import folder

    most = most or SandboxLimits()
    is_sample = path.resolve().parent == samples_dir().resolve()
    file = folder.import_file(path, sessions_dir) if is_sample else path
    try:
        return debug_session.open_live(file, repeat_action=repeat_action, most=most)
    except fallback as error:
        if isinstance(error, SessionBusy):
            return debug_session.open_followed(file, most=most)
        opened = debug_session.open_readonly(file, str(error), most=most)
        notice = f"{error}; opened read-only"
        opened.notice = "\n".join(line for line in (notice, opened.notice) if line)
        return opened


def new_session_path(sessions_dir: Path) -> Path:
    """The file for a run that starts now."""
    from recode_core.session import new_id

    return sessions_dir / f"{new_id()}.jsonl"


def samples_dir(package: Path = _PACKAGE) -> Path:
    """The folder of the bundled samples: in the installed package, or at the top of a checkout."""
    installed = package / "samples"
    return installed if installed.is_dir() else package.parent / "sessions"
