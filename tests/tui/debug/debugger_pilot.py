"""A person before the debugger's screen: what they press, and what they see."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from textual.events import Paste
from textual.pilot import Pilot
from textual.widget import Widget

from recode_core.events import Event
from recode_core.log import Record
from recode_tui.app import AppExit, RecodeApp
from recode_tui.debug.screen import DebugScreen
from recode_tui.debug.view_frame import Frame
from tests.support.waiting import PATIENCE
from tests.tui.keys import key_event, press, taken
from tests.tui.themed import shown

_E = TypeVar("_E", bound=Event)


class DebuggerPilot:
    """The app with its debugger's screen, and a pilot."""

    def __init__(self, app: RecodeApp, pilot: Pilot[AppExit | None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> DebugScreen:
        """The debugger's screen, whatever is above it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, DebugScreen))

    @property
    def has_dialog(self) -> bool:
        """Whether something is above the debugger's screen."""
        return self.app.screen is not self.screen

    # what they do

    async def press(self, *keys: str) -> None:
        """Press keys, each after what the one before has begun is over."""
        for key in keys:
            await self.hit(key)
            await self.settle()

    async def hit(self, *keys: str) -> None:
        """Press keys without waiting for what they begin."""
        await press(self.pilot, *keys)

    def post(self, key: str) -> None:
        """Press a key, and go on before anything has come of it."""
        self.app.post_message(key_event(key))

    async def taken(self) -> None:
        """Wait until every message has been taken, and those that came of it."""
        await taken(self.pilot)

    async def write(self, text: str) -> None:
        """Type a text, letter by letter."""
        await self.hit(*text)

    async def command(self, line: str) -> None:
        """Type a line after a colon, and enter it."""
        await self.hit("colon")
        await self.write(line)
        await self.press("enter")

    async def paste(self, text: str) -> None:
        """Paste a text into what has the focus."""
        self.app.post_message(Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is running, and the screen is drawn."""
        await self.until(
            lambda: (
                self.is_over
                or (
                    (self.screen.frame is not None and not self.screen.is_working and self.screen.is_settled)
                    and (self.has_dialog or not self.screen.controller.is_confirming)
                )
            )
        )
        await self.taken()

    async def until(self, holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, self.seen
            await self.pilot.pause(0.002)

    # what they see

    @property
    def seen(self) -> str:
        """All that is on the terminal, a line a row."""
        return shown(self.app.screen)

    @property
    def status(self) -> str:
        return shown_of(self.screen.query_one("#status"))

    @property
    def footer(self) -> str:
        return shown_of(self.screen.query_one("#status-line"))

    @property
    def prompt(self) -> str:
        """What is typed in the last line but one."""
        return shown_of(self.screen.query_one("#prompt")).strip()

    @property
    def plan(self) -> str:
        return self.panel("plan")

    @property
    def code(self) -> str:
        return self.panel("code")

    def panel(self, name: str) -> str:
        """What is seen of a panel, with its border."""
        return shown_of(self.screen.query_one(f"#{name}"))

    @property
    def row(self) -> str:
        """What is seen of the row at the plan's cursor."""
        plan = self.screen.plan
        return plan.render_line(plan.cursor - plan.scroll_offset.y).text.strip()

    @property
    def focus(self) -> str:
        """The panel that has the focus."""
        return self.screen.panel_of(self.screen.focused)

    # what has come of it

    @property
    def frame(self) -> Frame:
        assert self.screen.frame is not None
        return self.screen.frame

    @property
    def at(self) -> tuple[str, str]:
        """The kind of stop that is shown, and its node."""
        return self.frame.stop.kind, self.frame.node

    @property
    def records(self) -> list[Record]:
        """All that was written."""
        return list(self.frame.log.records)

    def events(self, kind: type[_E]) -> list[_E]:
        return [record.event for record in self.records if isinstance(record.event, kind)]

    @property
    def is_over(self) -> bool:
        """Whether the debugger's screen was left."""
        return not any(isinstance(screen, DebugScreen) for screen in self.app.screen_stack)


def shown_of(widget: Widget) -> str:
    """What is seen of a widget, its border included."""
    region, lines = widget.region, shown(widget.screen).split("\n")
    rows = lines[region.y : region.bottom]
    return "\n".join(line[region.x : region.right].rstrip() for line in rows)
