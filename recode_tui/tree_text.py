"""The tree of a run as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group
from rich.text import Text

from recode_core.format import dollars
from recode_core.timeline.nodes import Node, NodeTree
from recode_tui.emoji import simplify
from recode_tui.statuses import AUTHORS, look_of
from recode_tui.text import one_line
from recode_tui.widgets.look import Tone

_WIDTH = 120  # characters of a statement or an error
_STYLES: dict[Tone, str] = {
    "now": "bold cyan",
    "failure": "bold red",
    "good": "green",
    "plain": "",
    "quiet": "dim",
    "faint": "dim",
}


def outline(tree: NodeTree) -> Group:
    """The whole tree, one node a row."""
    return Group(*(_row(node, guides) for node, guides in _nodes(tree)))


def window(tree: NodeTree, height: int) -> Group:
    """The `height` rows of the tree around the running node."""
    nodes = list(_nodes(tree))
    running = {place.node for place in tree.path}
    last = max((at for at, (node, _) in enumerate(nodes) if node.id in running), default=0)
    first = max(0, min(last - height // 2, len(nodes) - height))
    return Group(*(_row(node, guides) for node, guides in nodes[first : first + height]))


def _nodes(tree: NodeTree) -> Iterator[tuple[Node, str]]:
    """Every node, top to bottom, with the tree lines before it."""
    stack = [(tree.root, "", "")] if tree.root else []
    while stack:
        node, guides, indent = stack.pop()
        yield node, guides
        for at, child in enumerate(reversed(node.children)):
            guide, below = ("├ ", "│ ") if at else ("└ ", "  ")
            stack.append((tree.nodes[child], indent + guide, indent + below))


def _row(node: Node, guides: str) -> Text:
    mark = look_of(node.status, node.kind)
    row = Text(no_wrap=True, overflow="ellipsis")
    row.append(guides, "dim").append(mark.glyph, _STYLES[mark.tone]).append(" ")
    row.append(
        simplify(one_line(node.text.partition("\n")[0], _WIDTH)), "" if node.kind == "placeholder" else "dim"
    )
    if counts := _counts(node):
        row.append(f"  {counts}", "dim")
    if node.refusals and node.status != "failed":
        row.append(f"  refused: {one_line(node.refusal, _WIDTH)}", "yellow")
    if node.status == "failed" and node.failure is not None:
        row.append(f"  {one_line(f'{node.failure.type}: {node.failure.message}', _WIDTH)}", "red")
    return row


def _counts(node: Node) -> str:
    counts = [f"{node.actions} acted"] if node.actions else []
    if node.kind == "placeholder":
        counts += [dollars(node.cost_usd)] if node.cost_usd else []
        counts += [f"expansion {node.attempt}"] if node.attempt > 1 else []
        counts += [f"{node.refusals} refused"] if node.refusals else []
        counts += [AUTHORS[node.by]] if node.by in AUTHORS else []
    return ", ".join(counts)
