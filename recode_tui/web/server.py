"""The server: a page that draws a terminal, and for each page a websocket to an app."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import aiohttp_jinja2
from aiohttp import WSCloseCode, web
from textual_serve.server import Server, to_int

from recode_tui.web import guard
from recode_tui.web.app_process import AppProcess

_FOLDER = Path(__file__).parent
_SIZES = range(10, 1000)  # columns or rows
_CLOSING = 1.0  # seconds for a browser to answer that a websocket is closed


class AppServer(Server):
    """Serves apps that `argv` starts, at `address`, on a socket that is bound already."""

    def __init__(self, argv: Sequence[str], listener: socket.socket, title: str) -> None:
        host, port = listener.getsockname()[:2]
        name = f"[{host}]" if ":" in host else host
        super().__init__(
            "recode",
            host=host,
            port=port,
            title=title,
            public_url=f"http://{name}:{port}",
            templates_path=_FOLDER,
        )
        self._argv = argv
        self._listener = listener
        self._secret = guard.new_secret()
        self._open: dict[web.WebSocketResponse, AppProcess] = {}

    @property
    def address(self) -> str:
        """The address of the page, with the secret that opens it."""
        return f"{self.public_url}/{self._secret}/"

    async def run(self, is_ready: Callable[[], object], ended: asyncio.Event) -> None:
        """Serve until `ended` is set and all apps are gone. `is_ready` is called when pages can be opened."""
        runner = web.AppRunner(await self._guarded_app(), shutdown_timeout=_CLOSING)
        await runner.setup()
        try:
            await web.SockSite(runner, self._listener).start()
            is_ready()
            await ended.wait()
        finally:
            await runner.cleanup()

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing: the command says where the app is."""

    async def on_shutdown(self, app: web.Application) -> None:
        """End every app."""
        await asyncio.gather(*(self._close(page) for page in [*self._open]))

    @aiohttp_jinja2.template("page.html")
    async def handle_index(self, request: web.Request) -> dict[str, str]:
        """The settings of the page; only the websocket needs a whole address."""
        return {"title": self.title, "websocket": f"ws://{request.host}/{self._secret}/ws"}

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Start an app, and end it with its page."""
        page = web.WebSocketResponse(heartbeat=15, timeout=_CLOSING)
        await page.prepare(request)
        app = AppProcess(
            self._argv,
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=page.close,
            downloads=self.download_manager,
        )
        self._open[page] = app
        try:
            await app.start(_size(request, "width", 80), _size(request, "height", 24))
            await self._process_messages(page, app)
        finally:
            await asyncio.shield(self._close(page))
        return page

    async def _handle_script(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(_FOLDER / "page.js")

    async def _close(self, page: web.WebSocketResponse) -> None:
        """End an app and the websocket of its page."""
        await self._open[page].stop()
        await page.close(code=WSCloseCode.GOING_AWAY)

    async def _guarded_app(self) -> web.Application:
        """The application, below the secret in its path."""
        app = web.Application()
        guard.Guard(is_local=guard.is_loopback(self.host)).install(app)
        inner = await self._make_app()
        inner.router.add_get("/page.js", self._handle_script)
        app.add_subapp(f"/{self._secret}/", inner)
        return app


def _size(request: web.Request, name: str, default: int) -> int:
    size = to_int(request.query.get(name, ""), default)
    return size if size in _SIZES else default
