"""The tree of a run as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group
from rich.text import Text

from recode_core.events import Outcome
from recode_core.format import dollars
from recode_core.timeline.nodes import Node, NodeTree
from recode_tui.emoji import simplify
from recode_tui.statuses import AUTHORS, glyph_of
from recode_tui.text import one_line
from recode_tui.widgets.glyph import Tone

_WIDTH = 120  # characters of a statement or an error
_WHOLE = 4000  # characters of an error that is not shortened
_STYLES: dict[Tone, str] = {
    "now": "bold cyan",
    "failure": "bold red",
    "good": "green",
    "plain": "",
    "quiet": "dim",
    "faint": "dim",
}


def outline(tree: NodeTree) -> Group:
    """The whole tree, one node a row, with failures in full."""
    return Group(*(_row(node, guides, tree.outcome, is_whole=True) for node, guides in _nodes(tree)))


def window(tree: NodeTree, height: int) -> Group:
    """The `height` rows of the tree around the running node."""
    nodes = list(_nodes(tree))
    running = {place.node for place in tree.path}
    last = max((at for at, (node, _) in enumerate(nodes) if node.id in running), default=0)
    first = max(0, min(last - height // 2, len(nodes) - height))
    return Group(*(_row(node, guides, tree.outcome) for node, guides in nodes[first : first + height]))


def _nodes(tree: NodeTree) -> Iterator[tuple[Node, str]]:
    """Every node, top to bottom, with the tree lines before it."""
    stack = [(tree.root, "", "")] if tree.root else []
    while stack:
        node, guides, indent = stack.pop()
        yield node, guides
        for at, child in enumerate(reversed(node.children)):
            guide, below = ("├ ", "│ ") if at else ("└ ", "  ")
            stack.append((tree.nodes[child], indent + guide, indent + below))


def _row(node: Node, guides: str, outcome: Outcome | None, is_whole: bool = False) -> Text:
    mark = glyph_of(node.id, node.kind, node.status, outcome)
    is_failed, width = node.status == "failed", _WHOLE if is_whole else _WIDTH
    wraps = is_whole and (is_failed or bool(node.refusals))
    row = Text(no_wrap=not wraps, overflow="fold" if wraps else "ellipsis")
    row.append(guides, "dim").append(mark.text, _STYLES[mark.tone]).append(" ")
    row.append(
        simplify(one_line(node.text.partition("\n")[0], _WIDTH)), "" if node.kind == "placeholder" else "dim"
    )
    if counts := _counts(node):
        row.append(f"  {counts}", "dim")
    if node.refusals and not is_failed:
        row.append(f"  refused: {one_line(node.refusal, width)}", "yellow")
    if is_failed and node.failure is not None:
        row.append(f"  {one_line(f'{node.failure.type}: {node.failure.message}', width)}", "red")
    return row


def _counts(node: Node) -> str:
    counts = [f"{node.actions} acted"] if node.actions else []
    if node.kind == "placeholder":
        counts += [dollars(node.cost_usd)] if node.cost_usd else []
        counts += [f"expansion {node.attempt}"] if node.attempt > 1 else []
        counts += [f"{node.refusals} refused"] if node.refusals else []
        counts += [AUTHORS[node.by]] if node.by in AUTHORS else []
    return ", ".join(counts)
