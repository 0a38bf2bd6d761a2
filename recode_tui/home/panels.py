"""Panels of the home screen: saved sessions, samples, and the session at the cursor."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from recode_core.format import file_size
from recode_core.session.catalog import SessionEntry
from recode_tui.home.query import SessionQuery
from recode_tui.home.session_info import error_of, notice_of, summary_of, task_of
from recode_tui.home.session_list import ColumnHeader, EntryList
from recode_tui.text import one_line, plain

_LONGEST = 1000  # characters of a line

_NO_SESSIONS = Content("\n").join(
    [
        Content("No sessions yet.\n"),
        *(
            Content.assemble((f"{key:>3}", "bold $footer-key-foreground"), f"  {help}")
            for key, help in (
                ("d", "plays the demo: household put:7, by the expert"),
                ("n", "puts a run of your own together"),
                ("i", "imports a session file"),
                ("tab", "goes to the samples below, recorded runs to look at"),
            )
        ),
    ]
)


class SessionsPanel(Vertical):
    """The saved sessions that match a query.

    `entries` is None until the folder is read; `error` says why it cannot be.
    """

    DEFAULT_CSS = """
    SessionsPanel {
        height: 1fr;
        min-height: 6;
        border: round $border-blurred;
        border-title-color: $quiet;
        border-subtitle-color: $quiet;
        background: $surface;
        padding: 0 0 0 1;
        &:focus-within { border: round $border; border-title-color: $foreground; }
        & > EntryList { height: 1fr; }
        & > #message { display: none; height: auto; padding: 1 2; color: $quiet; }
        &.-empty > #message { display: block; }
        &.-empty > ColumnHeader { visibility: hidden; }
    }
    """
    BORDER_TITLE = "Sessions"

    entries: reactive[tuple[SessionEntry, ...] | None] = reactive(None, init=False)
    session_query: reactive[SessionQuery] = reactive(SessionQuery(), init=False)
    error: reactive[str] = reactive("", init=False)

    def compose(self) -> ComposeResult:
        yield ColumnHeader()
        yield Static(id="message", markup=False)
        yield EntryList(id="sessions")

    def watch_entries(self) -> None:
        self._update_list()

    def watch_session_query(self, session_query: SessionQuery) -> None:
        header = self.query_one(ColumnHeader)
        header.column, header.is_descending = session_query.column, session_query.is_descending
        self._update_list()

    def watch_error(self) -> None:
        self._update_list()

    def on_column_header_clicked(self, message: ColumnHeader.Clicked) -> None:
        self.session_query = self.session_query.sort_by(message.column)

    def sort_by_next(self) -> None:
        """Sort by the next of the columns that are shown."""
        self.session_query = self.session_query.sort_by_next(self.query_one(ColumnHeader).columns)

    def _update_list(self) -> None:
        entries = self.entries or ()
        shown = self.session_query.apply(entries)
        self.query_one(EntryList).items = shown
        if not shown:
            self.query_one("#message", Static).update(self._message())
        self.set_class(not shown, "-empty")
        self.border_subtitle = self.session_query.describe(len(shown), len(entries))

    def _message(self) -> Content:
        if self.error:
            return Content(plain(self.error))
        if self.entries is None:
            return Content("reading…")
        return Content(plain(self.session_query.describe_no_match())) if self.entries else _NO_SESSIONS


class SamplesPanel(Vertical):
    """The bundled sample sessions; hidden if there are none."""

    DEFAULT_CSS = """
    SamplesPanel {
        height: auto;
        border: round $border-blurred;
        border-title-color: $quiet;
        background: $surface;
        padding: 0 0 0 1;
        &:focus-within { border: round $border; border-title-color: $foreground; }
        & > EntryList { max-height: 18vh; }
        & > EntryList > .row-list--blurred { background: $surface; }
    }
    """
    BORDER_TITLE = "Samples"

    entries: reactive[tuple[SessionEntry, ...]] = reactive((), init=False)

    def compose(self) -> ComposeResult:
        yield EntryList(id="samples")

    def watch_entries(self, entries: tuple[SessionEntry, ...]) -> None:
        samples = self.query_one(EntryList)
        samples.items = tuple(sorted(entries, key=lambda entry: entry.path.name))
        samples.styles.height = len(entries)
        self.display = bool(entries)


class DetailPanel(Static):
    """The session at the cursor: instruction, result or error, file; shortened to its three lines."""

    DEFAULT_CSS = """
    DetailPanel { height: 3; padding: 0 2; color: $foreground; }
    """

    entry: reactive[SessionEntry | None] = reactive(None, layout=False)

    class DetailClicked(Message):
        """Posted when the user clicks the panel."""

    @property
    def whole(self) -> str:
        """The text of the panel in full; empty if it shows no session."""
        return "\n".join(text for text, _ in _texts(self.entry)) if self.entry is not None else ""

    def on_click(self) -> None:
        self.post_message(self.DetailClicked())

    def watch_entry(self, entry: SessionEntry | None) -> None:
        self.update(_details(entry) if entry else "", layout=False)


def _details(entry: SessionEntry) -> Content:
    lines = (Content.styled(one_line(text, _LONGEST), style) for text, style in _texts(entry))
    return Content("\n").join(lines)


def _texts(entry: SessionEntry) -> Iterator[tuple[str, str]]:
    """The texts about a session, each with its style."""
    if subject := entry.instruction or task_of(entry):
        yield subject, ""
    yield (error_of(entry), "$error") if entry.error else (" · ".join(summary_of(entry)), "$quiet")
    file = (entry.path.name, file_size(entry.size), notice_of(entry))
    yield " · ".join(filter(None, file)), "$quiet"
