"""Commands that open the screen and have no options.

They need no parser: importing it takes longer than drawing the first frame. With an option, or with --help,
the parser reads the same commands and calls what is here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from recode_tui import session_sources
from recode_tui.cli.folders import find_session, sessions_folder
from recode_tui.cli.screen import need_terminal, show_screen


def command_of(arguments: Sequence[str]) -> Callable[[], int] | None:
    """The command of a command line, if it is one of these."""
    match arguments:
        case []:
            return sessions
        case ["demo"]:
            return demo
        case ["debug" | "replay" as name, file] if file and not file.startswith("-"):
            return partial(debug if name == "debug" else replay, file)
    return None


def sessions() -> int:
    """Show the list of sessions."""
    return show_screen(None, sessions_folder())


def demo() -> int:
    """Show the demo."""
    need_terminal()
    folder = sessions_folder()
    return show_screen(session_sources.demo(session_sources.new_session_path(folder)), folder)


def debug(name: str) -> int:
    """Continue a session."""
    file = find_session(name)
    need_terminal()
    folder = sessions_folder()
    return show_screen(session_sources.session(file, folder), folder)


def replay(name: str) -> int:
    """Show a recording."""
    return show_screen(session_sources.recording(find_session(name)), sessions_folder())
