"""The search: its matches are highlighted in every panel; keys go through those of the focused one."""

from __future__ import annotations

from functools import partial

from recode_tui.debug.panel_screen import PanelScreen
from recode_tui.debug.panels.console import ConsolePanel
from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.debug.panels.timeline import TimelinePanel
from recode_tui.debug.panels.variables import VariablesPanel
from recode_tui.debug.search import Found, search
from recode_tui.debug.view_frame import Frame
from recode_tui.widgets.row_list import RowList

_QUICK = 5000  # nodes, rows or lines that are searched while one types
_KEYS = ". next, , previous"


class PanelSearch:
    """Searches the panels of a screen for `text`. `found` are the nodes that match it.

    The text is kept until the search is cleared: pages and rows that are shown later are searched, too.
    """

    def __init__(self, screen: PanelScreen) -> None:
        self._screen = screen
        self.text = ""
        self.found = Found()
        self._searched: Frame | None = None  # the frame of `found`

    def type_ahead(self, panel: str, text: str) -> None:
        """Search while a text is typed, if that takes no time."""
        if self._is_quick:
            self.find(panel, text)

    def find(self, panel: str, text: str) -> None:
        """Highlight every match of a text, and report how many the panel has."""
        self.text = text
        self._find_nodes()
        for rows in self._lists:
            rows.highlight(text)
        page = self._screen.code.page
        (page.find if panel == "code" else page.highlight)(text)
        if not text:
            self._screen.report("info", "")
        elif panel == "plan":
            self._screen.report("info", f"{len(self.found.nodes)} found: {_KEYS}, & only these")
        else:
            rows_found = self._rows(panel).found() if panel != "code" else page.matches
            self._screen.report("info", f"{len(rows_found)} found: {_KEYS}")

    def go(self, panel: str, by: int) -> None:
        """Go to the next or the previous match; with 0 to the first one from the cursor on."""
        if not self.text:
            self._screen.report("info", "no text is searched for: / begins a search")
        elif panel == "plan":
            self._go_to_node(by)
        elif panel == "code":
            self._go_in_page(by)
        else:
            rows = self._rows(panel)
            self._report(rows.go_to_found(by), len(rows.found()))

    def refresh(self) -> None:
        """Search the nodes of a new frame, if that takes no time; else that is done by the next key."""
        if self.text and self._searched is not self._screen.frame and self._is_quick:
            self._find_nodes()

    def report_page(self) -> None:
        """Report how many matches the open tab has."""
        if self.text:
            code, panel = self._screen.code, self._screen.panel_of(self._screen.focused)
            keys = f": {_KEYS}" if panel == "code" else ""
            count = len(code.page.matches)
            self._screen.report("info", f"{count} found in the tab {code.tab.capitalize()}{keys}")

    def show_only_found(self) -> None:
        """Filter the plan by the nodes that were found, or show all of them again."""
        plan, hits = self._screen.plan, frozenset(self.found.nodes)
        plan.filter(None if plan.is_filtered or not hits else hits.__contains__)

    def clear(self) -> None:
        """End the search in every panel."""
        self.text, self.found = "", Found()
        self._screen.plan.mark(None)
        for rows in self._lists:
            rows.highlight("")
        self._screen.code.page.highlight("")

    @property
    def _lists(self) -> tuple[RowList, ...]:
        """The panels that are searched row by row."""
        panels = (EnvironmentPanel, VariablesPanel, TimelinePanel, ConsolePanel)
        return tuple(self._screen.query_one(panel) for panel in panels)

    @property
    def _is_quick(self) -> bool:
        frame, page = self._screen.frame, self._screen.code.page
        nodes = len(frame.timeline.tree.nodes) if frame is not None else 0
        return max(nodes, len(page.document.lines), *(rows.count() for rows in self._lists)) < _QUICK

    def _rows(self, panel: str) -> RowList:
        return self._screen.query_one(f"#{panel}", RowList)

    def _find_nodes(self) -> None:
        frame = self._searched = self._screen.frame
        self.found = search(frame, self.text) if frame is not None else Found()
        hits = frozenset(self.found.nodes)
        self._screen.plan.mark(hits.__contains__ if hits else None, self.text)

    def _go_to_node(self, by: int) -> None:
        screen = self._screen
        if self._searched is not screen.frame:
            self._find_nodes()
        node = self.found.next(screen.plan.node, by)
        if node is None:
            self._report(None, 0, where="in this branch")
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
            self._report(found.nodes.index(node), len(found.nodes), f"{_KEYS}, & only these")

    def _go_in_page(self, by: int) -> None:
        page = self._screen.code.page
        if by:
            (page.find_next if by > 0 else page.find_previous)()
        at = page.matches.number_of(page.found) - 1 if page.found is not None else None
        self._report(at, len(page.matches), where="in this tab")

    def _report(self, at: int | None, count: int, keys: str = _KEYS, where: str = "here") -> None:
        if at is not None:
            self._screen.report("info", f"{at + 1} of {count}: {keys}")
        else:
            self._screen.report("info", f"{self.text!r} was not found {where}")
