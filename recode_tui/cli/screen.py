"""Running the terminal app from a command."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import shlex
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from recode_core import files
from recode_core.errors import ReadOnlyError, RecodeError
from recode_tui import shutdown
from recode_tui.cli.streams import can_draw

if TYPE_CHECKING:
    from recode_tui.app import AppExit, RecodeApp
    from recode_tui.session_sources import Open

SERVED_DRIVER = "recode_tui._textual.web_driver:ServedDriver"
"""The value of TEXTUAL_DRIVER for an app in a browser."""
_FPS = "120"  # a panel that follows another one is a frame behind it
_GC_THRESHOLD = (50_000, 50, 1000)  # a collection that visits all records takes as long as reading them
_WITHOUT_SCREEN = (
    "recode run runs a task without a screen, recode debug --batch runs a script, "
    "recode show prints a session"
)


def need_terminal() -> None:
    """Raise RecodeError if there is no terminal, or one that cannot be drawn on, and no browser either."""
    if is_served():
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise RecodeError(f"there is no terminal to draw on; {_WITHOUT_SCREEN}")
    if not can_draw():
        term = os.environ.get("TERM")
        name = f"TERM={term}" if term else "TERM is not set"
        raise RecodeError(f"this terminal cannot be drawn on ({name}); {_WITHOUT_SCREEN}")


def is_served() -> bool:
    """Whether the app is drawn in a browser, by `recode serve`."""
    return os.environ.get("TEXTUAL_DRIVER") == SERVED_DRIVER


def show_screen(open_session: Open | None, sessions_dir: Path) -> int:
    """Run the app on a session or the home screen; returns its exit code."""
    need_terminal()
    os.environ.setdefault("TEXTUAL_FPS", _FPS)
    gc.set_threshold(*_GC_THRESHOLD)
    from recode_tui.app import RecodeApp  # textual reads the environment when it is imported
    from recode_tui.cli.output import print_notice
    from recode_tui.text import plain

    app = RecodeApp(sessions_dir, open_session)
    with shutdown.before_forced_exit(lambda: _release_terminal(app)):
        app_exit = asyncio.run(_run(app))
    if app.recorded is not None and app.recorded.exists():  # nothing may have happened
        out = sys.stderr if is_served() else sys.stdout  # the browser's page reads stdout
        print(f"session: {plain(str(app.recorded))}", file=out)
    if app_exit is None:
        return 0
    if app_exit.code == shutdown.INTERRUPTED:  # the interruption itself is printed for every command
        print_notice(_resume_hint(app))
    else:
        print_notice(app_exit.message + (_save_trace(app_exit.trace) if app_exit.trace else ""))
    if app_exit.texts:
        print_notice(f"unsaved edits are kept in {_save_texts(app_exit.texts)}")
    return app_exit.code


async def _run(app: RecodeApp) -> AppExit | None:
    """Run the app until it exits, or a shutdown is requested."""
    loop = asyncio.get_running_loop()
    with shutdown.on_request(lambda: loop.call_soon_threadsafe(app.interrupt), sys.stdin.fileno()):
        return await app.run_async()


def _resume_hint(app: RecodeApp) -> str:
    return f"go on with: recode debug {shlex.quote(str(app.recorded))}" if app.recorded is not None else ""


def _release_terminal(app: RecodeApp) -> None:
    """Restore the terminal and print how to continue, when the app is stuck."""
    from recode_tui.cli.output import print_notice

    if os.name == "posix":
        from recode_tui._textual import driver

        driver.give_back(app)
    with contextlib.redirect_stderr(sys.__stderr__):  # the app redirects stderr while it runs
        print_notice(f"ended at once. {_resume_hint(app)}".strip())


def _save_texts(texts: Sequence[str]) -> Path:
    """Write unsaved texts to a new file that only the user can read; returns its path."""
    file = _state_folder() / f"unsaved-{datetime.now():%Y-%m-%d-%H-%M-%S}-{os.getpid()}.txt"
    with files.new_file(file, files.private) as stream:
        stream.write("\n\n".join(texts).encode(errors="replace"))
    return file


def _state_folder() -> Path:
    import platformdirs

    return platformdirs.user_state_path("recode", appauthor=False, ensure_exists=True)


def _save_trace(trace: str) -> str:
    """Write the traceback of a crash to a file; returns the message about it."""
    file = _state_folder() / "failure.txt"
    last = trace.strip().rpartition("\n")[2]
    message = f" ({last}); the session is intact, go on with recode debug FILE"
    try:
        files.replace(file, trace.encode(errors="replace"))
    except (OSError, ReadOnlyError):  # the disk may be full: print the trace instead
        return f"{message}\n{trace}"
    return f"{message}; {file} has the details to report"
