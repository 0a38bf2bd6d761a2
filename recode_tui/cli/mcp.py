"""`recode mcp`."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_core.errors import Unavailable
from recode_core.extras import install_command
from recode_tui.cli import options
from recode_tui.cli.folders import sessions_folder

if TYPE_CHECKING:
    from recode_core.mcp.sessions import ClientSessions

_MOST = 10**12


def mcp(
    write: Annotated[
        bool,
        typer.Option("--write", help="Allow sessions to be started and continued; else they are only read."),
    ] = False,
    budget_calls: Annotated[
        int | None,
        typer.Option(
            "--budget-calls", min=0, max=_MOST, help="Policy calls that cost money, of all sessions."
        ),
    ] = None,
    budget_tokens: Annotated[
        int | None,
        typer.Option("--budget-tokens", min=0, max=_MOST, help="Tokens of such calls, of all sessions."),
    ] = None,
    budget_cost: Annotated[
        float | None, typer.Option("--budget-cost", min=0, max=_MOST, help="US dollars, of all sessions.")
    ] = None,
    sessions_dir: Annotated[
        Path | None, options.path_option("DIR", "The folder of the sessions, recorded and new.")
    ] = None,
) -> None:
    """Serve agents that speak the Model Context Protocol, on the standard streams. Needs the extra `mcp`.

    Sessions are opened read-only unless --write is given. Policies that cost money are refused unless a
    budget is given.
    """
    try:
        from recode_core.mcp.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise Unavailable(
            f"recode mcp needs the package mcp, which is not installed: {install_command('mcp')}"
        ) from None
    from recode_core import read_only

    def load() -> ClientSessions:
        from recode_core.batch.budget import Budgets
        from recode_core.mcp.sessions import ClientSessions, Folders
        from recode_core.mcp.spending import Spending
        from recode_tui.session_sources import samples_dir

        folders = Folders(sessions_dir or sessions_folder(), samples_dir())
        return ClientSessions(folders, Spending(Budgets(budget_calls, budget_tokens, budget_cost)), write)

    with nullcontext() if write else read_only.enforced("was started without --write"):
        serve(load)
