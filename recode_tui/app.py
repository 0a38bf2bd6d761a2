"""The terminal app: themes, and which screen is shown."""

from __future__ import annotations

from textual.app import App

from recode_tui.themes import DARK, THEMES


class RecodeApp(App[None]):
    """The app. It opens on `first`, and ends when that screen is left."""

    TITLE = "ReCode"
    ENABLE_COMMAND_PALETTE = True

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What our themes add, for any other theme."""
        return {"quiet": "auto 65%", "faint": "auto 45%"}

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name
