"""The plan: a row a node, live, with what each was at the moment that is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from recode_core.timeline.nodes import Kind, Status
from recode_core.timeline.tree import NodeHistory
from recode_tui.debug.panels.plan_rows import Rows
from recode_tui.debug.view_frame import Frame
from recode_tui.statuses import AUTHORS, CURRENT, DRAFT, NOTE, Tone, look_of
from recode_tui.text import one_line
from recode_tui.widgets.row_list import Lines, Part, fitted

_LEVELS = 24  # of indentation that are drawn, in half of the width; what is deeper says how deep


class PlanPanel(Lines):
    """The tree of a line. While `follow` is on, the cursor stays with the run; `drafts` are marked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "fold", "fold", show=False),
        Binding("right,l", "unfold", "unfold", show=False),
        Binding("space", "flip", "fold or unfold", show=False),
    ]

    frame: reactive[Frame | None] = reactive(None, repaint=False)
    follow: reactive[bool] = reactive(True, repaint=False)
    drafts: reactive[frozenset[str]] = reactive(frozenset(), repaint=False)

    class OfNode(Message):
        """Something about a node."""

        def __init__(self, node: str) -> None:
            super().__init__()
            self.node = node

    class NodeShown(OfNode):
        """The user looks at a node."""

    class NodeChosen(OfNode):
        """The user wants to go where a node begins."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = "1 Plan"
        self._rows: Rows | None = None
        self._matches: Callable[[str], bool] | None = None

    # what is in it

    @property
    def node(self) -> str:
        """The node under the cursor."""
        return self._rows[self.cursor] if self._rows is not None and len(self._rows) else "0"

    def count(self) -> int:
        return len(self._rows) if self._rows is not None else 0

    def parts(self, row: int, width: int) -> Iterator[Part]:
        frame, rows = self.frame, self._rows
        assert frame is not None and rows is not None
        id = rows[row]
        node = frame.timeline.tree.nodes[id]
        shown, status = node.text_at(frame.n), node.status_at(frame.n)
        is_current = id == rows.shown(frame.node) and frame.stop.kind != "end"
        lead = _lead(rows, node, width)
        yield lead, "faint"
        look = CURRENT if is_current and status != "failed" else look_of(status or "pending", shown.kind)
        yield look.glyph + ("▸" if id in rows.folded else " "), look.tone
        counts = _counts(frame, id, shown.kind)
        text = one_line(shown.text.partition("\n")[0], 400)
        has_draft = id in self.drafts
        room = width - cell_len(lead) - 2 - (cell_len(counts) + 1 if counts else 0) - 2 * has_draft
        yield fitted(text, max(1, room)), _tone(shown.kind, status, is_current)
        if counts:
            yield f" {counts}", "failure" if status == "failed" else "faint"
        if has_draft:
            yield f" {DRAFT.glyph}", DRAFT.tone

    def is_matched(self, row: int) -> bool:
        return self._matches is not None and self._rows is not None and self._matches(self._rows[row])

    # what is shown

    def watch_frame(self, frame: Frame | None) -> None:
        if frame is None:
            return
        if self._rows is None or self._rows.plan is not frame.timeline.tree:
            folded = self._rows.folded if self._rows is not None else set()
            node = self.node
            self._rows = Rows(frame.timeline.tree)
            if kept := {id for id in folded if frame.timeline.tree.get(id) is not None}:
                self._rows.folded = kept
                self._rows.rebuild()
            self.show_node(node)
        else:
            at = self.node
            if self._rows.catch_up() and not self.follow:
                self.show_node(at)
        if self.follow:
            self.show_node(frame.node, has_more=True)
        else:
            self.reload()

    def watch_drafts(self) -> None:
        self.reload()

    def show_node(self, node: str, *, has_more: bool = False) -> None:
        """Put the cursor on a node, or on the nearest one above it that is to be seen."""
        if self._rows is None:
            return
        row = self._rows.index(self._rows.shown(node))
        self.move_to(row if row is not None else self.cursor, has_more=has_more)

    def reveal(self, node: str) -> None:
        """Unfold what hides a node, and go there."""
        if self._rows is not None:
            self._rows.reveal(node)
            self.show_node(node)

    def mark(self, matches: Callable[[str], bool] | None) -> None:
        """Mark the nodes that match."""
        self._matches = matches
        self.reload()

    def filter(self, matches: Callable[[str], bool] | None) -> None:
        """Keep the nodes that match, with those above them; None keeps all."""
        if self._rows is not None:
            node, self._rows.matches = self.node, matches
            self._rows.rebuild()
            self.show_node(node)

    @property
    def is_filtered(self) -> bool:
        """Whether some nodes are left out."""
        return self._rows is not None and self._rows.matches is not None

    # the user

    def on_lines_moved(self, event: Lines.Moved) -> None:
        event.stop()
        self.follow = False
        self.post_message(self.NodeShown(self.node))

    def on_lines_chosen(self, event: Lines.Chosen) -> None:
        event.stop()
        self.follow = False
        self.post_message(self.NodeChosen(self.node))

    def action_fold(self) -> None:
        """Fold the node, or go to the one above it."""
        if self._rows is None or not self.count():
            return
        node = self._rows.plan.nodes[self.node]
        if self._rows.plan.children(node.id) and node.id not in self._rows.folded:
            self._fold(node.id, True)
        elif node.parent:
            self.show_node(node.parent)
            self.post_message(Lines.Moved(self, self.cursor))

    def action_unfold(self) -> None:
        """Unfold the node, or go to its first child."""
        if self._rows is None or not self.count():
            return
        node = self._rows.plan.nodes[self.node]
        if node.id in self._rows.folded:
            self._fold(node.id, False)
        elif self._rows.plan.children(node.id):
            self.action_move(1)

    def action_flip(self) -> None:
        if self._rows is not None and self.count():
            self._fold(self.node, self.node not in self._rows.folded)

    def _fold(self, node: str, is_folded: bool) -> None:
        assert self._rows is not None
        self._rows.fold(node, is_folded)
        self.show_node(node)


def _lead(rows: Rows, node: NodeHistory, width: int) -> str:
    """The lines that lead to a node."""
    depth = rows.depth[node.id]
    guides: list[str] = []
    child, parent = node.id, node.parent
    levels = max(1, min(_LEVELS, width // 4))
    while parent and len(guides) < levels:
        is_last = rows.plan.children(parent)[-1] == child
        guides.append(("  " if is_last else "│ ") if guides else ("└ " if is_last else "├ "))
        child, parent = parent, rows.plan.nodes[parent].parent
    deeper = f"⋯{depth - levels} " if depth > levels else ""
    return deeper + "".join(reversed(guides))


def _tone(kind: Kind, status: Status | None, is_current: bool) -> Tone:
    if status == "failed":
        return "failure"
    if is_current:
        return "now"
    if status is None or status == "superseded":
        return "faint"
    return "plain" if kind == "placeholder" else "quiet"


def _counts(frame: Frame, node: str, kind: Kind) -> str:
    """What a node took, in few signs: its actions, and for a placeholder how it came to its code."""
    moment = frame.moment
    actions = moment.actions_of(node)
    counts = [str(actions)] if actions else []
    if kind == "placeholder":
        code = moment.timeline.expansions.code_at(node, frame.n)
        if code is not None:
            counts += [f"@{code.attempt}"] if code.attempt > 1 else []
            counts += [AUTHORS[code.by]] if code.by in AUTHORS else []
        refused = moment.refusals(node)
        counts += [f"{refused} refused"] if refused else []
        cost = moment.timeline.usage.of_node(node, frame.n).cost_usd
        counts += [f"${cost:.4f}"] if cost else []
    if node in frame.annotations.notes:
        counts.append(NOTE.glyph)
    return " ".join(counts)
