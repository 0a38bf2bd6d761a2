"""Where the screen is opened from the command line."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from recode_core.errors import RecodeError

if TYPE_CHECKING:
    from recode_tui.opening import Open

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
    for name in ("SIGTERM", "SIGHUP"):  # as ctrl+c elsewhere: the terminal is given back as it was
        if number := getattr(signal, name, None):  # Windows has no SIGHUP
            signal.signal(number, signal.default_int_handler)
    from recode_tui.app import RecodeApp  # textual reads the environment when it is imported
    from recode_tui.cli.output import print_notice
    from recode_tui.text import plain

    app = RecodeApp(sessions_dir, open_session)
    ending = app.run()
    if app.recorded is not None:
        print(f"session: {plain(str(app.recorded))}")
    if ending is None:
        return 0
    print_notice(f"{ending}{_traced(ending.trace)}" if ending.trace else str(ending))
    if ending.texts:
        print_notice(f"what was being edited is kept in {_kept(ending.texts)}")
    return ending.code


def _kept(texts: Sequence[str]) -> Path:
    """A new file with texts that were edited when the app failed, which nobody else may read."""
    file = _state_folder() / f"unsaved-{datetime.now():%Y-%m-%d-%H-%M-%S}-{os.getpid()}.txt"
    file.touch(mode=0o600)
    file.write_text("\n\n".join(texts), encoding="utf-8", errors="replace")
    return file


def _state_folder() -> Path:
    import platformdirs

    return platformdirs.user_state_path("recode", appauthor=False, ensure_exists=True)


def _traced(trace: str) -> str:
    """Where a fault of ours is described; the session is whole as far as it was written."""
    file = _state_folder() / "failure.txt"
    file.write_text(trace, encoding="utf-8", errors="replace")
    last = trace.strip().rpartition("\n")[2]
    return f" ({last}); the session is whole, go on with recode debug FILE; {file} has the details to report"
