"""The app in a real browser, with real keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from recode_core.session import read
from tests.web.browser import Browser, TerminalPage, browser_command, browsing
from tests.web.serving import serving

SAMPLE = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser_command() is None, reason="no Chromium is installed on this machine"),
]


@pytest_asyncio.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    async with browsing(tmp_path / "profile") as started:
        yield started


async def test_a_recording_is_looked_at_in_a_browser_and_nothing_else_is_possible(
    tmp_path: Path, browser: Browser
) -> None:
    before = SAMPLE.read_bytes()
    with serving(tmp_path, SAMPLE, "--read-only") as served:
        page = await browser.new_page()
        await page.open(served.address)
        screen = TerminalPage(page, (200, 60))
        await screen.wait_for("put a cd in shelf", "stop 44 of 44", "at the end")
        assert "go on in a copy" not in screen.text
        await page.press("S", "S")
        await screen.wait_for("stop 42 of 44")
        await page.press("s")
        await screen.wait_for("stop 43 of 44")
        for key in ("G", "e", "g"):
            await page.press(key)
            await screen.wait_for("this session is read-only; recode was started with --read-only")
            await page.press("S", "s")
            await screen.until(lambda seen: "started with --read-only" not in seen, "the end of the message")
        await page.press(":", *"skip", "Enter")
        await screen.wait_for("read-only")
        assert page.problems == []
        await page.press("q")
        await page.until("document.body.classList.contains('-closed')")
        assert await page.evaluate("document.activeElement.textContent") == "Open it again"
        await asyncio.to_thread(served.wait_for_apps, gone=True)
        assert served.end()[0] == 0
    assert SAMPLE.read_bytes() == before
    assert [path for path in tmp_path.rglob("*.jsonl") if "profile" not in path.parts] == []


async def test_a_run_begins_and_goes_on_in_a_browser(tmp_path: Path, browser: Browser) -> None:
    with serving(tmp_path) as served:
        page = await browser.new_page()
        await page.open(served.address)
        screen = TerminalPage(page, (200, 60))
        await screen.wait_for("New run", "Demo")
        await page.press("n")
        await screen.wait_for("900 of 900 tasks")
        await page.press("Tab", *"put:7")
        await screen.wait_for("Task        put:7 ")
        await page.press("ctrl+s")
        await screen.wait_for("household put:7", "at the start")
        await page.press("c")
        await screen.wait_for("✔ solved", "at the end")
        await page.resize(700, 500)
        await page.press("1")
        await page.until("document.querySelector('.xterm-screen').clientWidth <= 700")
        await page.close()
        await asyncio.to_thread(served.wait_for_apps, gone=True)
        assert served.end()[0] == 0
    (file,) = (tmp_path / "data").rglob("*.jsonl")
    assert read(file).timeline().end.outcome == "solved"


async def test_the_home_screen_offers_only_what_looks(tmp_path: Path, browser: Browser) -> None:
    with serving(tmp_path, "--read-only") as served:
        page = await browser.new_page()
        await page.open(served.address)
        screen = TerminalPage(page, (200, 60))
        await screen.wait_for("household-mended", "Search")
        assert "New run" not in screen.text
        await page.press("n", "d", "i", "Tab", "Enter")
        await screen.wait_for("recording", "1 Plan")
        await page.press("G")
        await screen.wait_for("started with --read-only")
        assert served.end()[0] == 0
    assert list((tmp_path / "data").rglob("*.jsonl")) == []
