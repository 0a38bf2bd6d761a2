"""Where the screen is opened from the command line."""

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
from recode_core.errors import RecodeError
from recode_tui import ending

if TYPE_CHECKING:
    from recode_tui.app import Ending, RecodeApp
    from recode_tui.session_sources import Open

_FRAMES = "120"  # a second: a panel that follows another one is a frame behind it
_GARBAGE = (50_000, 50, 1000)  # records stay: to look for garbage in them takes as long as to read them


def need_terminal() -> None:
    """Raise RecodeError where there is no terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise RecodeError(
            "there is no terminal to draw on; recode run plays a task without one, "
            "recode debug --batch runs a script, recode show prints a session"
        )


def show_screen(open_session: Open | None, sessions_dir: Path) -> int:
    """Run the app, on a session or at home; its exit code."""
    need_terminal()
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES)
    gc.set_threshold(*_GARBAGE)
    from recode_tui.app import RecodeApp  # textual reads the environment when it is imported
    from recode_tui.cli.output import print_notice
    from recode_tui.text import plain

    app = RecodeApp(sessions_dir, open_session)
    with ending.says(lambda: _last_words(app)):
        why = asyncio.run(_shown(app))
    if app.recorded is not None and app.recorded.exists():  # nothing may have happened
        print(f"session: {plain(str(app.recorded))}")
    if why is None:
        return 0
    if why.code == ending.INTERRUPTED:  # which is said of every command
        print_notice(_way_on(app))
    else:
        print_notice(f"{why}{_traced(why.trace)}" if why.trace else str(why))
    if why.texts:
        print_notice(f"what was being edited is kept in {_kept(why.texts)}")
    return why.code


async def _shown(app: RecodeApp) -> Ending | None:
    """Run the app until it is left, or an end is asked for from outside."""
    loop = asyncio.get_running_loop()
    with ending.asks(lambda: loop.call_soon_threadsafe(app.end), sys.stdin.fileno()):
        return await app.run_async()


def _way_on(app: RecodeApp) -> str:
    return f"go on with: recode debug {shlex.quote(str(app.recorded))}" if app.recorded is not None else ""


def _last_words(app: RecodeApp) -> None:
    """Give the terminal back, and say how to go on, when nothing else of the app does any more."""
    from recode_tui.cli.output import print_notice

    if os.name == "posix":
        from recode_tui._textual import driver

        driver.give_back(app)
    with contextlib.redirect_stderr(sys.__stderr__):  # which is the app's own while it runs
        print_notice(f"ended at once. {_way_on(app)}".strip())


def _kept(texts: Sequence[str]) -> Path:
    """A new file with texts that were edited when the app failed, which nobody else may read."""
    file = _state_folder() / f"unsaved-{datetime.now():%Y-%m-%d-%H-%M-%S}-{os.getpid()}.txt"
    with files.new_file(file, files.private) as kept:
        kept.write("\n\n".join(texts).encode(errors="replace"))
    return file


def _state_folder() -> Path:
    import platformdirs

    return platformdirs.user_state_path("recode", appauthor=False, ensure_exists=True)


def _traced(trace: str) -> str:
    """Where a fault of ours is described; the session is whole as far as it was written."""
    file = _state_folder() / "failure.txt"
    last = trace.strip().rpartition("\n")[2]
    said = f" ({last}); the session is whole, go on with recode debug FILE"
    try:
        files.replace(file, trace.encode(errors="replace"))
    except OSError:  # the disk may be full: then the trace itself is what there is to report
        return f"{said}\n{trace}"
    return f"{said}; {file} has the details to report"
