"""The home screen: saved sessions, samples, and new runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.message import Message
from textual.widgets import Footer, Input
from textual.worker import get_current_worker

from recode_core import read_only
from recode_core.errors import SessionError
from recode_core.format import counted
from recode_core.session import Settings, folder
from recode_core.session.catalog import SessionEntry
from recode_tui._textual.compositor import SpanScreen
from recode_tui.concepts import CONCEPTS
from recode_tui.home.listing import Listing
from recode_tui.home.new_run import NewRunDialog
from recode_tui.home.panels import DetailPanel, SamplesPanel, SessionsPanel
from recode_tui.home.query import SessionQuery, complete
from recode_tui.home.session_dialogs import (
    DeleteDialog,
    ExportDialog,
    ImportDialog,
    RenameDialog,
    TagDialog,
)
from recode_tui.home.session_info import ACTIONS, LEGEND, Action, available_actions, label_of
from recode_tui.home.session_list import EntryList
from recode_tui.home.session_loader import load_batches, load_incrementally
from recode_tui.home.toolbar import Toolbar
from recode_tui.session_sources import samples_dir
from recode_tui.text import plain

if TYPE_CHECKING:
    from recode_core.batch.groups import BatchGroup

_CHANGES = frozenset({"run_again", "rename", "delete", "new_run", "demo", "import", "tag", "export"})

Mode = Literal["debug", "replay", "follow"]
Group = Literal["sessions", "samples"]

_TICK = 2.0  # seconds between two looks at what other processes write


class HomeScreen(SpanScreen[None]):
    """Lists sessions, and posts which of them, or which new run, the user chooses."""

    AUTO_FOCUS = "#sessions"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open('debug')", "Go on", tooltip="Continue the session, or a copy of the sample"),
        Binding("r", "open('replay')", "Replay", tooltip="Open the recording read-only"),
        Binding("R", "run_again", "Again", tooltip="Start a new run with the same settings"),
        Binding("e", "rename", "Rename", tooltip="Give the session another name"),
        Binding("f2", "rename", "Rename", show=False, tooltip="Give the session another name"),
        Binding(
            "x,delete", "delete", "Delete", tooltip="Delete the marked sessions, or this one, after asking"
        ),
        Binding("space", "mark", "Mark", show=False, tooltip="Mark the session or batch; again: no longer"),
        Binding("ctrl+a", "mark_all", "Mark all", show=False, tooltip="Mark every session shown, or none"),
        Binding(
            "t", "tag", "Tags", show=False, tooltip="Add and remove tags of the marked sessions, or this"
        ),
        Binding("E", "export", "Export", show=False, tooltip="Export the marked sessions, or this one"),
        Binding(
            "exclamation_mark", "failed", "Failed", show=False, tooltip="Open the next failed run of a batch"
        ),
        Binding("right,l", "fold(False)", "Unfold", show=False, tooltip="Show the runs of the batch"),
        Binding("left,h", "fold(True)", "Fold", show=False, tooltip="Hide the runs of the batch"),
        Binding(
            "c", "search_contents", "Contents", show=False, tooltip="Search in the contents of all sessions"
        ),
        Binding("s", "sort", "Sort", tooltip="Sort by the next column"),
        Binding("S", "reverse", "Reverse", show=False, tooltip="Sort the other way round"),
        Binding("n", "new_run", "New run", show=False, tooltip="Configure a new run"),
        Binding(
            "d", "demo", "Demo", show=False, tooltip="Open a run that failed, with a tour of how to mend it"
        ),
        Binding("i", "import", "Import", show=False, tooltip="Copy a session file into the list"),
        Binding(
            "slash",
            "search",
            "Search",
            show=False,
            tooltip="Filter by words and fields such as env:household",
        ),
        Binding("f", "filter", "Filter", show=False, tooltip="Show only one outcome, then the next"),
        Binding("M", "read", "Read", show=False, tooltip="Read what is said of the session, whole"),
        Binding("f5,ctrl+r", "refresh", "Refresh", show=False, tooltip="Read the folder again"),
        Binding("escape", "clear_search", "Leave the search", show=False),
        Binding(
            "tab", "app.focus_next", "Next", show=False, tooltip="To the samples, the search, the sessions"
        ),
        Binding("colon", "app.command_palette", "Commands", show=False, tooltip="The command palette"),
        Binding("question_mark", "help", "Help", tooltip="Show these keys"),
        Binding("q", "app.quit", "Quit", tooltip="Leave recode"),
    ]

    @dataclass
    class RunChosen(Message):
        """A new run was chosen."""

        settings: Settings

    class DemoChosen(Message):
        """The demo was chosen."""

    @dataclass
    class SessionChosen(Message):
        """A session was chosen, to continue it, to open it read-only, or to follow it while it is written.

        If `at` is given, it is opened at that record of that branch.
        """

        path: Path
        mode: Mode
        at: tuple[str, int] | None = None

    @dataclass
    class EntriesLoaded(Message):
        """Entries of a folder were loaded; a later message of the group replaces this one."""

        group: Group
        entries: tuple[SessionEntry, ...]

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, HomeScreen.EntriesLoaded) and message.group == self.group

    @dataclass
    class BatchesLoaded(Message):
        """Batches were loaded; a later message replaces this one."""

        groups: tuple[BatchGroup, ...]

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, HomeScreen.BatchesLoaded)

    @dataclass
    class LoadFailed(Message):
        """A folder could not be read."""

        group: Group
        error: str

    @dataclass
    class ActionFailed(Message):
        """A change to a file failed."""

        error: str

    @dataclass
    class Deleted(Message):
        """Sessions were deleted, except those that the `errors` are about."""

        count: int
        errors: tuple[str, ...]

    def __init__(self, sessions_dir: Path) -> None:
        super().__init__()
        self._sessions_dir = sessions_dir
        self._target: Path | None = None  # the session to select once it is listed
        self._available: frozenset[Action] = frozenset()
        self._folder_changed = 0  # nanoseconds since the epoch, at the last load
        self._failed_at: dict[Path, Path] = {}  # for each batch, the failed run that was opened last

    def compose(self) -> ComposeResult:
        yield Toolbar(lambda words: complete(words, self._sessions.all_entries))
        yield SessionsPanel()
        yield SamplesPanel()
        yield DetailPanel()
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.watch(self._sessions, "session_query", self._filter_samples, init=False)
        self._load("samples", samples_dir(), ())
        self.set_interval(_TICK, self._look_for_changes)

    def on_screen_resume(self) -> None:
        self.action_refresh()

    def on_home_screen_entries_loaded(self, message: EntriesLoaded) -> None:
        if message.group == "samples":
            self.query_one(SamplesPanel).entries = message.entries
            return
        panel = self._sessions
        panel.error = ""
        if panel.entries != message.entries:
            panel.entries = message.entries
        target = self._target
        if target is not None and any(entry.path == target for entry in message.entries):
            self._target = None
            self._reveal(target)

    def on_home_screen_batches_loaded(self, message: BatchesLoaded) -> None:
        if self._sessions.groups != message.groups:
            self._sessions.groups = message.groups

    def on_home_screen_deleted(self, message: Deleted) -> None:
        self._sessions.marked = frozenset()
        if message.errors:
            self.post_message(self.ActionFailed("\n".join(message.errors)))
        if message.count > 1:
            self.notify(f"{message.count:,} sessions deleted", markup=False)
        self.action_refresh()

    def on_home_screen_load_failed(self, message: LoadFailed) -> None:
        if message.group == "sessions":
            self._sessions.error = message.error

    def on_home_screen_action_failed(self, message: ActionFailed) -> None:
        self.notify(plain(message.error), severity="error", markup=False)

    @on(Listing.Highlighted)
    def _entry_highlighted(self) -> None:
        self.query_one(DetailPanel).entry = self._list.item
        available = self._available_actions()
        if available != self._available:  # else the footer would be drawn anew with every move
            self._available = available
            self.refresh_bindings()

    @on(Listing.Chosen)
    def _entry_chosen(self) -> None:
        self.action_open("debug")

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self._sessions.session_query = self._sessions.session_query.search(event.value)

    def _filter_samples(self, session_query: SessionQuery) -> None:
        self.query_one(SamplesPanel).session_query = session_query
        self._sessions.matching_samples = len(self.query_one("#samples", EntryList).items)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable keys for actions that are not available on the session at the cursor, or at all."""
        if action in _CHANGES and read_only.is_enforced():
            return False
        if action not in ACTIONS or not self.is_mounted:
            return True
        return True if action in self._available_actions() else None

    def _available_actions(self) -> frozenset[Action]:
        available = available_actions(self._entry, is_sample=self._is_sample)
        is_some = bool(self._sessions.marked_entries or (self._group is not None and self._group.entries))
        if is_some and not self._is_sample:
            available |= {"delete", "tag"}
        return available | {"open"} if self._group is not None else available

    def action_open(self, mode: Mode) -> None:
        if (group := self._group) is not None:
            self._sessions.fold(group.folder, is_folded=self._list.is_unfolded(group.folder))
            return
        entry = self._entry
        if entry is None or not entry.is_usable:
            return
        if read_only.is_enforced():
            mode = "replay"
        if self._is_sample and mode == "debug":
            self._open_copy(entry.path)
        else:
            self.post_message(self.SessionChosen(entry.path, "follow" if entry.is_running else mode))

    def action_failed(self) -> None:
        """Open the next failed run of the batch at the cursor, read-only."""
        entry, groups = self._entry, self._sessions.groups
        group = self._group
        if group is None and entry is not None:
            group = next((each for each in groups if each.folder == entry.path.parent), None)
        if group is None or not group.failed:
            text = (
                "no run of this batch has failed" if group else "! opens a failed run of a batch: choose one"
            )
            self.notify(text, markup=False)
            return
        paths = [each.path for each in group.failed]
        last = self._failed_at.get(group.folder)
        at = paths.index(last) + 1 if last in paths else 0
        self._failed_at[group.folder] = path = paths[at % len(paths)]
        self.post_message(self.SessionChosen(path, "replay"))

    def action_fold(self, is_folded: bool) -> None:
        """Fold or unfold the batch at the cursor, or that of the episode there."""
        entry = self._entry
        folder = entry.path.parent if entry is not None else self._group.folder if self._group else None
        groups = [group.folder for group in self._sessions.groups]
        if folder not in groups or self._is_sample or (entry is not None and not is_folded):
            return
        self._sessions.fold(folder, is_folded)
        rows = [None if isinstance(row, SessionEntry) else row.folder for row in self._list.items]
        self._list.select(rows.index(folder))

    def action_mark(self) -> None:
        """Mark the session or batch at the cursor, and go to the next."""
        if not self._is_sample:
            self._sessions.mark(entry.path for entry in self._under_cursor)
            self._list.action_move(1)

    def action_mark_all(self) -> None:
        self._sessions.mark(entry.path for entry in self._sessions.query_one(EntryList).shown)

    def action_tag(self) -> None:
        if chosen := self._chosen:
            known = sorted({tag for entry in chosen for tag in entry.tags})
            dialog = TagDialog([entry.path for entry in chosen], known)
            self.app.push_screen(dialog, lambda path: self.action_refresh())

    def action_export(self) -> None:
        if not (chosen := [entry for entry in self._chosen or self._under_cursor if entry.is_usable]):
            return
        dialog = ExportDialog([entry.path for entry in chosen])

        def tell(folder: Path | None) -> None:
            if folder is not None:
                files = counted(dialog.count, "file")
                self.notify(plain(f"{files} written to {folder}"), markup=False, timeout=10)

        self.app.push_screen(dialog, tell)

    def action_search_contents(self) -> None:
        from recode_tui.home.content_search import ChosenHit, ContentSearchDialog  # after the first frame

        samples = self.query_one(SamplesPanel).entries
        entries = [*self._sessions.all_entries, *samples]

        def show(chosen: ChosenHit | None) -> None:
            if chosen is not None:
                at = chosen.hit.branch, chosen.hit.n
                self.post_message(self.SessionChosen(chosen.path, "replay", at))

        self.app.push_screen(ContentSearchDialog(entries), show)

    def action_run_again(self) -> None:
        if (entry := self._entry) is not None and entry.header is not None:
            self.post_message(self.RunChosen(entry.header.settings))

    def action_demo(self) -> None:
        self.post_message(self.DemoChosen())

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
        if not (chosen := self._chosen):
            return
        paths = [entry.path for entry in chosen]

        def delete(is_confirmed: bool | None) -> None:
            if is_confirmed:
                self._delete(paths)

        self.app.push_screen(DeleteDialog([label_of(entry) for entry in chosen]), delete)

    def action_sort(self) -> None:
        self._sessions.sort_by_next()

    def action_reverse(self) -> None:
        self._sessions.session_query = self._sessions.session_query.reverse()

    def action_filter(self) -> None:
        self._sessions.session_query = self._sessions.session_query.filter_next()

    def action_search(self) -> None:
        self.query_one("#search").focus()

    def action_end_search(self) -> None:
        """Leave the search for the list, or for the samples if only they match."""
        is_below = self._sessions.matching_samples and not self._sessions.has_rows
        self.query_one("#samples" if is_below else "#sessions").focus()

    def action_clear_search(self) -> None:
        self.query_one("#search", Input).value = ""
        self.action_end_search()

    @on(DetailPanel.DetailClicked)
    def action_read(self) -> None:
        """Show what is said of the session at the cursor in full."""
        from recode_tui.debug.dialogs.text_viewer import TextViewerScreen  # after the first frame
        from recode_tui.widgets.document import Document

        if (item := self._list.item) is not None:
            name = label_of(item) if isinstance(item, SessionEntry) else item.folder.name
            whole = Document.of(self.query_one(DetailPanel).whole)
            self.app.push_screen(TextViewerScreen(name, whole, is_wrapped=True))

    def action_refresh(self) -> None:
        """Read the folder again; unchanged files are not."""
        self._folder_changed = self._changed()
        self._load("sessions", self._sessions_dir, self._sessions.entries or ())
        self._load_batches(self._sessions.groups)

    def action_help(self) -> None:
        from recode_tui.help_screen import HelpScreen  # after the first frame

        bindings = {key: _described(active) for key, active in self.active_bindings.items() if active.tooltip}
        self.app.push_screen(HelpScreen(bindings, LEGEND, concepts=CONCEPTS))

    @property
    def _sessions(self) -> SessionsPanel:
        return self.query_one(SessionsPanel)

    @property
    def _is_sample(self) -> bool:
        return self.focused is not None and self.focused.id == "samples"

    @property
    def _entry(self) -> SessionEntry | None:
        """The session at the cursor of the list in focus."""
        return self._list.entry

    @property
    def _group(self) -> BatchGroup | None:
        """The batch at the cursor."""
        return self._list.group

    @property
    def _list(self) -> EntryList:
        """The list in focus."""
        return self.query_one("#samples" if self._is_sample else "#sessions", EntryList)

    @property
    def _under_cursor(self) -> tuple[SessionEntry, ...]:
        """The session at the cursor, or those of the batch."""
        if (entry := self._entry) is not None:
            return (entry,)
        return self._group.entries if self._group is not None else ()

    @property
    def _chosen(self) -> tuple[SessionEntry, ...]:
        """The sessions that a change is about: the marked ones, else those at the cursor; no samples."""
        if self._is_sample:
            return ()
        return tuple(self._sessions.marked_entries) or self._under_cursor

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
        if all(entry.path != path for entry in listing.shown):
            self._sessions.session_query = self._sessions.session_query.show_all()
            self.query_one("#search", Input).value = ""
        listing.select(
            [row.path if isinstance(row, SessionEntry) else None for row in listing.items].index(path)
        )

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

    def _load_batches(self, known: tuple[BatchGroup, ...]) -> None:
        """Load the batches in a thread."""

        def load() -> None:
            worker = get_current_worker()
            for groups in load_batches(self._sessions_dir, known):
                if worker.is_cancelled:
                    return
                self.post_message(self.BatchesLoaded(groups))

        self.run_worker(load, thread=True, group="batches", exclusive=True)

    def _look_for_changes(self) -> None:
        """Read the folder again if other processes write sessions, or have added or removed some."""
        is_written = any(entry.is_running for entry in self._sessions.all_entries)
        if self.is_current and (is_written or self._changed() != self._folder_changed):
            self.action_refresh()

    def _changed(self) -> int:
        try:
            return self._sessions_dir.stat().st_mtime_ns
        except OSError:
            return 0

    @work(thread=True)
    def _open_copy(self, sample: Path) -> None:
        try:
            self.post_message(self.SessionChosen(folder.import_file(sample, self._sessions_dir), "debug"))
        except SessionError as error:
            self.post_message(self.ActionFailed(str(error)))

    @work(thread=True)
    def _delete(self, paths: list[Path]) -> None:
        errors = []
        for path in paths:
            try:
                folder.delete(path)
            except SessionError as error:
                errors.append(str(error))
        self.post_message(self.Deleted(len(paths) - len(errors), tuple(errors)))


def _described(active: ActiveBinding) -> ActiveBinding:
    """A binding as the help shows it: described by its tooltip, whether it is available or not."""
    return active._replace(
        binding=replace(active.binding, description=active.tooltip, tooltip=""), enabled=True
    )
