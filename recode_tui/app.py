"""The terminal app: themes, and which screen is shown."""

from __future__ import annotations

from textual.app import App

from recode_tui.themes import DARK, THEMES


class RecodeApp(App[None]):
    """The app. It opens on `first`, and ends when that screen is left."""

    TITLE = "ReCode"
    ENABLE_COMMAND_PALETTE = True

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name
