"""Where the screen is opened from the command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from recode_core.errors import RecodeError

if TYPE_CHECKING:
    from recode_tui.opening import Open

_FRAMES = "120"  # a second: a panel that follows another one is a frame behind it


def need_terminal() -> None:
    """Raise RecodeError where there is no terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise RecodeError(
            "there is no terminal to draw on; recode run plays a task without one, "
            "recode debug --batch runs a script, recode show prints a session"
        )


def show_screen(open_session: Open | None, sessions_dir: Path, path: Path | None = None) -> int:
    """Run the app, on a session or at home; its exit code. `path` is where the session is recorded."""
    need_terminal()
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES)
    from recode_tui.app import RecodeApp  # textual reads the environment when it is imported
    from recode_tui.cli.output import print_notice

    app = RecodeApp(sessions_dir, open_session)
    ending = app.run()
    if path is not None and path.exists():
        print(f"session: {path}")
    if ending is None:
        return app.return_code or 0
    if ending.trace:
        print(ending.trace, file=sys.stderr)
    print_notice(str(ending))
    return ending.code
