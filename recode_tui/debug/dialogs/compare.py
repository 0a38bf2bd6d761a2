"""Two branches side by side, with their statements and the first observation that differs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from recode_core.debugger.diff import Difference, FirstDivergence, ObservedStep, State
from recode_core.events import Outcome
from recode_core.timeline.nodes import Node, NodeTree
from recode_tui.debug.dialogs.text_viewer import SearchedText
from recode_tui.statuses import glyph_of
from recode_tui.text import one_line
from recode_tui.widgets.dialog import Dialog
from recode_tui.widgets.glyph import Glyph, Tone
from recode_tui.widgets.highlight import python
from recode_tui.widgets.row_list import RowList, fitted
from recode_tui.widgets.row_strips import Part
from recode_tui.widgets.text_view import Document

SIGNS: dict[State, Glyph] = {
    "same": Glyph(" ", "faint"),
    "changed": Glyph("~", "plain"),
    "added": Glyph("+", "good"),
    "removed": Glyph("-", "failure"),
}
DIVERGENCE = Glyph("≠", "now")
"""Marks the first observation that differs."""

Side = Literal["left", "right"]


class ComparedList(RowList):
    """A list with one row per pair of aligned nodes."""

    def __init__(self, left: NodeTree, right: NodeTree, difference: Difference) -> None:
        super().__init__()
        self.left = left
        self.right = right
        self.nodes = difference.nodes
        self.differing = [row for row, node in enumerate(self.nodes) if node.counts]
        self.divergence_row = _divergence_row(difference)

    def count(self) -> int:
        return len(self.nodes)

    def pair(self, row: int) -> tuple[Node | None, Node | None]:
        """Return the two nodes of a row."""
        aligned = self.nodes[row]
        left = self.left.nodes[aligned.left] if aligned.left is not None else None
        return left, self.right.nodes[aligned.right] if aligned.right is not None else None

    def parts(self, row: int, width: int) -> Iterable[Part]:
        aligned = self.nodes[row]
        half = max(4, (width - 3) // 2)
        left, right = self.pair(row)
        sign = DIVERGENCE if row == self.divergence_row else SIGNS[aligned.state]
        tone: Tone = "faint" if not aligned.is_reached else "quiet" if aligned.state == "same" else "plain"
        yield from _cell(left, self.left.outcome, aligned.depth, half, tone)
        yield f" {sign.text} ", sign.tone if aligned.is_reached else "faint"
        yield from _cell(right, self.right.outcome, aligned.depth, half, tone)

    def difference_after(self, row: int) -> int | None:
        """Return the next row that differs, None if there is none."""
        at = bisect_right(self.differing, row)
        return self.differing[at] if at < len(self.differing) else None

    def difference_before(self, row: int) -> int | None:
        """Return the previous row that differs, None if there is none."""
        at = bisect_left(self.differing, row)
        return self.differing[at - 1] if at else None


def _cell(node: Node | None, outcome: Outcome | None, depth: int, width: int, tone: Tone) -> Iterable[Part]:
    """Yield a node's parts in its column; the indent takes at most half of the width."""
    if node is None:
        yield " " * width, tone
        return
    deepest = width // 4
    indent = "  " * depth if depth <= deepest else f"{'  ' * (deepest - 1)}… "
    glyph = glyph_of(node.id, node.kind, node.status, outcome)
    yield indent, "faint"
    yield f"{glyph.text} ", glyph.tone
    left = width - len(indent) - 2
    yield fitted(one_line(node.text, max(1, left)), left), tone


def _divergence_row(difference: Difference) -> int | None:
    """Return the row of the action with the first observation that differs."""
    first = difference.first
    left = first.left.node if first is not None and first.left is not None else None
    right = first.right.node if first is not None and first.right is not None else None
    for row, node in enumerate(difference.nodes):
        if first is not None and (left, right) in ((node.left, node.right), (node.left, None)):
            return row
        if left is None and right is not None and node.right == right:
            return row
    return None


