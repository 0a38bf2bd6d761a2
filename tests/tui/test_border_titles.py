"""Border titles are changed by drawing the border alone."""

from __future__ import annotations

from typing import Self

from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Region
from textual.widgets import Static

from recode_tui._textual.border_titles import set_titles
from tests.tui.themed import ThemedApp, shown


class Panel(Static):
    """Records the regions that are drawn again."""

    def __init__(self) -> None:
        super().__init__("content")
        self.drawn: list[tuple[Region, ...]] = []

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        if repaint:
            self.drawn.append(regions)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class PanelApp(ThemedApp):
    CSS = "Panel { border: round white; padding: 0 1; width: 20; height: 4; }"

    def compose(self) -> ComposeResult:
        yield Panel()

    @property
    def panel(self) -> Panel:
        return self.query_one(Panel)


async def test_a_title_is_shown_and_only_the_border_is_drawn() -> None:
    app = PanelApp()
    async with app.run_test(size=(30, 6)) as pilot:
        await pilot.pause()
        app.panel.drawn.clear()
        set_titles(app.panel, Content("above [b]"), Content("below"))
        assert app.panel.drawn == [(Region(-2, -1, 20, 1), Region(-2, 2, 20, 1))]
        await pilot.pause()
        lines = shown(app.screen).split("\n")
        assert "above [b]" in lines[0] and "below" in lines[3]


async def test_equal_titles_draw_nothing_and_none_keeps_the_title() -> None:
    app = PanelApp()
    async with app.run_test(size=(30, 6)) as pilot:
        set_titles(app.panel, Content("above"), Content("below"))
        await pilot.pause()
        app.panel.drawn.clear()
        set_titles(app.panel, Content("above"), Content("below"))
        set_titles(app.panel, None, Content("below"))
        assert app.panel.drawn == []
        set_titles(app.panel, None, Content.styled("below", "bold"))
        assert len(app.panel.drawn) == 1
        await pilot.pause()
        assert "above" in shown(app.screen)
