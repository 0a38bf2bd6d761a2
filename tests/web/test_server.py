"""The server of `recode serve`: who is let in, and what is left when it ends."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path

import aiohttp
import pytest

from recode_tui.web.guard import is_loopback
from tests.support.waiting import PATIENCE, wait_until
from tests.tui.terminal import Screen
from tests.web.serving import Served, serving

TASK = "put a cd in shelf"
SAMPLE = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path, SAMPLE, "--read-only") as server:
        yield server


class Named(HTMLParser):
    """Every address that a page names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src"):
                self.addresses.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)


async def test_the_page_loads_only_what_this_server_has(served: Served) -> None:
    async with aiohttp.ClientSession() as client:
        async with client.get(served.address) as response:
            text = await response.text()
            policy = response.headers["Content-Security-Policy"]
            assert response.headers["Referrer-Policy"] == "no-referrer"
            assert response.headers["X-Frame-Options"] == "DENY"
        page = Named(text)
        for address in page.addresses:
            if address not in ("data:,", "./"):
                assert not address.startswith(("http", "/"))
                async with client.get(served.address + address) as response:
                    assert response.status == 200
    assert page.handlers == []
    assert "default-src 'none'; script-src 'self';" in policy
    assert text.count("https:") == text.count("http:") == 0


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("", {}, 200),
        ("", {"Host": "localhost:9000"}, 200),  # through a tunnel
        ("", {"Host": "[::1]:9000"}, 200),
        ("", {"Host": "rebound.example"}, 403),
        ("", {"Host": "127.0.0.1.rebound.example:8000"}, 403),
        ("", {"Origin": "http://other.example"}, 403),
        ("", {"Origin": "null"}, 403),
        ("../", {}, 404),
        ("../" + 43 * "A" + "/", {}, 404),
        ("../static/js/textual.js", {}, 404),
        ("static/../../../server.py", {}, 404),
    ],
)
async def test_a_page_is_for_those_who_have_its_address(
    served: Served, path: str, headers: dict[str, str], status: int
) -> None:
    async with (
        aiohttp.ClientSession() as client,
        client.get(served.address + path, headers=headers) as response,
    ):
        assert response.status == status


@pytest.mark.parametrize(
    "headers",
    [
        {},  # browsers always send it
        {"Origin": "http://other.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Origin": "http://rebound.example", "Host": "rebound.example"},
    ],
    ids=str,
)
async def test_another_site_cannot_start_or_drive_an_app(served: Served, headers: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as client:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect(served.websocket, headers=headers)
    assert refused.value.status == 403
    assert served.apps() == []


async def test_an_app_begins_and_ends_with_its_page(served: Served) -> None:
    async with opened(served) as page:
        await page.wait_for(TASK)
        first = set(served.apps())
        async with opened(served) as other:
            await other.wait_for(TASK)
            assert set(served.apps()) > first
        await asyncio.to_thread(wait_until, lambda: set(served.apps()) == first)
    await asyncio.to_thread(served.wait_for_apps, gone=True)
    assert served.process.poll() is None


async def test_leaving_the_app_closes_its_page(served: Served) -> None:
    async with opened(served) as page:
        await page.wait_for(TASK)
        await page.press("q")
        await page.wait_for_close()
        await asyncio.to_thread(served.wait_for_apps, gone=True)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
async def test_nothing_is_left_when_the_server_ends(served: Served, how: signal.Signals) -> None:
    async with opened(served) as page:
        await page.wait_for(TASK)
        assert served.apps()
        ending = asyncio.create_task(asyncio.to_thread(served.end, how))
        await page.wait_for_close()
        code, _, err = await ending
    assert code == (-signal.SIGKILL if how == signal.SIGKILL else 0)
    assert "Traceback" not in err


async def test_a_run_that_begins_in_the_browser_is_recorded(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        async with opened(served) as page:
            await page.wait_for("New run")
            await page.press("d")
            await page.wait_for("1 Plan")
            await page.wait_for("not solved")
        await asyncio.to_thread(served.wait_for_apps, gone=True)
        assert served.end()[0] == 0
    [session] = (tmp_path / "data" / "recode" / "sessions").glob("*.jsonl")
    assert b'"finished"' in session.read_bytes()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_only_addresses_of_this_machine_are_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) == expected


class AppPage:
    """A page of an app, read as text."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self._screen = Screen((120, 40))

    async def press(self, keys: str) -> None:
        await self.socket.send_json(["stdin", keys])

    async def wait_for(self, text: str) -> None:
        """Take what the app draws until the text is on its screen."""
        async with asyncio.timeout(PATIENCE):
            while text not in self._screen.text:
                message = await self.socket.receive()
                assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), self._screen.text
                if message.type == aiohttp.WSMsgType.BINARY:
                    self._screen.take(message.data)

    async def wait_for_close(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while not self.socket.closed:
                await self.socket.receive()


@asynccontextmanager
async def opened(served: Served) -> AsyncIterator[AppPage]:
    """A page that is closed at the end, as a tab is."""
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(served.websocket, headers={"Origin": served.origin}) as socket,
    ):
        yield AppPage(socket)
