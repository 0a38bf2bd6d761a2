"""The rows of the plan at a moment: its nodes in order, folded and filtered, at any size and depth.

Rows are kept in blocks, so the cost of adding a node or finding its row hardly grows with their number.
Nothing recurses, since trees may be deep.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate

from recode_core.timeline.tree import TreeIndex

_BLOCK = 512


class _Block:
    """Consecutive rows."""

    __slots__ = ("nodes",)

    def __init__(self, nodes: list[str]) -> None:
        self.nodes = nodes


class PlanRows:
    """The rows of a growing plan after record `n`. `matches` filters: nodes that match stay, with their
    ancestors.
    """

    def __init__(self, plan: TreeIndex, n: int = sys.maxsize) -> None:
        self.plan = plan
        self.n = n
        self.folded: set[str] = set()
        self.depth: dict[str, int] = {}
        self.matches: Callable[[str], bool] | None = None
        self._added = 0  # how many of the plan's nodes have been read
        self._last: dict[str, str] = {}  # the last child of a node that has a row
        self.rebuild()

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: int) -> str:
        """The node of a row."""
        at = bisect_right(self._starts, index) - 1
        return self._blocks[at].nodes[index - self._starts[at]]

    def index(self, node: str) -> int | None:
        """The row of a node; None while it has none."""
        block = self._block_of.get(node)
        if block is None:
            return None
        return self._starts[self._blocks.index(block)] + block.nodes.index(node)

    def shown(self, node: str) -> str:
        """The node itself, or its nearest ancestor that has a row."""
        while node and node not in self._block_of:
            known = self.plan.get(node)
            node = known.parent if known is not None else node.rpartition(".")[0]
        return node

    def children(self, node: str) -> list[str]:
        """The children of a node at the moment, whether it is folded or not."""
        return self.plan.children_shown(node, self.n)

    def catch_up(self, n: int = sys.maxsize) -> bool:
        """Go to record `n`, and add rows for nodes that the plan got since the last call.

        Returns whether the rows have changed.
        """
        self.n = n
        added = self.plan.added[self._added :]
        if self._replaced != self._replaced_by_now or len(added) > _BLOCK or (added and self.matches):
            self.rebuild()
            return True
        for node in added:
            self._append(node)
        self._added += len(added)
        if added:
            self._measure()
        return bool(added)

    def fold(self, node: str, is_folded: bool = True) -> None:
        """Hide or show the descendants of a node."""
        (self.folded.add if is_folded else self.folded.discard)(node)
        self.rebuild()

    def reveal(self, node: str) -> bool:
        """Unfold the ancestors of a node. Returns whether one was folded."""
        above = {id for id in self._lineage(node) if id in self.folded}
        if above:
            self.folded -= above
            self.rebuild()
        return bool(above)

    @property
    def _replaced_by_now(self) -> tuple[int, int]:
        """How often statements were replaced, and how often up to the moment: with it the rows change."""
        return len(self.plan.replaced), bisect_right(self.plan.replaced, self.n)

    def rebuild(self) -> None:
        """Rebuild all rows."""
        self._added, self._replaced = len(self.plan.added), self._replaced_by_now
        kept = self._kept()
        self._last.clear()
        nodes = list(self._walk(kept, self.folded))
        self._blocks = [_Block(nodes[at : at + _BLOCK]) for at in range(0, len(nodes), _BLOCK)] or [
            _Block([])
        ]
        self._block_of = {node: block for block in self._blocks for node in block.nodes}
        self._measure()

    def _walk(self, kept: set[str] | None, folded: set[str]) -> Iterator[str]:
        tree, depth, last = self.plan, self.depth, self._last
        waiting = ["0"] if "0" in tree.nodes else []
        depth["0"] = 0
        while waiting:
            node = waiting.pop()
            if kept is not None and node not in kept:
                continue
            yield node
            children = self.children(node)
            if children:
                below = depth[node] + 1
                for child in children:
                    depth[child] = below
                if node not in folded:
                    last[node] = children[-1]
                    waiting.extend(reversed(children))

    def _kept(self) -> set[str] | None:
        if self.matches is None:
            return None
        kept: set[str] = set()
        for node in filter(self.matches, self._walk(None, folded=set())):
            for above in self._lineage(node):
                if above in kept:
                    break
                kept.add(above)
        return kept

    def _lineage(self, node: str) -> Iterator[str]:
        while node in self.plan.nodes:
            yield node
            node = self.plan.nodes[node].parent

    def _append(self, node: str) -> None:
        """Add the row of a node that is the last child of its parent."""
        parent = self.plan.nodes[node].parent
        if parent and (parent not in self._block_of or parent in self.folded):
            return
        self.depth[node] = self.depth[parent] + 1 if parent else 0
        before = self._last.get(parent, parent)
        while before in self._last and before != parent and before not in self.folded:
            before = self._last[before]
        self._last[parent] = node
        block = self._block_of.get(before, self._blocks[0])
        at = block.nodes.index(before) + 1 if before else 0
        block.nodes.insert(at, node)
        self._block_of[node] = block
        if len(block.nodes) > 2 * _BLOCK:
            self._split(block)

    def _split(self, block: _Block) -> None:
        half = _Block(block.nodes[_BLOCK:])
        del block.nodes[_BLOCK:]
        self._blocks.insert(self._blocks.index(block) + 1, half)
        self._block_of.update((node, half) for node in half.nodes)

    def _measure(self) -> None:
        sizes = list(accumulate((len(block.nodes) for block in self._blocks), initial=0))
        self._size, self._starts = sizes[-1], sizes[:-1]
