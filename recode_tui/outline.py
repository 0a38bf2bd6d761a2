"""The tree of a run as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group
from rich.text import Text

from recode_core.tree import Node, Status, Tree
from recode_tui.text import one_line

_WIDTH = 100  # characters of a statement or an error
_SIGNS: dict[Status, tuple[str, str]] = {
    "pending": ("·", "dim"),
    "running": ("◐", "bold cyan"),
    "done": ("✔", "green"),
    "failed": ("✖", "bold red"),
    "superseded": ("~", "dim"),
    "stopped": ("■", "yellow"),
}


def outline(tree: Tree) -> Group:
    """The whole tree, a row a node."""
    return Group(*(text for _, text in _rows(tree)))


def window(tree: Tree, height: int) -> Group:
    """Those `height` rows of the tree that are around the running node."""
    rows = list(_rows(tree))
    running = {place.node for place in tree.path}
    last = max((at for at, (node, _) in enumerate(rows) if node.id in running), default=0)
    first = max(0, min(last - height // 2, len(rows) - height))
    return Group(*(text for _, text in rows[first : first + height]))


def _rows(tree: Tree) -> Iterator[tuple[Node, Text]]:
    if tree.root is not None:
        yield from _below(tree, tree.root, "", "")


def _below(tree: Tree, node: Node, lead: str, indent: str) -> Iterator[tuple[Node, Text]]:
    yield node, _row(node, lead)
    for child in node.children:
        turn, beyond = ("└ ", "  ") if child == node.children[-1] else ("├ ", "│ ")
        yield from _below(tree, tree.nodes[child], indent + turn, indent + beyond)


def _row(node: Node, lead: str) -> Text:
    sign, style = _SIGNS[node.status]
    if node.status == "pending" and node.kind == "placeholder":
        sign = "◇"
    row = Text(no_wrap=True, overflow="ellipsis")
    row.append(lead, "dim").append(sign, style).append(" ")
    row.append(one_line(node.text.partition("\n")[0], _WIDTH), "" if node.kind == "placeholder" else "dim")
    if counts := _counts(node):
        row.append(f"  {counts}", "dim")
    if node.status == "failed" and node.failure is not None:
        row.append(f"  {one_line(f'{node.failure.type}: {node.failure.message}', _WIDTH)}", "red")
    return row


def _counts(node: Node) -> str:
    counts = [f"{node.actions} acted"] if node.actions else []
    if node.kind == "placeholder":
        counts += [f"${node.cost_usd:.4f}"] if node.cost_usd else []
        counts += [f"expansion {node.attempt}"] if node.attempt > 1 else []
        counts += [f"{node.refusals} refused"] if node.refusals else []
    return ", ".join(counts)
