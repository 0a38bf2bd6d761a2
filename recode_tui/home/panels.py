"""Panels of the home screen: saved sessions, samples, and the session at the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from recode_core.format import counted, file_size
from recode_core.session.catalog import SessionEntry
from recode_tui.home.query import SessionQuery
from recode_tui.home.session_info import batch_text, error_of, notice_of, summary_of, task_of
from recode_tui.home.session_list import ColumnHeader, EntryList
from recode_tui.text import one_line, plain

if TYPE_CHECKING:
    from recode_core.batch.groups import BatchGroup

_LONGEST = 1000  # characters of a line

_NO_SESSIONS = Content("\n").join(
    [
        Content("No sessions yet.\n"),
        *(
            Content.assemble((f"{key:>3}", "bold $footer-key-foreground"), f"  {help}")
            for key, help in (
                ("d", "opens the demo: an agent that failed, and a tour of how to mend it"),
                ("n", "puts a run of your own together"),
                ("i", "imports a session file"),
                ("tab", "goes to the samples below, recorded runs to look at"),
            )
        ),
    ]
)


class SessionsPanel(Vertical):
    """The saved sessions and batches that match a query.

    `entries` is None until the folder is read; `error` says why it cannot be. `marked` are the files of
    marked sessions, `unfolded` the folders of batches whose episodes are shown.
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
    groups: reactive[tuple[BatchGroup, ...]] = reactive((), init=False)
    marked: reactive[frozenset[Path]] = reactive(frozenset[Path](), init=False)
    unfolded: reactive[frozenset[Path]] = reactive(frozenset[Path](), init=False)
    matching_samples: reactive[int] = reactive(0, init=False)
    """The number of samples that the query matches."""

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

    def watch_groups(self) -> None:
        self._update_list()

    def watch_unfolded(self) -> None:
        self._update_list()

    def watch_matching_samples(self) -> None:
        self._update_list()

    def watch_marked(self, marked: frozenset[Path]) -> None:
        self.query_one(EntryList).marked = marked
        self._update_title()

    @property
    def all_entries(self) -> list[SessionEntry]:
        """Every session, those of batches too."""
        return [*(self.entries or ()), *(entry for group in self.groups for entry in group.entries)]

    @property
    def has_rows(self) -> bool:
        """Whether a session or a batch is shown."""
        return bool(self.query_one("#sessions", EntryList).items)

    @property
    def marked_entries(self) -> list[SessionEntry]:
        """The marked sessions that still exist."""
        return [entry for entry in self.all_entries if entry.path in self.marked] if self.marked else []

    def mark(self, paths: Iterable[Path]) -> None:
        """Mark sessions, or none of them any more if all are marked."""
        paths = frozenset(paths)
        self.marked = self.marked - paths if paths <= self.marked else self.marked | paths

    def fold(self, folder: Path, is_folded: bool) -> None:
        """Hide or show the episodes of a batch."""
        self.unfolded = self.unfolded - {folder} if is_folded else self.unfolded | {folder}

    def on_column_header_clicked(self, message: ColumnHeader.Clicked) -> None:
        self.session_query = self.session_query.sort_by(message.column)

    def sort_by_next(self) -> None:
        """Sort by the next of the columns that are shown."""
        self.session_query = self.session_query.sort_by_next(self.query_one(ColumnHeader).columns)

    def _update_list(self) -> None:
        shown = self.session_query.rows(self.entries or (), self.groups, self.unfolded)
        self.query_one(EntryList).items = shown
        if not shown:
            self.query_one("#message", Static).update(self._message())
        self.set_class(not shown, "-empty")
        self._update_title()

    def _update_title(self) -> None:
        total = self.all_entries
        is_filter = self.session_query.is_filter
        shown = len(self.query_one(EntryList).shown) if is_filter else len(total)
        self.border_subtitle = self.session_query.describe(shown, len(total), len(self.marked_entries))

    def _message(self) -> Content:
        if self.error:
            return Content(plain(self.error))
        if self.entries is None:
            return Content("reading…")
        has_any = self.entries or self.groups
        if not has_any and not self.session_query.is_filter:
            return _NO_SESSIONS
        return Content(plain(self.session_query.describe_no_match(self.matching_samples)))


class SamplesPanel(Vertical):
    """The bundled sample sessions that match a query; hidden if there are no samples."""

    DEFAULT_CSS = """
    SamplesPanel {
        max-height: 25vh;
        border: round $border-blurred;
        border-title-color: $quiet;
        border-subtitle-color: $quiet;
        background: $surface;
        padding: 0 0 0 1;
        &:focus-within { border: round $border; border-title-color: $foreground; }
        & > EntryList > .row-list--blurred { background: $surface; }
    }
    """
    BORDER_TITLE = "Samples"

    entries: reactive[tuple[SessionEntry, ...]] = reactive((), init=False)
    session_query: reactive[SessionQuery] = reactive(SessionQuery(), init=False)

    def compose(self) -> ComposeResult:
        yield EntryList(id="samples")

    def watch_entries(self, entries: tuple[SessionEntry, ...]) -> None:
        self._update_list()
        self.styles.height = len(entries) + self.gutter.height
        self.display = bool(entries)

    def watch_session_query(self) -> None:
        self._update_list()

    def _update_list(self) -> None:
        """List the samples that match, by name."""
        matching = sorted(self.session_query.matching(self.entries), key=lambda entry: entry.path.name)
        self.query_one(EntryList).items = tuple(matching)
        total, is_filter = len(self.entries), self.session_query.is_filter
        self.border_subtitle = f"{len(matching)} of {total}" if is_filter else ""


class DetailPanel(Static):
    """The session at the cursor: instruction, result or error, file; shortened to its three lines."""

    DEFAULT_CSS = """
    DetailPanel { height: 3; padding: 0 2; color: $foreground; }
    """

    entry: reactive[SessionEntry | BatchGroup | None] = reactive(None, layout=False)

    class DetailClicked(Message):
        """Posted when the user clicks the panel."""

    @property
    def whole(self) -> str:
        """The text of the panel in full; empty if it shows no session."""
        return "\n".join(text for text, _ in _texts(self.entry)) if self.entry is not None else ""

    def on_click(self) -> None:
        self.post_message(self.DetailClicked())

    def watch_entry(self, entry: SessionEntry | BatchGroup | None) -> None:
        self.update(_details(entry) if entry else "", layout=False)


def _details(entry: SessionEntry | BatchGroup) -> Content:
    lines = (Content.styled(one_line(text, _LONGEST), style) for text, style in _texts(entry))
    return Content("\n").join(lines)


def _texts(entry: SessionEntry | BatchGroup) -> Iterator[tuple[str, str]]:
    """The texts about a session or a batch, each with its style."""
    if not isinstance(entry, SessionEntry):
        yield batch_text(entry), ""
        split = f" · split {entry.manifest.split}" if entry.manifest.split else ""
        yield (
            f"{counted(entry.total, 'task')}{split} · ! opens a failed run, enter folds and unfolds",
            "$quiet",
        )
        yield str(entry.folder), "$quiet"
        return
    if subject := entry.instruction or task_of(entry):
        yield f"{subject} · {task_of(entry)}" if entry.instruction else subject, ""
    yield (error_of(entry), "$error") if entry.error else (" · ".join(summary_of(entry)), "$quiet")
    file = (entry.path.name, file_size(entry.size), notice_of(entry))
    yield " · ".join(filter(None, file)), "$quiet"
