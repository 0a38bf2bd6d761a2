"""Undo and redo that shorten a text move the cursor into it."""

from __future__ import annotations

from textual.app import App, ComposeResult

from recode_tui._textual.text_area import ShrinkingTextArea


class TextApp(App[None]):
    def compose(self) -> ComposeResult:
        yield ShrinkingTextArea("one line")


async def test_an_undo_that_shortens_the_text_raises_nothing() -> None:
    async with TextApp().run_test() as pilot:
        area = pilot.app.query_one(ShrinkingTextArea)
        area.insert("\n".join(["more"] * 50), area.document.end)
        area.move_cursor(area.document.end)
        await pilot.pause()
        area.undo()
        await pilot.pause()
        assert (area.text, area.cursor_location) == ("one line", (0, 0))
