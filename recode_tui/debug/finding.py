"""What a search finds in the panel that has the focus, and the way from one place to the next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from recode_tui.debug.panels.environment import EnvironmentPanel
from recode_tui.debug.panels.variables import VariablesPanel
from recode_tui.debug.search import Found, search
from recode_tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from recode_tui.debug.screen import DebugScreen

_QUICK = 5000  # nodes or rows that are searched while one types
_KEYS = ". next, , previous"


def type_ahead(screen: DebugScreen, panel: str, text: str) -> None:
    """Search while a text is typed, where that takes no time."""
    rows, frame = _rows_of(screen, panel), screen.frame
    if rows is not None:
        is_quick = rows.count() < _QUICK
    else:
        is_quick = panel != "code" and frame is not None and len(frame.timeline.tree.nodes) < _QUICK
    if is_quick:
        find(screen, panel, text)


def find(screen: DebugScreen, panel: str, text: str) -> None:
    """Mark every place in a panel where a text is found."""
    if (rows := _rows_of(screen, panel)) is not None:
        count, more = rows.find(text), ""
    elif panel == "code":
        count, more = screen.code.page.find(text), ""
    else:
        count, more = _find_nodes(screen, text), ", & only these"
    screen.say("info", f"{count} found: {_KEYS}{more}" if text else "")


def go(screen: DebugScreen, panel: str, by: int) -> None:
    """To the next place of what was found; with 0 to the first from where one is."""
    rows = _rows_of(screen, panel)
    if rows is not None and rows.sought:
        at = rows.go_to_found(by)
        _tell(screen, rows.sought, at, len(rows.found()), _KEYS)
    elif panel == "code":
        if by:
            (screen.code.page.find_next if by > 0 else screen.code.page.find_previous)()
    else:
        _go_to_node(screen, by)


def forget(screen: DebugScreen) -> None:
    """End the search, in every panel."""
    screen.found = Found()
    screen.plan.mark(None)
    for panel in (EnvironmentPanel, VariablesPanel):
        screen.query_one(panel).find("")


def _rows_of(screen: DebugScreen, panel: str) -> RowList | None:
    """The panel, if it is one that is searched row by row."""
    return screen.query_one(f"#{panel}", RowList) if panel in ("environment", "variables") else None


def _find_nodes(screen: DebugScreen, text: str) -> int:
    if screen.frame is None:
        return 0
    screen.found = search(screen.frame, text)
    hits = frozenset(screen.found.nodes)
    screen.plan.mark(hits.__contains__ if hits else None)
    screen.query_one(EnvironmentPanel).find(text)
    return len(hits)


def _go_to_node(screen: DebugScreen, by: int) -> None:
    found = screen.found
    node = found.next(screen.plan.node, by)
    if node is None:
        _tell(screen, found.text, None, 0, "", "in this branch")
    elif screen.frame is not None:
        screen.plan.follow = False
        screen.plan.reveal(node)
        screen.later(partial(_show_found, screen, node))


def _show_found(screen: DebugScreen, node: str) -> None:
    """Show what belongs to a node; of a loop, the very action."""
    found = screen.found
    screen.look()
    if (act := found.acts.get(node)) is not None:
        screen.query_one(EnvironmentPanel).select(act)
    if node in found.nodes:  # nothing else was looked for meanwhile
        _tell(screen, found.text, found.nodes.index(node), len(found.nodes), f"{_KEYS}, & only these")


def _tell(screen: DebugScreen, text: str, at: int | None, count: int, keys: str, where: str = "here") -> None:
    if at is not None:
        screen.say("info", f"{at + 1} of {count}: {keys}")
    elif text:
        screen.say("info", f"{text!r} is nowhere {where}")
