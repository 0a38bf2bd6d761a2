"""The search in the contents of all sessions: code, actions, observations, replies, failures."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input, Static
from textual.worker import Worker, get_current_worker

from recode_core.errors import SessionError
from recode_core.format import counted
from recode_core.session.catalog import SessionEntry
from recode_core.session.search import MOST, TextHit, TextHits, search_file
from recode_tui.home.dialog import HomeDialog
from recode_tui.home.listing import Cell, Listing
from recode_tui.home.session_info import glyph_of, name_of, words_of
from recode_tui.text import one_line, plain
from recode_tui.widgets.dialog import Extent
from recode_tui.widgets.line_input import LineInput

_LONGEST = 400  # characters of a row
_INTERVAL = 0.1  # seconds between two results


class ChosenHit(NamedTuple):
    """A hit in a session that the user wants to see."""

    path: Path
    hit: TextHit


class HitRow(NamedTuple):
    """A row of the results: a hit, or without one a session with the number of its hits."""

    entry: SessionEntry
    hit: TextHit | None
    hits: int


class HitList(Listing[HitRow]):
    """Sessions with their hits below them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Open there")]

    def name_of(self, item: HitRow) -> object:
        return item.entry.path, item.hit and item.hit.n

    def text_of(self, row: int) -> str:
        item = self.items[row]
        return item.hit.excerpt if item.hit is not None else ""

    def cells(self, item: HitRow, width: int) -> list[Cell]:
        if item.hit is not None:
            kind = f"{item.hit.kind} at {item.hit.n:,}"
            excerpt = one_line(item.hit.excerpt, _LONGEST)
            return [Cell("", 3), Cell(kind, 22, "quiet"), Cell(excerpt, width - 25)]
        glyph = glyph_of(item.entry)
        hits = f"{item.hits}{'+' if item.hits == MOST else ''}"
        text = one_line(": ".join(filter(None, (name_of(item.entry), words_of(item.entry)))), _LONGEST)
        return [
            Cell(glyph.text, 2, glyph.tone),
            Cell(text, width - 12),
            Cell(f"{hits} {'hit' if item.hits == 1 else 'hits'}", 10, "quiet", is_right=True),
        ]


class SearchText(LineInput):
    """The text to search for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Search", priority=True),
        Binding("down", "screen.focus_hits", "To the hits"),
    ]


class ContentSearchDialog(HomeDialog[ChosenHit]):
    """Searches sessions in a thread, and returns the hit to open. The search can be interrupted."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back_out", "Stop, close")]
    DEFAULT_CSS = """
    ContentSearchDialog {
        & > #box { width: 96%; height: 92%; padding: 1 1 0 1; }
        & HitList { height: 1fr; margin-top: 1; }
        & #progress { height: 1; color: $quiet; }
    }
    """
    EXTENT: ClassVar[Extent] = "large"

    @dataclass
    class Progressed(Message):
        """More sessions were searched, `done` of them; `found` are those with hits since the last message."""

        text: str
        done: int
        found: tuple[TextHits, ...]
        is_last: bool = False

    def __init__(self, entries: Sequence[SessionEntry], text: str = "") -> None:
        super().__init__("Search in contents")
        self._entries = {entry.path: entry for entry in entries if entry.header is not None}
        self._first = text
        self._worker: Worker[None] | None = None
        self._found: list[TextHits] = []

    def compose_body(self) -> ComposeResult:
        yield SearchText(self._first, placeholder="code, action, observation, reply…", compact=True)
        yield HitList()
        yield Static(f"{counted(len(self._entries), 'session')} to search", id="progress", markup=False)

    @on(Input.Submitted)
    def _search(self, event: Input.Submitted) -> None:
        if not (text := event.value.strip()):
            return
        self._found = []
        self.query_one(HitList).search_text = text
        self._show()
        self._tell("searching…")
        self._worker = self.run_worker(
            lambda: self._search_all(text), thread=True, exclusive=True, group="contents"
        )

    def on_content_search_dialog_progressed(self, message: Progressed) -> None:
        if message.text != self.query_one(HitList).search_text:
            return  # of an earlier search
        self._found += message.found
        if message.found:
            self._show()
        total, hits = len(self._entries), sum(len(found.hits) for found in self._found)
        where = f" in {counted(len(self._found), 'session')}" if hits else ""
        state = "" if message.is_last else " · esc stops"
        searched = f"{message.done:,} of {total:,} sessions searched"
        self._tell(f"{searched} · {counted(hits, 'hit')}{where}{state}")
        if message.is_last and hits and self.query_one(SearchText).has_focus:
            self.action_focus_hits()

    @on(Listing.Chosen)
    def _open(self, message: Listing.Chosen) -> None:
        item = self.query_one(HitList).items[message.row]
        hit = item.hit or next(found.hits[0] for found in self._found if found.path == item.entry.path)
        self._stop()
        self.dismiss(ChosenHit(item.entry.path, hit))

    def action_focus_hits(self) -> None:
        self.query_one(HitList).focus()

    def action_back_out(self) -> None:
        """Stop a search that is running; else close the dialog."""
        if not self._stop():
            self.dismiss(None)

    def _stop(self) -> bool:
        if self._worker is None or self._worker.is_finished:
            return False
        self._worker.cancel()
        self._worker = None
        searched = str(self.query_one("#progress", Static).content).replace(" · esc stops", "")
        self._tell(f"{searched} · stopped")
        return True

    def _tell(self, text: str) -> None:
        self.query_one("#progress", Static).update(plain(text), layout=False)

    def _show(self) -> None:
        rows: list[HitRow] = []
        for path, hits in self._found:
            entry = self._entries[path]
            rows.append(HitRow(entry, None, len(hits)))
            rows += [HitRow(entry, hit, 0) for hit in hits]
        self.query_one(HitList).items = tuple(rows)

    def _search_all(self, text: str) -> None:
        """Search the sessions, in a thread. What is found is posted in intervals."""
        worker = get_current_worker()
        found: list[TextHits] = []
        posted = time.monotonic()
        for done, path in enumerate(self._entries, 1):
            try:
                if hits := search_file(path, text, lambda: worker.is_cancelled):
                    found.append(TextHits(path, hits))
            except SessionError:  # deleted meanwhile
                continue
            if worker.is_cancelled:
                return
            if time.monotonic() - posted > _INTERVAL:
                self.post_message(self.Progressed(text, done, tuple(found)))
                found, posted = [], time.monotonic()
                time.sleep(0)  # let the screen draw
        self.post_message(self.Progressed(text, len(self._entries), tuple(found), is_last=True))
