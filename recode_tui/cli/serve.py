"""`recode serve`."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recode_core.errors import RecodeError, Unavailable
from recode_core.extras import install_command
from recode_tui import shutdown
from recode_tui.cli import options

if TYPE_CHECKING:
    from recode_tui.web.server import AppServer

_PORT = 8000


def serve(
    file: Annotated[
        Path | None,
        options.session_argument(
            f"A session to open; without it, the list of sessions. {options.NAMED}", "[FILE]"
        ),
    ] = None,
    only_look: Annotated[
        bool,
        typer.Option(
            "--read-only", help="Recordings to look at: nothing can be run, written or deleted from the page."
        ),
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes one that is free.")] = _PORT,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    allow_remote: Annotated[
        bool,
        typer.Option(
            "--allow-remote",
            help="Allow a --host that other machines can reach; the connection is not encrypted.",
        ),
    ] = False,
) -> None:
    """Show the app in a browser on this machine, until ctrl+c. Needs the extra `web`.

    The address that it prints holds a secret, and only who has it can open the page. Each page is an app of
    its own, and ends when it is closed; what it recorded is kept.
    """
    app_server = _server_class()
    listener = _listen(host, port, allow_remote)
    with listener:
        server = app_server(
            _app_command(file, only_look), listener, f"recode {file.name}" if file else "recode"
        )
        asyncio.run(_serve(server))
    raise typer.Exit(0)


def _server_class() -> type[AppServer]:
    try:
        from recode_tui.web.server import AppServer
    except ModuleNotFoundError as error:
        raise Unavailable(
            f"recode serve needs {error.name}, which is not installed: {install_command('web')}"
        ) from None
    return AppServer


def _app_command(file: Path | None, only_look: bool) -> list[str]:
    """The command of each app."""
    command = [sys.executable, "-m", "recode_tui"]
    if only_look:
        command.append("--read-only")
    if file is not None:
        command += ["replay" if only_look else "debug", "--", str(file.absolute())]
    return command


def _listen(host: str, port: int, allow_remote: bool) -> socket.socket:
    """A socket that listens at an address. Raises RecodeError, also for one that others can reach."""
    from recode_tui.cli.output import print_notice
    from recode_tui.web.guard import is_loopback

    if not is_loopback(host):
        if not allow_remote:
            raise RecodeError(
                f"{host} can be reached from other machines; if that is what you want, add --allow-remote"
            )
        print_notice(
            f"warning: who reaches {host} and has the address can use the page with your rights, and the "
            "connection is not encrypted"
        )
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise RecodeError(
            f"{host}:{port} cannot be listened on: {error.strerror}; --port 0 takes a free port"
        ) from None


async def _serve(server: AppServer) -> None:
    """Serve until a shutdown is requested."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def announce() -> None:
        print(f"recode is served at {server.address}", flush=True)
        print("ctrl+c ends it", flush=True)

    with shutdown.on_request(lambda: loop.call_soon_threadsafe(ended.set)):
        await server.run(announce, ended)
