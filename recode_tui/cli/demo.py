"""`recode demo`."""

from __future__ import annotations

import typer


def demo() -> None:
    """Open the debugger on a household task that an agent has just failed, with a tour of how to mend it.

    One reply of the agent is scripted, with a mistake in it. Everything else really runs, without a model.
    """
    from recode_tui import session_sources
    from recode_tui.cli.options import sessions_folder
    from recode_tui.cli.screen import need_terminal, show_screen

    need_terminal()
    folder = sessions_folder()
    raise typer.Exit(show_screen(session_sources.demo(session_sources.new_session_path(folder)), folder))
