"""The search in the panel that has the focus, and the way from one match to the next."""

from __future__ import annotations

from functools import partial

from recode_tui.debug.panel_screen import PanelScreen
from recode_tui.debug.panels.console import ConsolePanel
from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.debug.panels.variables import VariablesPanel
from recode_tui.debug.search import Found, search
from recode_tui.widgets.row_list import RowList

_QUICK = 5000  # nodes or rows that are searched while one types
_BY_ROWS = ("environment", "variables", "console")
_KEYS = ". next, , previous"


class PanelSearch:
    """Searches the panels of a screen. `found` are the nodes that were found last."""

    def __init__(self, screen: PanelScreen) -> None:
        self._screen = screen
        self.found = Found()

    def type_ahead(self, panel: str, text: str) -> None:
        """Search while a text is typed, if that takes no time."""
        rows, frame = self._rows(panel), self._screen.frame
        if rows is not None:
            is_quick = rows.count() < _QUICK
        else:
            is_quick = panel != "code" and frame is not None and len(frame.timeline.tree.nodes) < _QUICK
        if is_quick:
            self.find(panel, text)

    def find(self, panel: str, text: str) -> None:
        """Mark every match of a text in a panel."""
        if (rows := self._rows(panel)) is not None:
            count, more = rows.find(text), ""
        elif panel == "code":
            count, more = self._screen.code.page.find(text), ""
        else:
            count, more = self._find_nodes(text), ", & only these"
        self._screen.report("info", f"{count} found: {_KEYS}{more}" if text else "")

    def go(self, panel: str, by: int) -> None:
        """Go to the next or the previous match; with 0 to the first one from the cursor on."""
        rows = self._rows(panel)
        if rows is not None and rows.search_text:
            at = rows.go_to_found(by)
            self._report(rows.search_text, at, len(rows.found()), _KEYS)
        elif panel == "code":
            if by:
                page = self._screen.code.page
                (page.find_next if by > 0 else page.find_previous)()
        else:
            self._go_to_node(by)

    def show_only_found(self) -> None:
        """Filter the plan by the nodes that were found, or show all of them again."""
        plan, hits = self._screen.plan, frozenset(self.found.nodes)
        plan.filter(None if plan.is_filtered or not hits else hits.__contains__)

    def clear(self) -> None:
        """End the search in every panel."""
        self.found = Found()
        self._screen.plan.mark(None)
        for panel in (EnvironmentPanel, VariablesPanel, ConsolePanel):
            self._screen.query_one(panel).find("")

    def _rows(self, panel: str) -> RowList | None:
        """The panel, if it is searched row by row."""
        return self._screen.query_one(f"#{panel}", RowList) if panel in _BY_ROWS else None

    def _find_nodes(self, text: str) -> int:
        screen = self._screen
        if screen.frame is None:
            return 0
        self.found = search(screen.frame, text)
        hits = frozenset(self.found.nodes)
        screen.plan.mark(hits.__contains__ if hits else None)
        screen.query_one(EnvironmentPanel).find(text)
        return len(hits)

    def _go_to_node(self, by: int) -> None:
        screen = self._screen
        node = self.found.next(screen.plan.node, by)
        if node is None:
            self._report(self.found.text, None, 0, "", "in this branch")
        elif screen.frame is not None:
            screen.plan.follow = False
            screen.plan.reveal(node)
            screen.defer(partial(self._show_found, node))

    def _show_found(self, node: str) -> None:
        """Show what belongs to a node; in a loop, the action itself."""
        screen, found = self._screen, self.found
        screen.show_selected()
        if (act := found.acts.get(node)) is not None:
            screen.query_one(EnvironmentPanel).select(act)
        if node in found.nodes:  # no other search began meanwhile
            self._report(found.text, found.nodes.index(node), len(found.nodes), f"{_KEYS}, & only these")

    def _report(self, text: str, at: int | None, count: int, keys: str, where: str = "here") -> None:
        if at is not None:
            self._screen.report("info", f"{at + 1} of {count}: {keys}")
        elif text:
            self._screen.report("info", f"{text!r} is nowhere {where}")
