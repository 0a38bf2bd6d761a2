"""Places of a page and links to them: `#node=0.1.2`, `#record=57`, `#action=57`, `#branch=edit-1`.

Each place is the `id` of an element, so that a link works without a script. A record is placed where it is
shown first; a link to one that is not shown leads to the last one before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort


def safe(name: str) -> str:
    """A name for use in an `id` and a link; characters that mean something there are encoded."""
    return re.sub(r"[^\w.@-]", lambda sign: f"~{ord(sign[0]):x}~", name, flags=re.ASCII)


class Anchors:
    """The places of a page. Nodes of the `current` branch have the shortest links."""

    def __init__(self, current: str) -> None:
        self._current = current
        self._records: list[int] = []

    def branch(self, name: str) -> str:
        """The place of a branch."""
        return f"branch={safe(name)}"

    def node(self, branch: str, node: str) -> str:
        """The place of a node of a branch."""
        own = f"node={safe(node)}"
        return own if branch == self._current else f"{self.branch(branch)}&amp;{own}"

    def place_record(self, n: int) -> str:
        """The attribute of the element that shows a record; empty if another one does already."""
        at = bisect_right(self._records, n)
        if at and self._records[at - 1] == n:
            return ""
        insort(self._records, n)
        return f' id="record={n}"'

    def record(self, n: int) -> str:
        """The place of a record, or of the last one before it that is shown."""
        at = bisect_right(self._records, n)
        return f"record={self._records[at - 1]}" if at else self.branch(self._current)
