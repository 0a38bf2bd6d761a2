"""Search for nodes of a session by statement, code, actions and observations."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from recode_tui.debug.view_frame import Frame
from recode_tui.widgets.matches import contains


class Found(msgspec.Struct, frozen=True):
    """The nodes that match a text, in the order of the plan.

    `acts` maps a node to its first matching action, if it has one.
    """

    text: str = ""
    nodes: tuple[str, ...] = ()
    acts: Mapping[str, int] = msgspec.field(default_factory=dict)

    def next(self, node: str, by: int) -> str | None:
        """Return the hit after or before a node, wrapping around at the ends; None without hits."""
        if not self.nodes:
            return None
        if node in self.nodes:
            return self.nodes[(self.nodes.index(node) + by) % len(self.nodes)]
        return self.nodes[0 if by > 0 else -1]


def search(frame: Frame, text: str) -> Found:
    """Find all nodes with `text` in their statement, code, actions or observations."""
    if not text:
        return Found()
    holds, timeline = contains(text), frame.timeline
    nodes = tuple(timeline.tree.nodes.values())
    hits = {node.id for node in nodes if holds(node.text_at(frame.n).text)}
    hits |= {
        node
        for node, expansions in tuple(timeline.expansions.histories.items())
        if any(
            holds(code.text) or holds(code.thought)
            for at, code in enumerate(expansions.codes)
            if at == 0 or code.n <= frame.n
        )
    }
    acts = {
        act.place.node: row
        for row, act in reversed(list(enumerate(timeline.actions.actions)))
        if act.place is not None and (holds(act.action) or holds(act.observation.text))
    }
    return Found(text, tuple(_in_order(frame, hits | acts.keys())), acts)


def _in_order(frame: Frame, hits: set[str]) -> list[str]:
    tree = frame.timeline.tree
    found, waiting = [], ["0"] if "0" in tree.nodes else []
    while waiting:
        node = waiting.pop()
        if node in hits:
            found.append(node)
        waiting.extend(reversed(tree.children_shown(node, frame.n)))
    return found
