"""Keys that arrive faster than they are taken have their effects in their order."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.widget import Widget

from recode_tui._textual.input import SuggestingInput
from recode_tui._textual.text_area import ShrinkingTextArea
from tests.tui.keys import key_event, taken


class FieldApp(App[None]):
    """A field deep in containers, each of which has a queue of its own."""

    BINDINGS = [Binding("escape", "note")]  # noqa: RUF012

    def __init__(self, field: Widget) -> None:
        super().__init__()
        self.field = field
        self.noted = 0

    def compose(self) -> ComposeResult:
        within: Widget = self.field
        for _ in range(4):
            within = Container(within)
        yield within

    def action_note(self) -> None:
        self.noted += 1


def text_of(field: SuggestingInput | ShrinkingTextArea) -> str:
    return field.value if isinstance(field, SuggestingInput) else field.text


@pytest.mark.parametrize("field", [SuggestingInput, ShrinkingTextArea])
async def test_what_is_typed_after_an_editing_key_comes_after_it(
    field: type[SuggestingInput] | type[ShrinkingTextArea],
) -> None:
    app = FieldApp(field())
    async with app.run_test() as pilot:
        app.field.focus()
        await pilot.pause()
        for key in (*"stove", *["backspace"] * 3, *"range", "home", *"a ", "end", "left", "!", "delete"):
            app.post_message(key_event(key))
        await taken(pilot)
        await pilot.pause()
        assert text_of(app.field) == "a strang!"  # type: ignore[arg-type]


async def test_a_key_that_is_not_the_fields_own_goes_up_to_the_app() -> None:
    app = FieldApp(SuggestingInput())
    async with app.run_test() as pilot:
        app.field.focus()
        await pilot.press("escape")
        assert app.noted == 1
