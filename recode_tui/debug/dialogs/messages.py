"""An editor of a request's messages, one at a time."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Tab, Tabs
from textual.widgets.text_area import Document

from recode_core.values import Message
from recode_tui.debug.dialogs.editing import EditingScreen
from recode_tui.debug.drafts import joined

Messages = tuple[Message, ...]


class MessagesScreen(EditingScreen[Messages | None]):
    """Return the accepted messages, or None. Their number and roles are fixed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "next_message(-1)", "previous", tooltip="The message before"),
        Binding("f3", "next_message(1)", "next message", tooltip="The next message"),
    ]

    def __init__(self, title: str, messages: Messages, *, draft: Messages | None = None) -> None:
        super().__init__(title, "text")
        self.original = messages
        self.messages = draft or messages
        self.at = len(messages) - 1  # the last message is the current request

    @property
    def is_changed(self) -> bool:
        return self.result() != self.original

    def result(self) -> Messages:
        here = self.messages[self.at]
        if self.box.text == Document(here.content).text:
            return self.messages
        here = msgspec.structs.replace(here, content=self.box.text)
        return (*self.messages[: self.at], here, *self.messages[self.at + 1 :])

    def compared(self) -> tuple[str, str]:
        return joined(self.original), joined(self.result())

    def compose_body(self) -> ComposeResult:
        tabs = (
            Tab(Content(f"{number} {message.role}"), id=f"message-{number}")
            for number, message in enumerate(self.messages, 1)
        )
        yield Tabs(*tabs, active=f"message-{self.at + 1}")
        yield self.text_box(self.messages[self.at].content, is_numbered=False)
        yield self.status_line()

    def on_tabs_tab_activated(self, event: Tabs.TabActivated) -> None:
        at = int((event.tab.id or "").rpartition("-")[2]) - 1
        if at != self.at:
            self.messages, self.at = self.result(), at
            self.box.text = self.messages[at].content

    def action_next_message(self, step: int) -> None:
        tabs = self.query_one(Tabs)
        if step > 0:
            tabs.action_next_tab()
        else:
            tabs.action_previous_tab()
