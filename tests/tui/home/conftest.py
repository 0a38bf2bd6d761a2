"""An app that shows the home screen alone, and a folder of sessions."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from textual.app import App
from textual.pilot import Pilot

from recode_core.session import Settings, Writer, new_header
from recode_tui.home.entries import EntryList
from recode_tui.home.screen import HomeScreen
from recode_tui.themes import DARK, THEMES

SAMPLES = Path(__file__).parents[3] / "sessions"


class HomeApp(App[None]):
    """Keeps what the home screen asks for."""

    def __init__(self, sessions_dir: Path, theme: str = DARK.name) -> None:
        super().__init__()
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme
        self.home = HomeScreen(sessions_dir)
        self.runs: list[Settings] = []
        self.opened: list[tuple[Path, str]] = []

    def on_mount(self) -> None:
        self.push_screen(self.home)

    def on_home_screen_run_chosen(self, message: HomeScreen.RunChosen) -> None:
        self.runs.append(message.settings)

    def on_home_screen_session_chosen(self, message: HomeScreen.SessionChosen) -> None:
        self.opened.append((message.path, message.mode))
