"""`recode demo`."""

from __future__ import annotations

import typer

from recode_tui.cli import direct


def demo() -> None:
    """Open the debugger on a household task that an agent has just failed, with a tour of how to mend it.

    One reply of the agent is scripted, with a mistake in it. Everything else really runs, without a model.
    """
    raise typer.Exit(direct.demo())
