"""`recode demo`."""

from __future__ import annotations

import typer


def demo() -> None:
    """Open the debugger on a household task with the expert policy, paused at the start."""
    from recode_core.session import Settings
    from recode_tui import session_sources
    from recode_tui.cli.options import sessions_folder
    from recode_tui.cli.screen import need_terminal, show_screen

    need_terminal()
    folder = sessions_folder()
    path = session_sources.new_session_path(folder)
    raise typer.Exit(show_screen(session_sources.new_run(Settings("household", "put:7"), path), folder))
