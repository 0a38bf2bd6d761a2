"""Edits that were begun and not accepted. They are seen where they belong, and no move runs past one."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable, Sequence

from recode_core.values import Message
from recode_tui.debug.view_frame import Frame

_RUN = frozenset({"step", "next", "finish", "continue", "until", "skip"})
_SORTS = frozenset({"edit", "prompt", "reply"})

Draft = str | tuple[Message, ...]


class Drafts(UserDict[str, Draft]):
    """What was left in editors, by the line that would take it; `tell` hears which nodes have one."""

    def __init__(self, tell: Callable[[frozenset[str]], None]) -> None:
        self._tell = tell
        super().__init__()

    def __setitem__(self, line: str, draft: Draft) -> None:
        super().__setitem__(line, draft)
        self._tell(self.nodes)

    def __delitem__(self, line: str) -> None:
        super().__delitem__(line)
        self._tell(self.nodes)

    @property
    def texts(self) -> list[str]:
        """What was left: code, a reply, or the messages of a prompt one below the other."""
        return [draft if isinstance(draft, str) else together(draft) for draft in self.values()]

    @property
    def nodes(self) -> frozenset[str]:
        """The nodes that have one."""
        return frozenset(node for node in map(node_of, self) if node)

    def before(self, frame: Frame, command: str) -> str | None:
        """The line of a draft that a command would run past: its node has not ended where the run stands.

        In history that is gone through again nothing runs, so that a step there loses none.
        """
        name = command.partition(" ")[0]
        last = frame.timeline.stops[-1].n
        if name not in _RUN or (name == "step" and frame.stop.n < last):
            return None
        return next((line for line in self if _is_ahead(frame, node_of(line), last)), None)


def together(messages: Sequence[Message]) -> str:
    """Messages one below the other, each under its role."""
    return "\n\n".join(f"── {message.role}\n{message.content}" for message in messages)


def node_of(line: str) -> str:
    """The node that a line edits; nothing where it edits none."""
    sort, _, rest = line.partition(" ")
    return rest.partition(" ")[0] if sort in _SORTS else ""


def _is_ahead(frame: Frame, node: str, n: int) -> bool:
    known = frame.timeline.tree.get(node)
    return known is not None and known.status_at(n) in (None, "pending", "running")
