"""An app with the home screen alone, a pilot for it, and session files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from textual.app import App
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from recode_core.session import Settings, new_header
from recode_tui.home.panels import DetailPanel
from recode_tui.home.screen import HomeScreen
from recode_tui.home.session_list import EntryList
from recode_tui.themes import DARK, THEMES
from tests.tui.keys import key_event

SAMPLES = Path(__file__).parents[3] / "sessions"


class HomeApp(App[None]):
    """Collects what the home screen posts."""

    def __init__(self, sessions_dir: Path, theme: str = DARK.name) -> None:
        super().__init__()
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme
        self.home = HomeScreen(sessions_dir)
        self.runs: list[Settings] = []
        self.demos = 0
        self.opened: list[tuple[Path, str]] = []
        self.opened_at: tuple[str, int] | None = None

    def on_mount(self) -> None:
        self.push_screen(self.home)

    def on_home_screen_run_chosen(self, message: HomeScreen.RunChosen) -> None:
        self.runs.append(message.settings)

    def on_home_screen_demo_chosen(self) -> None:
        self.demos += 1

    def on_home_screen_session_chosen(self, message: HomeScreen.SessionChosen) -> None:
        self.opened.append((message.path, message.mode))
        self.opened_at = message.at


class HomePilot:
    """Presses keys on the home screen, and reads what it shows."""

    def __init__(self, app: HomeApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def settle(self) -> None:
        """Wait until all workers have finished and their messages are handled."""
        for _ in range(3):  # a worker's message may start another worker
            await self.pilot.pause(0)
            while any(not worker.is_finished for worker in self.app.workers):
                await self.pilot.pause(0.005)
        await self.pilot.pause(0)

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for their effects."""
        for key in keys:
            self.app.post_message(key_event(key))
            await self.pilot.pause(0)
        await self.settle()

    async def write(self, text: str) -> None:
        """Type a text, letter by letter."""
        await self.press(*text)

    def listing(self, which: str = "sessions") -> EntryList:
        return self.app.home.query_one(f"#{which}", EntryList)

    def names(self, which: str = "sessions") -> list[str]:
        """The names of the listed sessions, top to bottom."""
        return [entry.path.stem for entry in self.listing(which).shown]

    @property
    def name(self) -> str:
        """The name of the session at the cursor."""
        entry = self.listing().entry
        return entry.path.stem if entry else ""

    def rows(self, which: str = "sessions") -> list[str]:
        """The visible rows of a list."""
        listing = self.listing(which)
        return [
            listing.render_line(y).text.rstrip() for y in range(min(len(listing.items), listing.size.height))
        ]

    @property
    def detail(self) -> str:
        return text_of(self.app.home.query_one(DetailPanel))

    def error(self, selector: str = "FieldError") -> str:
        """The errors shown in the dialog."""
        return "".join(
            text_of(widget) for widget in self.app.screen.query(selector).results(Static) if widget.display
        )

    @property
    def footer(self) -> list[str]:
        """The enabled keys in the footer."""
        active = self.app.screen.active_bindings.values()
        return [found.binding.description for found in active if found.binding.show and found.enabled]

    def has_dialog(self) -> bool:
        return self.app.screen is not self.app.home


def text_of(widget: Widget) -> str:
    """The text of a widget."""
    content = widget.render()
    return str(content)


def write_session(
    folder: Path, name: str, task: str = "put:7", *, hour: int = 12, policy: str = "expert"
) -> Path:
    """Write a session without a record, started at an hour."""
    folder.mkdir(exist_ok=True)
    header = new_header(name, Settings("household", task, policy))
    header = msgspec.structs.replace(header, created=f"2026-11-22T{hour:02}:00:00+00:00")
    path = folder / f"{name}.jsonl"
    path.write_bytes(msgspec.json.encode(header) + b"\n")
    return path


def write_solved(folder: Path, name: str, *, hour: int = 18) -> Path:
    """Write a session of put:7 that was solved in five steps."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.jsonl"
    text = (SAMPLES / "household-mended.jsonl").read_bytes()
    path.write_bytes(text.replace(b'"2026-11-22T18:11:13', b'"2026-11-22T%02d:11:13' % hour, 1))
    return path


@asynccontextmanager
async def open_home(
    folder: Path, size: tuple[int, int] = (120, 40), theme: str = DARK.name
) -> AsyncIterator[HomePilot]:
    """The home screen on a folder, after all its files were read."""
    app = HomeApp(folder, theme)
    async with app.run_test(size=size) as pilot:
        ui = HomePilot(app, pilot)
        await ui.settle()
        yield ui
