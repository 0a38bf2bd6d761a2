"""The tree of a session's branches, with each branch's fork point, reason and outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widgets import Input, Static

from recode_core.events import Outcome
from recode_core.timeline.branches import BranchSummary
from recode_tui.debug.view import Compare, Switch
from recode_tui.statuses import CHOSEN, CURRENT, GLYPHS, OUTCOMES
from recode_tui.text import one_line
from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.glyph import Glyph
from recode_tui.widgets.line_input import LineInput
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_NUMBERS = 20
"""Width in cells of the score, steps and calls columns."""
_OUTCOME = 11
_RESULTS: dict[Outcome, str] = {"finished": "not solved", "done": "not solved", "limit": "at a limit"}
"""Outcomes that are not words of a user."""
_TRIALS = "Hide the runs of candidates and of blame, or show them again"


class Placed(msgspec.Struct, frozen=True):
    """A branch with the tree lines drawn before its name."""

    branch: BranchSummary
    lead: str


def arranged(branches: Sequence[BranchSummary], with_background: bool = True) -> list[Placed]:
    """Return the branches in tree order, parents first, optionally without background branches."""
    children: dict[str, list[BranchSummary]] = {}
    for branch in branches if with_background else _continued(branches):
        children.setdefault(branch.started.parent if branch.started else "", []).append(branch)
    found: list[Placed] = []
    waiting = [(branch, "", "") for branch in reversed(children.get("", []))]
    while waiting:
        branch, lead, below = waiting.pop()
        found.append(Placed(branch, lead))
        own = children.get(branch.name, [])
        for number, child in enumerate(reversed(own)):
            fork, line = ("├ ", "│ ") if number else ("╰ ", "  ")
            waiting.append((child, below + fork, below + line))
    return found


def _continued(branches: Sequence[BranchSummary]) -> list[BranchSummary]:
    """Return the branches that were current at some time, and their ancestors."""
    kept: set[str] = set()
    for branch in reversed(branches):
        if branch.started is None or not branch.started.aside or branch.name in kept:
            kept.add(branch.name)
            if branch.started is not None:
                kept.add(branch.started.parent)
    return [branch for branch in branches if branch.name in kept]


class BranchList(RowList):
    """A list with one row per branch."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "go there", tooltip="Go to the end of the branch")
    ]

    def __init__(self, current: str) -> None:
        super().__init__(classes="fits")
        self.rows: list[Placed] = []
        self.current = current
        self.chosen: str | None = None

    def count(self) -> int:
        return len(self.rows)

    def widths(self, width: int) -> tuple[int, int]:
        """Return the widths in cells of the name and reason columns."""
        left = max(12, width - _NUMBERS - _OUTCOME - 5)
        longest = max((len(placed.lead) + len(placed.branch.name) for placed in self.rows), default=0)
        name = max(6, min(longest, left * 3 // 5))
        return name, left - name

    def parts(self, row: int, width: int) -> Iterable[Part]:
        placed = self.rows[row]
        branch, started = placed.branch, placed.branch.started
        is_current = branch.name == self.current
        mark = CURRENT if is_current else CHOSEN if branch.name == self.chosen else Glyph(" ", "plain")
        yield f"{mark.text} ", mark.tone
        name_width, reason_width = self.widths(width)
        lead = (
            placed.lead if len(placed.lead) <= name_width // 2 else f"…{placed.lead[1 - name_width // 2 :]}"
        )
        yield lead, "faint"
        yield (
            f"{fitted(one_line(branch.name, 200), name_width - len(lead))} ",
            "now" if is_current else "plain",
        )
        reason = "" if started is None else f"{_record(started.at)}: {started.reason}"
        yield f"{fitted(one_line(reason, reason_width), reason_width)} ", "quiet"
        glyph = GLYPHS["failed"] if branch.is_failed else OUTCOMES[branch.outcome]
        yield f"{glyph.text} ", glyph.tone
        yield fitted(_result(branch), _OUTCOME - 1), "quiet"
        yield f"{branch.score:>6.2f}{branch.steps:>7}{branch.calls:>7}", "plain"


def _text(branch: BranchSummary) -> str:
    """Return the text of a branch that the search matches."""
    return f"{branch.name} {branch.started.reason if branch.started else ''} {_result(branch)}"


def _result(branch: BranchSummary) -> str:
    """How the run on a branch ended, or where it stopped."""
    if branch.outcome is None:
        return "failed" if branch.is_failed else "unfinished"
    return _RESULTS.get(branch.outcome, branch.outcome)


def _record(n: int) -> str:
    return "the start" if n < 0 else f"record {n}"


class BranchesScreen(Dialog[Switch | Compare | None]):
    """Switch to a branch, or choose two to compare."""

    EXTENT = "fitting"
    AROUND = 11
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c,d", "compare", "compare", tooltip="Choose a branch, then another to compare with it"),
        Binding("a", "show_background(False)", "hide trial runs", tooltip=_TRIALS),
        Binding("a", "show_background(True)", "show trial runs", tooltip=_TRIALS),
        Binding("F", "to_current", "to current", tooltip="To the branch that is on the screen"),
        Binding("slash", "search", "search"),
        Binding("escape,q", "back", "back"),
    ]
    DEFAULT_CSS = """
    BranchesScreen {
        #head { color: $faint; height: 1; }
        #about { color: $quiet; height: auto; max-height: 4; margin-top: 1; }
        Input { display: none; }
        &.-searching Input { display: block; }
    }
    """

    with_background: reactive[bool] = reactive(True, init=False)

    def __init__(self, branches: Sequence[BranchSummary], current: str) -> None:
        super().__init__(f"{len(branches)} branch{'' if len(branches) == 1 else 'es'}")
        self.branches = branches
        self.current = current

    def compose_body(self) -> ComposeResult:
        yield Static("", id="head", markup=False)
        yield BranchList(self.current)
        yield LineInput(placeholder="name, reason or result", compact=True)
        yield Static("", id="about", markup=False)

    @property
    def list(self) -> BranchList:
        return self.query_one(BranchList)

    @property
    def branch(self) -> BranchSummary | None:
        """The branch under the cursor."""
        return self.list.rows[self.list.cursor].branch if self.list.rows else None

    def on_mount(self) -> None:
        self.list.focus()
        self._arrange(self.current)

    def on_resize(self) -> None:
        self.call_after_refresh(self._update_texts)

    def _arrange(self, name: str) -> None:
        """Show the tree with the cursor on the named branch, or on the current one if that is hidden."""
        wanted = self.query_one(Input).value.casefold()
        placed = arranged(self.branches, self.with_background)
        self.list.rows = [row for row in placed if wanted in _text(row.branch).casefold()]
        rows = {placed.branch.name: row for row, placed in enumerate(self.list.rows)}
        self.list.cursor = rows.get(
            name, rows.get(self.current, 0)
        )  # for a key that comes before the refresh
        self.call_after_refresh(lambda: self.list.select(self.list.cursor))
        self.call_after_refresh(self._update_texts)

    def _update_texts(self) -> None:
        """Update the column headers and the details of the branch under the cursor."""
        name, reason = self.list.widths(self.list.scrollable_content_region.width)
        head = f"  {fitted('branch', name)} {fitted('began after', reason)} "
        numbers = f"{fitted('result', _OUTCOME + 1)}{'score':>6}{'steps':>7}{'calls':>7}"
        self.query_one("#head", Static).update(head + numbers)
        self.query_one("#about", Static).update(one_line(self._about(), 400))

    def _about(self) -> str:
        branch = self.branch
        if branch is None:
            return "no branch has such a name, reason or result"
        if self.list.chosen is not None:
            return f"{self.list.chosen} is chosen: c on another branch compares the two"
        failed = " · stopped at a failure, and can go on" if branch.is_failed else ""
        started = branch.started
        if started is None:
            return f"the first branch of the session{failed}"
        trial = ", as a trial run beside it" if started.aside else ""
        began = f"{branch.name} began after {_record(started.at)} of {started.parent}{trial}"
        return f"{began}: {started.reason}{failed}"

    @on(BranchList.Moved)
    def _moved(self) -> None:
        self._update_texts()

    @on(BranchList.Chosen)
    def _chosen(self, message: BranchList.Chosen) -> None:
        self.dismiss(Switch(self.list.rows[message.row].branch.name))

    def watch_with_background(self) -> None:
        self._rearrange()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Of the two actions for trial runs, enable the one that changes something."""
        if action == "show_background":
            has_any = any(branch.started is not None and branch.started.aside for branch in self.branches)
            return has_any and parameters != (self.with_background,)
        return super().check_action(action, parameters)

    def _rearrange(self) -> None:
        self._arrange(self.branch.name if self.branch is not None else self.current)

    @on(Input.Changed)
    def _typed(self) -> None:
        self._rearrange()

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.list.focus()

    def action_compare(self) -> None:
        if self.branch is None:
            return
        name, chosen = self.branch.name, self.list.chosen
        if chosen is not None and chosen != name:
            self.dismiss(Compare(chosen, name))
            return
        self.list.chosen = name if chosen is None else None
        self.list.reload()
        self._update_texts()

    def action_show_background(self, is_shown: bool) -> None:
        self.with_background = is_shown

    def action_to_current(self) -> None:
        self._arrange(self.current)

    def action_search(self) -> None:
        self.add_class("-searching")
        self.query_one(Input).focus()

    def action_back(self) -> None:
        if self.has_class("-searching"):
            self.remove_class("-searching")
            self.query_one(Input).value = ""
            self.list.focus()
        elif self.list.chosen is not None:
            self.list.chosen = None
            self.list.reload()
            self._update_texts()
        else:
            self.dismiss(None)
