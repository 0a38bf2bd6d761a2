"""`recode dap`."""

from __future__ import annotations

from typing import Annotated

import typer

from recode_tui.cli.output import print_error, print_notice


def dap(
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="Serve clients on this port of the loopback address, one after the other, instead of one on "
            "the standard streams; 0: a free port, which is printed to stderr.",
        ),
    ] = None,
) -> None:
    """Serve editors that speak the Debug Adapter Protocol (VS Code, Neovim, Emacs).

    A client launches what `recode debug` takes; docs/dap.md has the settings of the editors.
    """
    from recode_core.dap.server import HOST, serve_port, serve_stdio
    from recode_core.dap.transport import FramingError
    from recode_tui.cli.launch import LaunchOpener

    if port is not None:
        serve_port(port, LaunchOpener(), lambda used: print_notice(f"listening on {HOST}:{used}"))
        return
    try:
        serve_stdio(LaunchOpener())
    except FramingError as error:
        raise typer.Exit(print_error(error)) from None
