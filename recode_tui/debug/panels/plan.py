"""The plan panel: the tree of a branch at a moment, a row for each node."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from recode_core.format import dollars
from recode_core.timeline.nodes import Kind, Status
from recode_core.timeline.tree import NodeHistory, NodeText
from recode_tui.debug.failures import failure_at, summary
from recode_tui.debug.keys import shown, to_come
from recode_tui.debug.panels.plan_rows import PlanRows
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import AUTHORS, CULPRIT, CURRENT, DRAFT, NO_EFFECT, NOTE, glyph_of, meaning_of
from recode_tui.text import one_line
from recode_tui.widgets.glyph import Glyph, Tone
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part

_SIGNS = (CULPRIT.text, DRAFT.text, NO_EFFECT.text, NOTE.text)  # behind a statement
_IMPORT = re.compile(r"\s*(import|from)\s")
_ACTION = re.compile(r"\brun\(")
_LEAST_ERROR = 10  # cells for an error behind a statement
_LEVELS = 24  # of indentation that are drawn, in half of the width; a deeper node says how deep it is


class PlanPanel(RowList):
    """The tree. With `follow` the cursor stays on the node of the run. Nodes in `drafts` are marked.

    During a preview the cursor is on its node, and afterwards where it was before. Of a new frame with the
    same rows, those of the cursor are drawn at once, the others with the next `reload`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "fold", "fold", show=False),
        Binding("right,l", "unfold", "unfold", show=False),
        Binding("space", "toggle_fold", "fold or unfold", show=False),
    ]

    frame: reactive[Frame | None] = reactive(None, repaint=False)
    follow: reactive[bool] = reactive(True, repaint=False)
    drafts: reactive[frozenset[str]] = reactive(frozenset(), repaint=False)

    @dataclass
    class NodeMessage(Message):
        """The base of messages about a node."""

        node: str

    class NodeShown(NodeMessage):
        """Posted when the user moves the cursor to a node."""

    class NodeChosen(NodeMessage):
        """Posted when the user presses enter on a node."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = f"{shown('plan')} Plan"
        self._rows: PlanRows | None = None
        self._matches: Callable[[str], bool] | None = None
        self._before_preview: tuple[PlanRows, str] | None = None  # with the node under the cursor
        self._is_behind = False  # of the frame, apart from the rows that the cursor left and came to

    # content

    @property
    def node(self) -> str:
        """The node under the cursor."""
        return self._rows[self.cursor] if self._rows is not None and len(self._rows) else "0"

    def count(self) -> int:
        return len(self._rows) if self._rows is not None else 0

    def empty_text(self) -> str:
        return "" if self.is_filtered else to_come("plan")

    def parts(self, row: int, width: int) -> Iterator[Part]:
        frame, rows = self.frame, self._rows
        assert frame is not None and rows is not None
        id = rows[row]
        node = frame.timeline.tree.nodes[id]
        shown, status = node.text_at(frame.n), node.status_at(frame.n)
        is_current = id == rows.shown(frame.node) and frame.stop.kind != "end"
        lead = _lead(rows, node, width)
        yield lead, "faint"
        glyph = glyph_of(id, shown.kind, status or "pending", frame.moment.outcome)
        is_bad = glyph.tone == "failure"
        glyph = CURRENT if is_current and not is_bad else glyph
        yield glyph.text + ("▸" if id in rows.folded else " "), glyph.tone
        counts, marks = _counts(frame, id, shown.kind), self._marks(frame, id)
        left = width - cell_len(lead) - 2 - (cell_len(counts) + 1 if counts else 0) - 2 * len(marks)
        text, error = _text_and_error(frame, id, shown.text, max(1, left))
        yield text, "failure" if is_bad else _tone(shown, status, is_current)
        if error:
            yield error, "failure"
        if counts:
            yield f" {counts}", "failure" if status == "failed" else "faint"
        for mark in marks:
            yield f" {mark.text}", mark.tone

    def _marks(self, frame: Frame, node: str) -> list[Glyph]:
        """The marks at the end of a node's row."""
        return [
            *([CULPRIT] if node == frame.culprit else []),
            *([DRAFT] if node in self.drafts else []),
        ]

    def tip_of(self, number: int, part: str, at: int) -> str:
        if number == 1:
            return meaning_of(part[0]) if at == 0 else ""
        sign = part[at : at + 1]
        return meaning_of(sign) if number > 2 and sign in _SIGNS else ""

    def is_matched(self, row: int) -> bool:
        return self._matches is not None and self._rows is not None and self._matches(self._rows[row])

    # updates

    def watch_frame(self, frame: Frame | None) -> None:
        if frame is None:
            return
        if frame.is_preview:
            if self._before_preview is None and self._rows is not None:
                self._before_preview = self._rows, self.node
        elif self._before_preview is not None:
            self._rows, node = self._before_preview
            self._before_preview = None
            if self._rows.plan is frame.timeline.tree:
                self._rows.catch_up(frame.n)
                self.show_node(node)
        if self._rows is None or self._rows.plan is not frame.timeline.tree:
            folded = self._rows.folded if self._rows is not None else set()
            node = self.node
            self._rows = PlanRows(frame.timeline.tree, frame.n)
            if kept := {id for id in folded if frame.timeline.tree.get(id) is not None}:
                self._rows.folded = kept
                self._rows.rebuild()
            self.show_node(node)
            is_same = False
        else:
            at = self.node
            is_same = not self._rows.catch_up(frame.n)
            if not is_same and not self.follow:
                self.show_node(at)
        if not self.follow and not frame.is_preview:
            self.reload()
        else:
            self.show_node(frame.node, lookahead=True, is_same=is_same)

    def watch_drafts(self) -> None:
        self.reload()

    def show_node(self, node: str, *, lookahead: bool = False, is_same: bool = False) -> None:
        """Move the cursor to a node, or to its nearest ancestor that has a row.

        With `is_same` the rows are the same as before, so that only those of the cursor are drawn.
        """
        if self._rows is None:
            return
        row = self._rows.index(self._rows.shown(node))
        self._is_behind = is_same
        move = self.move_to if is_same else self.select
        move(row if row is not None else self.cursor, lookahead=lookahead)

    def catch_up(self) -> None:
        """Draw the other rows of a frame of which only those at the cursor were drawn."""
        if self._is_behind:
            self._is_behind = False
            self.reload()

    def reveal(self, node: str) -> None:
        """Unfold the ancestors of a node, and move the cursor to it."""
        if self._rows is not None:
            self.show_node(node, is_same=not self._rows.reveal(node))

    def mark(self, matches: Callable[[str], bool] | None, search_text: str = "") -> None:
        """Highlight the nodes that match, and a text in their rows."""
        self._matches = matches
        self.highlight(search_text)

    def filter(self, matches: Callable[[str], bool] | None) -> None:
        """Show only the nodes that match, with their ancestors; with None show all."""
        if self._rows is not None:
            node, self._rows.matches = self.node, matches
            self._rows.rebuild()
            self.show_node(node)

    @property
    def is_filtered(self) -> bool:
        """Whether only some nodes are shown."""
        return self._rows is not None and self._rows.matches is not None

    # events

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()
        self.follow = False
        self.post_message(self.NodeShown(self.node))

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.follow = False
        self.post_message(self.NodeChosen(self.node))

    def action_fold(self) -> None:
        """Fold the node, or move to its parent."""
        if self._rows is None or not self.count():
            return
        node = self._rows.plan.nodes[self.node]
        if self._rows.children(node.id) and node.id not in self._rows.folded:
            self._fold(node.id, True)
        elif node.parent:
            self.show_node(node.parent)
            self.post_message(RowList.Moved(self, self.cursor))

    def action_unfold(self) -> None:
        """Unfold the node, or move to its first child."""
        if self._rows is None or not self.count():
            return
        node = self._rows.plan.nodes[self.node]
        if node.id in self._rows.folded:
            self._fold(node.id, False)
        elif self._rows.children(node.id):
            self.action_move(1)

    def action_toggle_fold(self) -> None:
        if self._rows is not None and self.count():
            self._fold(self.node, self.node not in self._rows.folded)

    def _fold(self, node: str, is_folded: bool) -> None:
        assert self._rows is not None
        self._rows.fold(node, is_folded)
        self.show_node(node)


