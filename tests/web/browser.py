"""A headless browser that is driven as a person drives it: real keys, over the DevTools protocol."""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from signal import SIGKILL
from typing import Any

import aiohttp

from tests.support.waiting import PATIENCE
from tests.tui.terminal import Screen

BROWSERS = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome", "chrome")

_NAMED = {
    "Enter": 13,
    "Escape": 27,
    "Tab": 9,
    "ArrowUp": 38,
    "ArrowDown": 40,
    "ArrowLeft": 37,
    "ArrowRight": 39,
}
_CONTROL = 2


def browser_command() -> str | None:
    """The browser of this machine, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


class Page:
    """A tab. `received` are frames of its websockets, `problems` the errors in its console."""

    def __init__(self, browser: Browser, target: str, session: str) -> None:
        self._browser, self._target, self._session = browser, target, session
        self.received: list[bytes] = []
        self.problems: list[str] = []
        browser.listeners[session] = self._heard

    async def call(self, method: str, **params: object) -> dict[str, Any]:
        return await self._browser.call(method, self._session, **params)

    async def open(self, address: str) -> None:
        """Load a page, to its `load` event."""
        await self.call("Page.navigate", url=address)
        await self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page."""
        found = await self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    async def until(self, expression: str) -> Any:
        """Wait until an expression is true in the page; returns its value."""
        async with asyncio.timeout(PATIENCE):
            while not (value := await self.evaluate(expression)):
                await asyncio.sleep(0.05)
        return value

    async def press(self, *keys: str) -> None:
        """Press keys, by their name, or by the text that each types; `ctrl+c` with ctrl held."""
        for key in keys:
            name = key.removeprefix("ctrl+")
            held = _CONTROL if name != key else 0
            text = "\r" if name == "Enter" else "" if held or name in _NAMED else name
            code = _NAMED.get(name, ord(name[0].upper()))
            about = {"key": name, "windowsVirtualKeyCode": code, "modifiers": held}
            await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **about)
            await self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    async def resize(self, width: int, height: int, **more: object) -> None:
        """Give the page a size in pixels."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            **{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False, **more},
        )

    async def screenshot(self, file: Path) -> None:
        """Write what the page looks like, as PNG."""
        shot = await self.call("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(shot["data"]))

    async def close(self) -> None:
        await self._browser.call("Target.closeTarget", targetId=self._target)

    def _heard(self, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Network.webSocketFrameReceived" if params["response"]["opcode"] == 2:
                self.received.append(base64.b64decode(params["response"]["payloadData"]))
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                self.problems.append(str(params["entry"].get("text")))
            case "Runtime.exceptionThrown":
                self.problems.append(str(params["exceptionDetails"]))


class TerminalPage:
    """A page that draws a terminal, read as text."""

    def __init__(self, page: Page, size: tuple[int, int]) -> None:
        self.page = page
        self._screen = Screen(size)

    async def until(self, holds: Callable[[str], bool], what: str = "") -> str:
        """The screen, once something holds for it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds(self.text):
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"{what or holds} was never seen; the screen is:\n{self.text}") from None
        return self.text

    async def wait_for(self, *texts: str) -> str:
        """The screen, once all of these are on it."""
        return await self.until(lambda seen: all(text in seen for text in texts), " and ".join(texts))

    @property
    def text(self) -> str:
        while self.page.received:
            self._screen.take(self.page.received.pop(0))
        return self._screen.text


class Browser:
    """A browser that runs. `listeners` hear its events, by session."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.listeners: dict[str, Callable[[str, dict[str, Any]], None]] = {}

    async def call(self, method: str, session: str = "", **params: object) -> dict[str, Any]:
        number = next(self._numbers)
        self._waiting[number] = answer = asyncio.get_running_loop().create_future()
        message: dict[str, object] = {"id": number, "method": method, "params": params}
        await self._socket.send_json({**message, "sessionId": session} if session else message)
        return await asyncio.wait_for(answer, PATIENCE)

    async def new_page(self, width: int = 1200, height: int = 800) -> Page:
        """A new tab."""
        target = (await self.call("Target.createTarget", url="about:blank"))["targetId"]
        attached = await self.call("Target.attachToTarget", targetId=target, flatten=True)
        page = Page(self, target, attached["sessionId"])
        for domain in ("Page", "Network", "Runtime", "Log"):
            await page.call(f"{domain}.enable")
        await page.call("Emulation.setFocusEmulationEnabled", enabled=True)
        await page.resize(width, height)
        return page

    async def listen(self) -> None:
        """Take what the browser says, until it ends."""
        async for message in self._socket:
            said = message.json()
            if (answer := self._waiting.pop(said.get("id"), None)) is not None:
                if "error" in said:
                    answer.set_exception(AssertionError(said["error"]))
                else:
                    answer.set_result(said["result"])
            elif (listener := self.listeners.get(said.get("sessionId", ""))) is not None:
                listener(said["method"], said["params"])


@asynccontextmanager
async def browsing(folder: Path) -> AsyncIterator[Browser]:
    """A browser with a profile of its own in a folder."""
    command = browser_command()
    assert command is not None
    options = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={folder}", "--disable-gpu"]
    options += ["--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage"]
    if os.getuid() == 0:
        options.append("--no-sandbox")  # Chromium refuses to run as root otherwise
    process = await asyncio.create_subprocess_exec(
        command, *options, stdout=DEVNULL, stderr=PIPE, process_group=0
    )
    try:
        address = await asyncio.wait_for(_address(process), PATIENCE)
        async with (
            aiohttp.ClientSession() as client,
            client.ws_connect(address, max_msg_size=0) as socket,
        ):
            browser = Browser(socket)
            listening = asyncio.create_task(browser.listen())
            yield browser
            await socket.close()
            await listening
    finally:
        os.killpg(process.pid, SIGKILL)  # the command may be a script, and the browser its child
        await process.communicate()


async def _address(process: Process) -> str:
    """Where the browser can be driven, as it says when it starts."""
    assert process.stderr is not None
    async for line in process.stderr:
        if b"DevTools listening on " in line:
            return line.decode().split()[-1]
    raise AssertionError("the browser has ended at once")
