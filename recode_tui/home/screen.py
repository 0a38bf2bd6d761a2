"""The home screen: saved sessions, samples, and new runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.message import Message
from textual.widgets import Footer, Input
from textual.worker import get_current_worker

from recode_core.errors import SessionError
from recode_core.session import Settings, folder
from recode_core.session.catalog import SessionEntry
from recode_tui._textual.compositor import SpanScreen
from recode_tui.home.listing import Listing
from recode_tui.home.new_run import NewRunDialog
from recode_tui.home.panels import DetailPanel, SamplesPanel, SessionsPanel
from recode_tui.home.session_dialogs import DeleteDialog, ImportDialog, RenameDialog
from recode_tui.home.session_info import ACTIONS, LEGEND, Action, available_actions, label_of
from recode_tui.home.session_list import EntryList
from recode_tui.home.session_loader import load_incrementally
from recode_tui.home.toolbar import Toolbar
from recode_tui.session_sources import samples_dir
from recode_tui.text import plain

DEMO = Settings("household", "put:7")

Mode = Literal["debug", "replay"]
Group = Literal["sessions", "samples"]


class HomeScreen(SpanScreen[None]):
    """Lists sessions, and posts which of them, or which new run, the user chooses."""

    AUTO_FOCUS = "#sessions"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open('debug')", "Go on", tooltip="Continue the session, or a copy of the sample"),
        Binding("r", "open('replay')", "Replay", tooltip="Open the recording read-only"),
        Binding("R", "run_again", "Again", tooltip="Start a new run with the same settings"),
        Binding("e", "rename", "Rename", tooltip="Give the session another name"),
        Binding("f2", "rename", "Rename", show=False, tooltip="Give the session another name"),
        Binding("x,delete", "delete", "Delete", tooltip="Delete the session's file, after asking"),
        Binding("s", "sort", "Sort", tooltip="Sort by the next column"),
        Binding("S", "reverse", "Reverse", show=False, tooltip="Sort the other way round"),
        Binding("n", "new_run", "New run", show=False, tooltip="Configure a new run"),
        Binding("d", "demo", "Demo", show=False, tooltip="Start household put:7 with the expert"),
        Binding("i", "import", "Import", show=False, tooltip="Copy a session file into the list"),
        Binding("slash", "search", "Search", show=False, tooltip="Search as you type; esc clears the search"),
        Binding("f", "filter", "Filter", show=False, tooltip="Show only one outcome, then the next"),
        Binding("M", "read", "Read", show=False, tooltip="Read what is said of the session, whole"),
        Binding("f5,ctrl+r", "refresh", "Refresh", show=False, tooltip="Read the folder again"),
        Binding("escape", "clear_search", "Leave the search", show=False),
        Binding(
            "tab", "app.focus_next", "Next", show=False, tooltip="To the samples, the search, the sessions"
        ),
        Binding("question_mark", "help", "Help", tooltip="Show these keys"),
        Binding("q", "app.quit", "Quit", tooltip="Leave recode"),
    ]

    @dataclass
    class RunChosen(Message):
        """A new run was chosen."""

        settings: Settings

    @dataclass
    class SessionChosen(Message):
        """A session was chosen, to continue it or to open it read-only."""

        path: Path
        mode: Mode

    @dataclass
    class EntriesLoaded(Message):
        """Entries of a folder were loaded; a later message of the group replaces this one."""

        group: Group
        entries: tuple[SessionEntry, ...]

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, HomeScreen.EntriesLoaded) and message.group == self.group

    @dataclass
    class LoadFailed(Message):
        """A folder could not be read."""

        group: Group
        error: str

    @dataclass
    class ActionFailed(Message):
        """A change to a file failed."""

        error: str

    def __init__(self, sessions_dir: Path) -> None:
        super().__init__()
        self._sessions_dir = sessions_dir
        self._target: Path | None = None  # the session to select once it is listed
        self._available: frozenset[Action] = frozenset()

    def compose(self) -> ComposeResult:
        yield Toolbar()
        yield SessionsPanel()
        yield SamplesPanel()
        yield DetailPanel()
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._load("samples", samples_dir(), ())

    def on_screen_resume(self) -> None:
        self.action_refresh()

    def on_home_screen_entries_loaded(self, message: EntriesLoaded) -> None:
        if message.group == "samples":
            self.query_one(SamplesPanel).entries = message.entries
            return
        panel = self._sessions
        panel.error, panel.entries = "", message.entries
        target = self._target
        if target is not None and any(entry.path == target for entry in message.entries):
            self._target = None
            self._reveal(target)

    def on_home_screen_load_failed(self, message: LoadFailed) -> None:
        if message.group == "sessions":
            self._sessions.error = message.error

    def on_home_screen_action_failed(self, message: ActionFailed) -> None:
        self.notify(plain(message.error), severity="error", markup=False)

    @on(Listing.Highlighted)
    def _entry_highlighted(self) -> None:
        self.query_one(DetailPanel).entry = self._entry
        available = available_actions(self._entry, is_sample=self._is_sample)
        if available != self._available:  # else the footer would be drawn anew with every move
            self._available = available
            self.refresh_bindings()

    @on(Listing.Chosen)
    def _entry_chosen(self) -> None:
        self.action_open("debug")

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self._sessions.session_query = self._sessions.session_query.search(event.value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable keys for actions that are not available on the session at the cursor."""
        if action not in ACTIONS or not self.is_mounted:
            return True
        return True if action in available_actions(self._entry, is_sample=self._is_sample) else None

    def action_open(self, mode: Mode) -> None:
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
            self.app.push_screen(RenameDialog(entry.path), self._select)

    def action_import(self) -> None:
        self.app.push_screen(ImportDialog(self._sessions_dir), self._select)

    def action_delete(self) -> None:
        if (entry := self._entry) is None:
            return
        path = entry.path

        def delete(is_confirmed: bool | None) -> None:
            if is_confirmed:
                self._delete(path)

        self.app.push_screen(DeleteDialog(label_of(entry)), delete)

    def action_sort(self) -> None:
        self._sessions.sort_by_next()

    def action_reverse(self) -> None:
        self._sessions.session_query = self._sessions.session_query.reverse()

    def action_filter(self) -> None:
        self._sessions.session_query = self._sessions.session_query.filter_next()

    def action_search(self) -> None:
        self.query_one("#search").focus()

    def action_end_search(self) -> None:
        self.query_one("#sessions").focus()

    def action_clear_search(self) -> None:
        self.query_one("#search", Input).value = ""
        self.action_end_search()

    @on(DetailPanel.DetailClicked)
    def action_read(self) -> None:
        """Show what is said of the session at the cursor in full."""
        from recode_tui.debug.dialogs.text_viewer import TextViewerScreen  # after the first frame
        from recode_tui.widgets.document import Document

        if (entry := self._entry) is not None:
            whole = Document.of(self.query_one(DetailPanel).whole)
            self.app.push_screen(TextViewerScreen(label_of(entry), whole, is_wrapped=True))

    def action_refresh(self) -> None:
        """Read the folder again; unchanged files are not."""
        self._load("sessions", self._sessions_dir, self._sessions.entries or ())

    def action_help(self) -> None:
        from recode_tui.help_screen import HelpScreen  # after the first frame

        bindings = {key: _described(active) for key, active in self.active_bindings.items() if active.tooltip}
        self.app.push_screen(HelpScreen(bindings, LEGEND))

    @property
    def _sessions(self) -> SessionsPanel:
        return self.query_one(SessionsPanel)

    @property
    def _is_sample(self) -> bool:
        return self.focused is not None and self.focused.id == "samples"

    @property
    def _entry(self) -> SessionEntry | None:
        """The session at the cursor of the list in focus."""
        return self.query_one("#samples" if self._is_sample else "#sessions", EntryList).item

    def show_session(self, path: Path) -> None:
        """Move the cursor to a session, and the focus to its list, once it is listed."""
        if path.parent == self._sessions_dir:
            self._target = path
            self.set_focus(self.query_one("#sessions"))

    def _select(self, path: Path | None) -> None:
        """Move the cursor to a session once it is listed."""
        self._target = path

    def _reveal(self, path: Path) -> None:
        """Move the cursor to a session of the list. A search or filter that hides it is cleared."""
        listing = self._sessions.query_one(EntryList)
        if all(entry.path != path for entry in listing.items):
            self._sessions.session_query = self._sessions.session_query.show_all()
            self.query_one("#search", Input).value = ""
        listing.select([entry.path for entry in listing.items].index(path))

    def _load(self, group: Group, directory: Path, known: tuple[SessionEntry, ...]) -> None:
        """Load a folder in a thread; an earlier load of the group is cancelled."""

        def load() -> None:
            worker = get_current_worker()
            try:
                for entries in load_incrementally(directory, known):
                    if worker.is_cancelled:
                        return
                    self.post_message(self.EntriesLoaded(group, entries))
            except SessionError as error:
                self.post_message(self.LoadFailed(group, str(error)))

        self.run_worker(load, thread=True, group=group, exclusive=True)

    @work(thread=True)
    def _open_copy(self, sample: Path) -> None:
        try:
            self.post_message(self.SessionChosen(folder.import_file(sample, self._sessions_dir), "debug"))
        except SessionError as error:
            self.post_message(self.ActionFailed(str(error)))

    @work(thread=True)
    def _delete(self, path: Path) -> None:
        try:
            folder.delete(path)
        except SessionError as error:
            self.post_message(self.ActionFailed(str(error)))
        self.app.call_from_thread(self.action_refresh)


def _described(active: ActiveBinding) -> ActiveBinding:
    """A binding as the help shows it: described by its tooltip, whether it is available or not."""
    return active._replace(binding=replace(active.binding, description=active.tooltip), enabled=True)
