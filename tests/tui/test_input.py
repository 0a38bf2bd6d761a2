"""The suggestion of an input field."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.suggester import SuggestFromList

from recode_tui._textual.input import SuggestingInput


class InputApp(App[None]):
    def compose(self) -> ComposeResult:
        yield SuggestingInput(suggester=SuggestFromList(["towel"]))


async def test_the_suggestion_is_the_whole_text_and_goes_with_what_is_typed() -> None:
    async with InputApp().run_test() as pilot:
        field = pilot.app.query_one(SuggestingInput)
        assert field.suggestion == ""
        await pilot.press("t", "o")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert (field.value, field.suggestion) == ("to", "towel")
        await pilot.press("x")
        assert field.suggestion == ""
