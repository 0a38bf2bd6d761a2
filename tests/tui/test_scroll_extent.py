"""A changed virtual size lays out the screen only if that moves something."""

from __future__ import annotations

from typing import Self

from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView

from recode_tui._textual.scroll_extent import fit_scrollbar
from tests.tui.themed import ThemedApp


class Scrolled(ScrollView):
    """Counts the layouts that it asks for."""

    DEFAULT_CSS = "Scrolled { overflow-x: hidden; scrollbar-size: 1 1; }"
    layouts = 0

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        self.layouts += layout
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class ScrolledApp(ThemedApp):
    def compose(self) -> ComposeResult:
        yield Scrolled()

    @property
    def view(self) -> Scrolled:
        return self.query_one(Scrolled)

    def fit(self, height: int) -> int:
        """Give the view a virtual height; how many layouts that took."""
        before = self.view.layouts
        fit_scrollbar(self.view, Size(10, height))
        return self.view.layouts - before


async def test_only_a_scrollbar_that_comes_or_goes_needs_a_layout() -> None:
    app = ScrolledApp()
    async with app.run_test(size=(20, 10)) as pilot:
        app.fit(5)
        await pilot.pause()
        assert (app.fit(6), app.fit(6), app.view.virtual_size.height) == (0, 0, 6)
        assert app.fit(50) > 0
        await pilot.pause()
        assert app.view.show_vertical_scrollbar
        assert (app.fit(80), app.view.virtual_size.height) == (0, 80)
        assert (app.view.vertical_scrollbar.window_virtual_size, app.view.max_scroll_y) == (80, 70)
        assert app.fit(3) > 0
        await pilot.pause()
        assert not app.view.show_vertical_scrollbar


async def test_a_view_as_high_as_its_content_needs_a_layout() -> None:
    app = ScrolledApp()
    async with app.run_test(size=(20, 10)) as pilot:
        app.view.styles.height = "auto"
        app.fit(3)
        await pilot.pause()
        assert app.view.size.height == 3
        assert app.fit(4) > 0
        await pilot.pause()
        assert app.view.size.height == 4


async def test_the_position_stays_inside_a_content_that_became_smaller() -> None:
    app = ScrolledApp()
    async with app.run_test(size=(20, 10)) as pilot:
        app.fit(100)
        await pilot.pause()
        app.view.scroll_to(y=90, animate=False, immediate=True)
        app.fit(50)
        assert app.view.scroll_offset.y == 40


async def test_the_thumb_of_a_scrollbar_that_comes_is_at_the_position() -> None:
    app = ScrolledApp()
    async with app.run_test(size=(20, 10)) as pilot:
        app.fit(100)
        app.view.scroll_to(y=90, animate=False, immediate=True, force=True)
        await pilot.pause()
        assert app.view.vertical_scrollbar.position == app.view.scroll_y == 90


async def test_a_hidden_view_lays_out_nothing_and_gets_its_scrollbar_when_it_is_shown() -> None:
    app = ScrolledApp()
    async with app.run_test(size=(20, 10)) as pilot:
        app.view.display = False
        await pilot.pause()
        hidden = Scrolled()
        hidden.display = False
        await app.mount(hidden)
        before = hidden.layouts
        fit_scrollbar(hidden, Size(10, 50))
        assert hidden.layouts == before
        hidden.display = True
        await pilot.pause()
        fit_scrollbar(hidden, Size(10, 50))
        await pilot.pause()
        assert hidden.show_vertical_scrollbar
