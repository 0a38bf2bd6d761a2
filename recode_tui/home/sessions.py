"""The saved sessions, as they are searched, filtered and sorted."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from recode_core.format import plural
from recode_core.session.catalog import SessionEntry
from recode_tui.home.query import Query
from recode_tui.home.session_list import EntryList, Heads
from recode_tui.text import plain

_EMPTY = Content("\n").join(
    [
        Content("No sessions yet.\n"),
        *(
            Content.assemble((f"{key:>3}", "bold $footer-key-foreground"), f"  {does}")
            for key, does in (
                ("d", "plays the demo: household put:7, by the expert"),
                ("n", "puts a run of your own together"),
                ("i", "imports a session file"),
                ("tab", "goes to the samples below, recorded runs to look at"),
            )
        ),
    ]
)


class Sessions(Vertical):
    """A list with its heads; where there is nothing to list it says what to do. `problem` says why."""

    DEFAULT_CSS = """
    Sessions {
        height: 1fr;
        min-height: 6;
        border: round $border-blurred;
        border-title-color: $quiet;
        border-subtitle-color: $quiet;
        background: $surface;
        padding: 0 0 0 1;
        &:focus-within { border: round $border; border-title-color: $foreground; }
        & > EntryList { height: 1fr; }
        & > #nothing { display: none; height: auto; padding: 1 2; color: $quiet; }
        &.-none > #nothing { display: block; }
        &.-none > Heads { visibility: hidden; }
    }
    """
    BORDER_TITLE = "Sessions"

    entries: reactive[tuple[SessionEntry, ...] | None] = reactive(None, init=False)
    asked: reactive[Query] = reactive(Query(), init=False)
    problem: reactive[str] = reactive("", init=False)

    def compose(self) -> ComposeResult:
        yield Heads()
        yield Static(id="nothing", markup=False)
        yield EntryList(id="sessions")

    def watch_entries(self) -> None:
        self._show()

    def watch_asked(self, asked: Query) -> None:
        heads = self.query_one(Heads)
        heads.column, heads.is_descending = asked.column, asked.is_descending
        self._show()

    def watch_problem(self) -> None:
        self._show()

    def on_heads_clicked(self, message: Heads.Clicked) -> None:
        self.asked = self.asked.sorted_by(message.column)

    def sort_by_next(self) -> None:
        """Sort by the next of the columns that are seen."""
        self.asked = self.asked.sorted_by_next(self.query_one(Heads).columns)

    def _show(self) -> None:
        entries = self.entries or ()
        shown = self.asked.applied(entries)
        self.query_one(EntryList).items = shown
        if not shown:
            self.query_one("#nothing", Static).update(self._instead())
        self.set_class(not shown, "-none")
        kind = f"{self.asked.kind} only · " if self.asked.kind else ""
        count = f"{len(shown)} of {len(entries)}" if len(shown) < len(entries) else f"{len(entries)}"
        self.border_subtitle = f"{kind}{count} {plural(len(entries), 'session')}"

    def _instead(self) -> Content:
        """What stands where no session does."""
        if self.problem:
            return Content(plain(self.problem))
        if self.entries is None:
            return Content("reading…")
        if not self.entries:
            return _EMPTY
        kind = f" that is {self.asked.kind}" if self.asked.kind else ""
        words = f" with {self.asked.words!r}" if self.asked.words else ""
        return Content(
            plain(f"There is no session{kind}{words}.\n\nf shows another kind; esc leaves the search")
        )
