"""An app in our themes that shows whatever a test wants to look at."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.screen import Screen

from recode_tui.themes import DARK, THEMES


class ThemedApp(App[None]):
    """Begins empty, in the dark theme."""

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name


def shown(screen: Screen[object]) -> str:
    """All that is seen, a line a row of the terminal."""
    lines = screen._compositor.render_strips(screen.size)
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in lines)


class DialogApp(ThemedApp):
    """Opens one dialog and keeps what it gives back."""

    def __init__(self, dialog: Screen[Any]) -> None:
        super().__init__()
        self.dialog = dialog
        self.answers: list[object] = []

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.answers.append)

    @property
    def seen(self) -> str:
        """What is on the terminal."""
        return shown(self.screen)
