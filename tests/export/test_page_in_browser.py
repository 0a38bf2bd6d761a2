"""An exported page in a real browser: its links, search and keys, under its own policy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from recode_core.export.page import page as page_of
from recode_core.session import read
from tests.bench.big_session import make
from tests.web.browser import Browser, Page, browser_command, browsing

MENDED = Path(__file__).parents[2] / "sessions" / "household-mended.jsonl"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser_command() is None, reason="no Chromium is installed on this machine"),
]

FOCUSED = "document.activeElement.closest('[id]')?.id"
IS_SEEN = """(() => {
    if (!document.querySelector('.here')) return false;
    const at = document.querySelector('.here').getBoundingClientRect();
    return document.querySelector('.here').checkVisibility() && at.top >= 0 && at.top < innerHeight;
})()"""


@pytest_asyncio.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    async with browsing(tmp_path / "profile") as started:
        yield started


async def opened(browser: Browser, session: Path, folder: Path, link: str = "") -> Page:
    file = folder / "page.html"
    file.write_text(page_of(read(session)))
    page = await browser.new_page()
    await page.open(f"{file.as_uri()}{link}")
    return page


@pytest.mark.parametrize("link", ["#node=0.7.2", "#record=128", "#branch=main&node=0.8.1", "#action=129"])
async def test_a_link_unfolds_and_shows_its_place(browser: Browser, tmp_path: Path, link: str) -> None:
    page = await opened(browser, MENDED, tmp_path, link)
    assert await page.until(IS_SEEN)
    assert page.problems == []


async def test_a_search_goes_through_what_it_finds(browser: Browser, tmp_path: Path) -> None:
    page = await opened(browser, MENDED, tmp_path)
    await page.press("/", *"shelf 2")
    await page.until("document.querySelector('#count').textContent.startsWith('1 of ')")
    await page.press("Enter")
    await page.until("document.querySelector('#count').textContent.startsWith('2 of ')")
    assert await page.evaluate("document.querySelector('.hit').checkVisibility()")
    assert await page.evaluate("CSS.highlights.get('found').size") > 2
    await page.press("Escape", "/", *"nowhere to be found")
    await page.until("document.querySelector('#count').textContent === 'not found'")


async def test_rows_and_marks_are_reached_by_keys(browser: Browser, tmp_path: Path) -> None:
    page = await opened(browser, MENDED, tmp_path, "#node=0")
    await page.until(IS_SEEN)
    await page.press("ArrowDown", "ArrowDown", "ArrowRight")
    assert await page.evaluate(FOCUSED) == "node=0.1"
    assert await page.evaluate("document.getElementById('node=0.1').open")
    await page.press("ArrowLeft", "ArrowLeft")
    assert await page.evaluate(FOCUSED) == "node=0"
    await page.press("j", "l")
    await page.until("document.querySelector('.here').closest('[id]').id === 'node=0.0'")  # it has the focus
    assert await page.evaluate("location.hash") == "#node=0.0"
    await page.evaluate("document.querySelector('.track a').focus()")
    await page.press("ArrowRight", "Enter")
    await page.until("location.hash.startsWith('#record=')")
    assert await page.until(IS_SEEN)


async def test_the_policy_keeps_out_what_is_not_the_pages_own(browser: Browser, tmp_path: Path) -> None:
    page = await opened(browser, MENDED, tmp_path)
    await page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )
    assert await page.evaluate("window.ran") is None
    await page.until("true")
    assert any("Content Security Policy" in problem for problem in page.problems)


async def test_a_phone_scrolls_in_one_direction_only(browser: Browser, tmp_path: Path) -> None:
    page = await opened(browser, MENDED, tmp_path)
    await page.resize(390, 844, mobile=True)
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_a_large_session_opens_folded_and_is_searched(browser: Browser, tmp_path: Path) -> None:
    make(tmp_path / "large.jsonl", 5100)
    page = await opened(browser, tmp_path / "large.jsonl", tmp_path)
    shown = "[...document.querySelectorAll('.s')].filter((row) => row.checkVisibility()).length"
    assert await page.evaluate(shown) < 50
    await page.press("/", *"search_shelf_77")
    await page.until("document.querySelector('#count').textContent.includes(' of ')")
    await page.evaluate("location.hash = '#node=0.3.50.4'")
    assert await page.until(IS_SEEN)
