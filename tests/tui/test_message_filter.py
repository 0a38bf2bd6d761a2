"""Messages are dropped when they are processed, also if they were posted before."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from recode_tui._textual.message_filter import MessageFilter


class Close(Message):
    """Makes the widget ignore numbers."""


class Number(Message):
    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class Filtered(MessageFilter, Widget):
    def __init__(self) -> None:
        super().__init__()
        self.is_closed = False
        self.received: list[int] = []

    def is_ignored(self, message: Message) -> bool:
        return self.is_closed and isinstance(message, Number)

    def on_close(self) -> None:
        self.is_closed = True

    def on_number(self, message: Number) -> None:
        self.received.append(message.number)


class FilteredApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Filtered()


async def test_a_message_in_the_queue_is_dropped_once_it_is_to_be_ignored() -> None:
    async with FilteredApp().run_test() as pilot:
        widget = pilot.app.query_one(Filtered)
        for message in (Number(1), Close(), Number(2)):
            assert widget.post_message(message)
        await pilot.pause()
        assert (widget.is_closed, widget.received) == (True, [1])
