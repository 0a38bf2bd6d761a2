"""A bare app to open dialogs on, and what was answered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import TypeVar

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from recode_tui.themes import DARK, THEMES

Result = TypeVar("Result")


class DialogHost(App[None]):
    """An app with nothing in it but what is pushed. It can be suspended, which no test driver can."""

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name
        self.answers: list[object] = []
        self.is_suspended = False
        self.can_suspend = True

    @contextmanager
    def suspend(self):  # type: ignore[no-untyped-def]
        if not self.can_suspend:
            with super().suspend():
                yield
            return
        self.is_suspended = True
        yield
        self.is_suspended = False

    def open(self, screen: Screen[Result]) -> None:
        """Push a screen and keep its answer."""
        self.push_screen(screen, self.answers.append)

    def seen(self) -> str:
        """The text on the screen."""
        lines = self.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in lines)

    def said(self) -> str:
        """What stands below the text that is edited."""
        return str(self.screen.query_one("#status", Static).content)


Opened = AbstractAsyncContextManager[tuple[DialogHost, Pilot[None]]]
Opener = Callable[..., Opened]


@pytest.fixture
def opened() -> Opener:
    """Open a dialog: `async with opened(screen, size) as (app, pilot)`."""

    @asynccontextmanager
    async def open_(screen: Screen[object], size: tuple[int, int] = (80, 24)):  # type: ignore[no-untyped-def]
        app = DialogHost()
        async with app.run_test(size=size) as pilot:
            app.open(screen)
            await pilot.pause()
            yield app, pilot

    return open_