def _lead(rows: PlanRows, node: NodeHistory, width: int) -> str:
    """The guide lines before a node."""
    depth = rows.depth[node.id]
    guides: list[str] = []
    child, parent = node.id, node.parent
    levels = max(1, min(_LEVELS, width // 4))
    while parent and len(guides) < levels:
        is_last = rows.children(parent)[-1] == child
        guides.append(("  " if is_last else "│ ") if guides else ("└ " if is_last else "├ "))
        child, parent = parent, rows.plan.nodes[parent].parent
    deeper = f"⋯{depth - levels} " if depth > levels else ""
    return deeper + "".join(reversed(guides))


def _text_and_error(frame: Frame, node: str, text: str, width: int) -> tuple[str, str]:
    """The statement of a node and, of one that failed, its error, as far as both have room."""
    text = one_line(text.partition("\n")[0], 400)
    failure = failure_at(frame, node)
    room = width - cell_len(text) - 2
    if failure is None or room < _LEAST_ERROR:
        return fitted(text, width), ""
    return f"{text}  ", fitted(one_line(summary(failure), 400), room)


def _tone(shown: NodeText, status: Status | None, is_current: bool) -> Tone:
    """The tone of a statement: placeholders and actions stand out, imports stand back."""
    if status == "failed":
        return "failure"
    if is_current:
        return "now"
    if status is None or status == "superseded":
        return "faint"
    if _IMPORT.match(shown.text):
        return "faint"
    return "plain" if shown.kind == "placeholder" or _ACTION.search(shown.text) else "quiet"


def _counts(frame: Frame, node: str, kind: Kind) -> str:
    """The counts of a node: its actions, and of a placeholder its attempts, author, refusals and cost.

    Code whose actions did nothing has a mark.
    """
    moment = frame.moment
    actions = moment.actions_of(node)
    counts = [str(actions)] if actions else []
    if kind == "code" and frame.did_nothing(node):
        counts.insert(0, NO_EFFECT.text)
    if kind == "placeholder":
        code = moment.timeline.expansions.code_at(node, frame.n)
        if code is not None:
            counts += [f"@{code.attempt}"] if code.attempt > 1 else []
            counts += [AUTHORS[code.by]] if code.by in AUTHORS else []
        refused = moment.refusals(node)
        counts += [f"{refused} refused"] if refused else []
        cost = moment.timeline.usage.of_node(node, frame.n).cost_usd
        counts += [dollars(cost)] if cost else []
    if node in frame.annotations.notes:
        counts.append(NOTE.text)
    return " ".join(counts)
