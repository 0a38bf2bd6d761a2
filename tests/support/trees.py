"""Trees of nodes that are made by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from recode_core.events import Outcome, Place
from recode_core.timeline.nodes import Node


@dataclass
class HandmadeTree:
    """A tree that no run has made."""

    nodes: dict[str, Node] = field(default_factory=dict)
    path: tuple[Place, ...] = ()
    outcome: Outcome | None = None

    @property
    def root(self) -> Node | None:
        """The first node."""
        return self.nodes.get("0")
