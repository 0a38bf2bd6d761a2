"""A variable: its value as a tree, and the history of its changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from recode_core.errors import RecodeError
from recode_core.timeline.variables import Binding as VariableBinding
from recode_tui.debug.dialogs.value_view import SearchedValue
from recode_tui.debug.value_nodes import Value, value_tree
from recode_tui.statuses import CURRENT
from recode_tui.text import one_line, plain
from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part


class ChangeList(RowList):
    """A list with one row per change."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "go there")]

    def __init__(self, changes: Sequence[VariableBinding], now: int | None) -> None:
        super().__init__()
        self.changes = changes
        self.now = now
        self._width_of_n = max((len(str(change.n)) for change in changes), default=1)
        self._width_of_node = min(20, max((len(_node(change)) for change in changes), default=1))

    def count(self) -> int:
        return len(self.changes)

    def parts(self, row: int, width: int) -> Iterable[Part]:
        change = self.changes[row]
        yield (f"{CURRENT.text} " if row == self.now else "  "), CURRENT.tone
        yield f"{change.n:>{self._width_of_n}}  ", "quiet"
        yield f"{fitted(_node(change), self._width_of_node)}  ", "quiet"
        left = width - self._width_of_n - self._width_of_node - 6
        if change.variable is None:
            yield fitted("deleted", left), "faint"
        else:
            kind = f"{one_line(change.variable.type, 20)}  "
            yield kind, "quiet"
            yield fitted(one_line(change.variable.value, left), left - len(kind)), "plain"


class VariableHistoryScreen(Dialog[int | None]):
    """Show the value of a variable and its changes, and return the record to go to.

    `n` is the current record. `full_value` is awaited for values that are truncated in the log;
    it may raise `RecodeError`.
    """

    EXTENT = "large"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "value, changes"),
        Binding("escape,q", "back", "back"),
    ]
    DEFAULT_CSS = """
    VariableHistoryScreen {
        ChangeList { height: 1fr; min-height: 4; }
        #about { color: $quiet; height: 1; }
        SearchedValue { height: 2fr; min-height: 4; margin-bottom: 1; }
    }
    """

    def __init__(
        self,
        name: str,
        changes: Sequence[VariableBinding],
        n: int,
        full_value: Callable[[int], Awaitable[str]] | None = None,
    ) -> None:
        super().__init__(f"{name} · {len(changes)} change{'' if len(changes) == 1 else 's'}")
        self.variable = name
        self.changes = changes
        self._full_value = full_value
        self._now = max((row for row, change in enumerate(changes) if change.n <= n), default=None)
        self._trees: dict[int, Value] = {}  # of whole values, by record
        self._asked: set[int] = set()
        self._errors: dict[int, str] = {}  # why a whole value could not be read, by record

    def compose_body(self) -> ComposeResult:
        yield Static("", id="about", markup=False)
        yield SearchedValue()
        yield ChangeList(self.changes, self._now)

    def on_mount(self) -> None:
        if self._now is not None:
            self.call_after_refresh(self.query_one(ChangeList).select, self._now)
        self._update_value(self._now or 0)

    async def _load(self, n: int, full_value: Callable[[int], Awaitable[str]]) -> None:
        """Show the full value that record `n` assigned to the variable."""
        try:
            value = await full_value(n)
        except RecodeError as error:
            self._errors[n] = f"; the whole could not be read: {one_line(str(error), 200)}"
        else:
            self._trees[n] = await asyncio.to_thread(value_tree, self.variable, value)
        if not self.is_dismissed:
            self._update_value(self.query_one(ChangeList).cursor)

    @on(ChangeList.Moved)
    def _moved(self, message: ChangeList.Moved) -> None:
        self._update_value(message.row)

    @on(ChangeList.Chosen)
    def _chosen(self, message: ChangeList.Chosen) -> None:
        self.dismiss(self.changes[message.row].n)

    def _update_value(self, row: int) -> None:
        if row >= len(self.changes):
            self.query_one("#about", Static).update("it was never set on this branch")
            return
        change = self.changes[row]
        tree: Value | None = None
        is_cut = False
        about = f"record {change.n} · {_node(change)}"
        if change.variable is None:
            about += " · deleted here"
        elif change.n in self._trees:
            tree = self._trees[change.n]
        elif change.variable.length is None:
            tree = self._trees[change.n] = value_tree(self.variable, change.variable.value)
        else:
            value = change.variable.value
            about += f" · the first {len(value)} characters{self._errors.get(change.n, '')}"
            tree, is_cut = value_tree(self.variable, value), True
            if self._full_value is not None and change.n not in self._asked:
                self._asked.add(change.n)
                self.run_in_background(self._load, change.n, self._full_value)
        self.query_one("#about", Static).update(plain(about))
        self.query_one(SearchedValue).show(tree, is_cut=is_cut)

    def action_back(self) -> None:
        self.dismiss(None)


def _node(change: VariableBinding) -> str:
    return "the world's reset" if change.place is None else change.place.node
