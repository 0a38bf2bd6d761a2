"""What a search finds in a session: nodes by their statement, their code, what they did and were told."""

from __future__ import annotations

from dataclasses import dataclass

from recode_tui.debug.frame import Frame


@dataclass(frozen=True, slots=True)
class Found:
    """The nodes that a text was found at, from the top of the plan to its bottom."""

    text: str = ""
    nodes: tuple[str, ...] = ()

    def next(self, node: str, by: int) -> str | None:
        """The hit after a node, or before it; round at the ends. None where there is no hit."""
        if not self.nodes:
            return None
        if node in self.nodes:
            return self.nodes[(self.nodes.index(node) + by) % len(self.nodes)]
        return self.nodes[0 if by > 0 else -1]


def search(frame: Frame, text: str) -> Found:
    """Every node with `text` in its statement, code, actions or observations; capitals count if given."""
    if not text:
        return Found()
    is_folded = text == text.lower()

    def holds(where: str) -> bool:
        return text in (where.lower() if is_folded else where)

    chronicle = frame.chronicle
    hits = {node.id for node in chronicle.plan.nodes.values() if holds(node.text)}
    hits |= {
        node
        for node, expansions in chronicle.codes.items()
        if any(holds(code.text) or holds(code.thought) for code in expansions.codes)
    }
    hits |= {
        act.place.node
        for act in chronicle.trace.acts
        if act.place is not None and (holds(act.action) or holds(act.observation.text))
    }
    return Found(text, tuple(_in_order(frame, hits)))


def _in_order(frame: Frame, hits: set[str]) -> list[str]:
    nodes = frame.chronicle.plan.nodes
    found, waiting = [], ["0"] if "0" in nodes else []
    while waiting:
        node = waiting.pop()
        if node in hits:
            found.append(node)
        waiting.extend(reversed(nodes[node].children))
    return found
