"""What the screen is opened on, from the command line and from the list of sessions alike.

The engine is loaded by whoever opens: on the screen its own thread, so that the first picture comes before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from recode_core.errors import NotWritable, SessionBusy, SessionError
from recode_tui.home.samples import samples_dir

if TYPE_CHECKING:
    from recode_core.debugger.debug_session import DebugSession
    from recode_core.interpreter import SandboxLimits
    from recode_core.session import Settings

Open: TypeAlias = "Callable[[], DebugSession]"


@dataclass(frozen=True)
class Opening:
    """Opens a session; `what` says which."""

    what: str
    work: Open

    def __call__(self) -> DebugSession:
        return self.work()


def new_run(settings: Settings, path: Path) -> Opening:
    """A new run, recorded in a new file, paused at its start."""

    def start() -> DebugSession:
        from recode_core.debugger import debug_session

        return debug_session.start(settings, path)

    return Opening(f"{settings.environment} {settings.task}", start)


def recording(path: Path, most: SandboxLimits | None = None) -> Opening:
    """A session, to be looked at."""

    def look() -> DebugSession:
        from recode_core.debugger import debug_session
        from recode_core.interpreter import SandboxLimits

        return debug_session.open_readonly(path, most=most or SandboxLimits())

    return Opening(path.name, look)


def session(
    path: Path, sessions_dir: Path, *, repeat_action: bool = False, most: SandboxLimits | None = None
) -> Opening:
    """A session to go on with. One that can't be written is looked at."""

    def open_session() -> DebugSession:
        unless = (NotWritable, SessionBusy)
        return go_on_or_look(path, sessions_dir, unless, repeat_action=repeat_action, most=most)

    return Opening(path.name, open_session)


def go_on_or_look(
    path: Path,
    sessions_dir: Path,
    unless: tuple[type[SessionError], ...],
    *,
    repeat_action: bool = False,
    most: SandboxLimits | None = None,
) -> DebugSession:
    """A session to go on with; of a bundled sample, a copy. Its sandbox gets no more than `most`.

    Where one of these errors is raised, it is opened to be looked at; its notice says why.
    """
    from recode_core.debugger import debug_session
    from recode_core.interpreter import SandboxLimits
    from recode_core.session import folder

    most = most or SandboxLimits()
    is_sample = path.resolve().parent == samples_dir().resolve()
    file = folder.import_file(path, sessions_dir) if is_sample else path
    try:
        return debug_session.open_live(file, repeat_action=repeat_action, most=most)
    except unless as error:
        opened = debug_session.open_readonly(file, str(error), most=most)
        why = f"{error}; so it can be looked at, and no more"
        opened.notice = "\n".join(line for line in (why, opened.notice) if line)
        return opened


def path_of_new(sessions_dir: Path) -> Path:
    """Where a run that starts now is recorded."""
    from recode_core.session import new_id

    return sessions_dir / f"{new_id()}.jsonl"
