"""The terminal app: themes, and which screen is shown."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import App

from recode_core.debugger.opening import Opened
from recode_tui.debug.screen import DebugScreen
from recode_tui.themes import DARK, THEMES


class Ending(Exception):
    """Why the app has ended, where the user did not wish it."""

    def __init__(self, message: str, trace: str = "") -> None:
        super().__init__(message)
        self.trace = trace


class RecodeApp(App[Ending | None]):
    """The app, opened on a session. It ends when the last screen is left."""

    TITLE = "ReCode"
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, open_session: Callable[[], Opened]) -> None:
        super().__init__()
        self._open_session = open_session

        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What our themes define beyond Textual's own, for all others."""
        return {"quiet": DARK.variables["quiet"], "faint": DARK.variables["faint"]}

    def on_mount(self) -> None:
        self.push_screen(DebugScreen(self._open_session))

    @on(DebugScreen.Over)
    def _over(self, message: DebugScreen.Over) -> None:
        self.exit(Ending(message.error, message.trace) if message.error else None)
