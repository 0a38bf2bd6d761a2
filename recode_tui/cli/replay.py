"""`recode replay`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def replay(
    file: Annotated[Path, typer.Argument(help="A session file.")],
    check: Annotated[
        bool, typer.Option("--check", help="Execute it again and compare; 1 if a step diverged.")
    ] = False,
) -> None:
    """Execute a session again, and compare.

    Its replies come from the recording, its observations from a new world; no policy is called.
    """
    if not check:
        raise typer.BadParameter(
            f"looking at a recording needs --check so far; recode show {file} prints it", param_hint="--check"
        )
    from recode_core import episode
    from recode_tui.cli.output import console
    from recode_tui.text import plain

    verdict = episode.check(file)
    out = console()
    out.print(f"{verdict.replayed} of {verdict.steps} steps replayed, {verdict.diverged} diverged")
    out.print(f"{verdict.compared} records compared, no policy call")
    if not verdict.is_world_asked:
        out.print("This environment can't be repeated: only the code was, with the recorded answers")
    if verdict.reworded:
        out.print(f"{verdict.reworded} prompts would be worded differently today")
    if verdict.divergence:
        out.print(plain(verdict.divergence))
        raise typer.Exit(1)
