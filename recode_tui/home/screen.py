"""The home screen: where one starts, and comes back to."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

import msgspec
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Footer, Input
from textual.worker import get_current_worker

from recode_core.errors import SessionError
from recode_core.session import Settings, folder
from recode_core.session.catalog import SessionEntry
from recode_tui._textual.compositor import SpanScreen
from recode_tui.home.columns import label_of
from recode_tui.home.deletion import DeleteDialog
from recode_tui.home.detail import Detail
from recode_tui.home.help import HelpDialog, keys_of
from recode_tui.home.import_dialog import ImportDialog
from recode_tui.home.listing import Listing
from recode_tui.home.load_incrementally import Arrived, Unreadable, Which, arriving
from recode_tui.home.new_run import NewRunDialog
from recode_tui.home.outcomes import LEGEND
from recode_tui.home.rename import RenameDialog
from recode_tui.home.samples import samples_dir
from recode_tui.home.session_list import EntryList, Samples
from recode_tui.home.sessions import Sessions
from recode_tui.home.toolbar import Top
from recode_tui.text import plain

DEMO = Settings("household", "put:7")

_ABOUT_A_SESSION = frozenset({"open", "run_again", "rename", "delete"})


class HomeScreen(SpanScreen[None]):
    """Shows the sessions of a folder, and says which of them, or which new run, the user wants."""

    AUTO_FOCUS = "#sessions"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "open('debug')", "Go on", tooltip="Go on with the session; of a sample, with a copy"
        ),
        Binding("r", "open('replay')", "Replay", tooltip="Look at the recording; nothing is run or written"),
        Binding("R", "run_again", "Again", tooltip="Start a new run with the same settings"),
        Binding("e", "rename", "Rename", tooltip="Give the session another name"),
        Binding("f2", "rename", "Rename", show=False, tooltip="Give the session another name"),
        Binding("x,delete", "delete", "Delete", tooltip="Delete the session's file, after asking"),
        Binding("s", "sort", "Sort", tooltip="Sort by the next column"),
        Binding("S", "reverse", "Reverse", show=False, tooltip="Sort the other way round"),
        Binding("n", "new_run", "New run", show=False, tooltip="Put a new run together"),
        Binding("d", "demo", "Demo", show=False, tooltip="Start household put:7 with the expert"),
        Binding("i", "import", "Import", show=False, tooltip="Copy a session file into the list"),
        Binding("slash", "search", "Search", show=False, tooltip="Search as you type; esc leaves it"),
        Binding("f", "filter", "Filter", show=False, tooltip="Show one kind of outcome only"),
        Binding("f5,ctrl+r", "refresh", "Refresh", show=False, tooltip="Read the folder again"),
        Binding("escape", "leave_search", "Leave the search", show=False),
        Binding(
            "tab", "app.focus_next", "Next", show=False, tooltip="To the samples, the search, the sessions"
        ),
        Binding("question_mark", "help", "Help", tooltip="Show these keys"),
        Binding("q", "app.quit", "Quit", tooltip="Leave recode"),
    ]

    class RunChosen(Message):
        """A new run is to be started."""

        def __init__(self, settings: Settings) -> None:
            super().__init__()
            self.settings = settings

    class SessionChosen(Message):
        """A session is to be opened: to go on with it, or to be looked at only."""

        def __init__(self, path: Path, mode: Literal["debug", "replay"]) -> None:
            super().__init__()
            self.path, self.mode = path, mode

    class Failed(Message):
        """Something could not be done."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    def __init__(self, sessions_dir: Path) -> None:
        super().__init__()
        self._sessions_dir = sessions_dir
        self._wanted: Path | None = None
        self._offered: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        yield Top()
        yield Sessions()
        yield Samples()
        yield Detail()
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._read("samples", samples_dir(), ())

    def on_screen_resume(self) -> None:
        self.refresh_sessions()

    def refresh_sessions(self) -> None:
        """Read the folder again, as far as it has changed."""
        self._read("sessions", self._sessions_dir, self.query_one(Sessions).entries or ())

    def on_arrived(self, message: Arrived) -> None:
        if message.which == "samples":
            self.query_one(Samples).show(message.entries)
            return
        sessions = self.query_one(Sessions)
        sessions.problem, sessions.entries = "", message.entries
        listing = self.query_one("#sessions", EntryList)
        paths = [entry.path for entry in listing.items]
        if self._wanted in paths:
            listing.select(paths.index(self._wanted))
            self._wanted = None

    def on_unreadable(self, message: Unreadable) -> None:
        if message.which == "sessions":
            self.query_one(Sessions).problem = message.why

    def on_home_screen_failed(self, message: Failed) -> None:
        self.notify(plain(message.why), severity="error", markup=False)

    @on(Listing.Highlighted)
    def _show_detail(self) -> None:
        self.query_one(Detail).entry = self._entry
        possible = _possible(self._entry, self._is_sample)
        if possible != self._offered:  # else the footer would be drawn anew with every move
            self._offered = possible
            self.refresh_bindings()

    @on(Listing.Chosen)
    def _open_chosen(self) -> None:
        self.action_open("debug")

    @on(Input.Changed, "#search")
    def _search(self, event: Input.Changed) -> None:
        sessions = self.query_one(Sessions)
        sessions.asked = msgspec.structs.replace(sessions.asked, words=event.value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys about a session are grey where there is none that they could be about."""
        if action not in _ABOUT_A_SESSION or not self.is_mounted:
            return True
        return True if action in _possible(self._entry, self._is_sample) else None

    def action_open(self, mode: Literal["debug", "replay"]) -> None:
        entry = self._entry
        if entry is None or not entry.is_usable:
            return
        if self._is_sample and mode == "debug":
            self._open_copy(entry.path)
        else:
            self.post_message(self.SessionChosen(entry.path, mode))

    def action_run_again(self) -> None:
        if (entry := self._entry) is not None and entry.header is not None:
            self.post_message(self.RunChosen(entry.header.settings))

    def action_demo(self) -> None:
        self.post_message(self.RunChosen(DEMO))

    def action_new_run(self) -> None:
        def start(settings: Settings | None) -> None:
            if settings is not None:
                self.post_message(self.RunChosen(settings))

        self.app.push_screen(NewRunDialog(), start)

    def action_rename(self) -> None:
        if (entry := self._entry) is not None:
            self.app.push_screen(RenameDialog(entry.path), self._want)

    def action_import(self) -> None:
        self.app.push_screen(ImportDialog(self._sessions_dir), self._want)

    def action_delete(self) -> None:
        if (entry := self._entry) is None:
            return
        path = entry.path

        def delete(is_sure: bool | None) -> None:
            if is_sure:
                self._delete(path)

        self.app.push_screen(DeleteDialog(label_of(entry)), delete)

    def action_sort(self) -> None:
        self.query_one(Sessions).sort_by_next()

    def action_reverse(self) -> None:
        sessions = self.query_one(Sessions)
        sessions.asked = sessions.asked.sorted_by(sessions.asked.column)

    def action_filter(self) -> None:
        sessions = self.query_one(Sessions)
        sessions.asked = sessions.asked.filtered_by_next()

    def action_search(self) -> None:
        self.query_one("#search").focus()

    def action_end_search(self) -> None:
        self.query_one("#sessions").focus()

    def action_leave_search(self) -> None:
        self.query_one("#search", Input).value = ""
        self.action_end_search()

    def action_refresh(self) -> None:
        self.refresh_sessions()

    def action_help(self) -> None:
        self.app.push_screen(HelpDialog(keys_of(self), LEGEND))

    @property
    def _is_sample(self) -> bool:
        return self.focused is not None and self.focused.id == "samples"

    @property
    def _entry(self) -> SessionEntry | None:
        """The session that keys are about."""
        return self.query_one("#samples" if self._is_sample else "#sessions", EntryList).item

    def _want(self, path: Path | None) -> None:
        """The cursor goes to that session, once it is listed."""
        self._wanted = path

    def _read(self, which: Which, where: Path, known: tuple[SessionEntry, ...]) -> None:
        """Begin to read a folder; who is reading it already stops."""

        def read() -> None:
            worker = get_current_worker()
            try:
                for entries in arriving(where, known):
                    if worker.is_cancelled:
                        return
                    self.post_message(Arrived(which, entries))
            except SessionError as error:
                self.post_message(Unreadable(which, str(error)))

        self.run_worker(read, thread=True, group=which, exclusive=True)

    @work(thread=True)
    def _open_copy(self, sample: Path) -> None:
        try:
            self.post_message(self.SessionChosen(folder.import_file(sample, self._sessions_dir), "debug"))
        except SessionError as error:
            self.post_message(self.Failed(str(error)))

    @work(thread=True)
    def _delete(self, path: Path) -> None:
        try:
            folder.delete(path)
        except SessionError as error:
            self.post_message(self.Failed(str(error)))
        self.app.call_from_thread(self.refresh_sessions)


def _possible(entry: SessionEntry | None, is_sample: bool) -> frozenset[str]:
    """Which of those can be done with a session."""
    if entry is None:
        return frozenset()
    found = set() if is_sample else {"rename", "delete"}
    if entry.is_usable:
        found.add("open")
    if entry.header is not None:
        found.add("run_again")
    return frozenset(found)