class CompareScreen(Dialog[None]):
    """Compare two branches, named by `names`, side by side."""

    EXTENT = "large"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "full_stop", "difference(1)", "next difference", tooltip="To the next statement that differs"
        ),
        Binding("comma", "difference(-1)", "previous", tooltip="To the statement before that differs"),
        Binding("o", "divergence", "divergence", tooltip="To the first observation that differs"),
        Binding("tab", "app.focus_next", "the texts"),
        Binding("shift+tab", "app.focus_previous", "back to the list", show=False),
        Binding("escape,q", "back", "back"),
    ]
    DEFAULT_CSS = """
    CompareScreen {
        #names { height: 1; }
        #names > Static { width: 1fr; color: $quiet; text-style: bold; }
        ComparedList { height: 3fr; }
        #about { height: 1; color: $quiet; margin-top: 1; }
        #texts { height: 2fr; min-height: 4; }
        #texts > Vertical { width: 1fr; }
        #texts > Vertical > Static { height: 1; color: $quiet; }
        #texts > Vertical:focus-within { background: $row; }
        #texts-right, #name-right { margin-left: 3; }
    }
    """

    def __init__(
        self, names: tuple[str, str], left: NodeTree, right: NodeTree, difference: Difference
    ) -> None:
        reached, count = difference.reached, len(difference.nodes)
        prompts = ", and the prompts: diff shows how" if difference.other_prompts else ""
        never = f" · {count - reached} not reached on either side" if reached < count else ""
        super().__init__(f"{difference.differing} of {reached} statements differ{prompts}{never}")
        self.names = names
        self.trees = left, right
        self.difference = difference

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="names"):
            yield Static(Content(one_line(self.names[0], 100)))
            yield Static(Content(one_line(self.names[1], 100)), id="name-right")
        yield ComparedList(*self.trees, self.difference)
        yield Static("", id="about", markup=False)
        with Horizontal(id="texts"):
            for side, name in zip(("left", "right"), self.names, strict=True):
                with Vertical(id=f"texts-{side}"):
                    yield Static("", id=f"title-{side}", markup=False)
                    yield SearchedText(Document(), copied_name=f"the text of {name}", id=side)

    @property
    def list(self) -> ComparedList:
        return self.query_one(ComparedList)

    def on_mount(self) -> None:
        self.call_after_refresh(self.action_divergence)

    @on(ComparedList.Moved)
    def _moved(self, message: ComparedList.Moved) -> None:
        self._show_statements(message.row)

    def _show_statements(self, row: int) -> None:
        """Show the two statements of a row with their expansions."""
        aligned = self.list.nodes[row]
        differs = ", ".join(aligned.differs) or ("nothing" if aligned.state == "same" else aligned.state)
        never = "" if aligned.is_reached else " · not reached on either side, so not counted"
        self.query_one("#about", Static).update(f"differs: {differs}{never}")
        sides: tuple[Side, Side] = ("left", "right")
        for side, node in zip(sides, self.list.pair(row), strict=True):
            title = f"{node.id} · {node.status}" if node is not None else "not on this branch"
            code = (
                f"{node.text}\n\n{node.code}" if node is not None and node.code else node.text if node else ""
            )
            self._put(side, title, Document(python(code)))

    def _show_answers(self) -> None:
        """Show the full text of the first two observations that differ."""
        first = self.difference.first
        if first is None:
            self.query_one("#about", Static).update("every observation is the same")
            return
        self.query_one("#about", Static).update(
            f"{DIVERGENCE.text} they diverge here: {_divergence_text(first)}"
        )
        self._put("left", *_answer(first.left))
        self._put("right", *_answer(first.right))

    def _put(self, side: Side, title: str, document: Document) -> None:
        self.query_one(f"#title-{side}", Static).update(one_line(title, 200))
        self.query_one(f"#{side}", SearchedText).show(document)

    def action_difference(self, by: int) -> None:
        rows = self.list
        row = (rows.difference_after if by > 0 else rows.difference_before)(rows.cursor)
        if row is not None:
            rows.select(row)
            self._show_statements(row)

    def action_divergence(self) -> None:
        row = self.list.divergence_row
        if row is None and self.list.differing:
            row = self.list.differing[0]
        if row is not None:
            self.list.select(row)
        self._show_answers()

    def action_back(self) -> None:
        self.dismiss(None)


def _divergence_text(first: FirstDivergence) -> str:
    """Describe the first divergence."""
    if first.step == 0:
        return "the first observation differs"
    if first.left is None or first.right is None:
        return f"the {'left' if first.left is None else 'right'} branch took no action {first.step}"
    if first.left.action != first.right.action:
        return f"action {first.step} differs, and so does its observation"
    return f"the observation after action {first.step} differs"


def _answer(answer: ObservedStep | None) -> tuple[str, Document]:
    if answer is None:
        return "nothing more was observed", Document()
    return f"record {answer.n} · {answer.action or 'reset'}", Document.of(answer.text)
