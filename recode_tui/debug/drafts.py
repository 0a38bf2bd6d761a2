"""Edits that were not accepted. They are marked at their nodes, and no move runs past one."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from recode_core.values import Message
from recode_tui.debug import commands
from recode_tui.debug.view_frame import Frame

if TYPE_CHECKING:
    from recode_core.debugger.commands import Command

Edited = Literal["code", "prompt", "reply", "request"]
"""The code of a node, its prompt, its reply, or the code that a person writes as the policy."""
Draft = str | tuple[Message, ...]


class DraftKey(NamedTuple):
    """The text that a draft replaces. For a `request`, `node` is the statement to be expanded."""

    kind: Edited
    node: str


class Drafts(UserDict[DraftKey, Draft]):
    """The texts that were left in editors. `on_change` is called with the nodes that have one."""

    def __init__(self, on_change: Callable[[frozenset[str]], None]) -> None:
        self._on_change = on_change
        super().__init__()

    def __setitem__(self, key: DraftKey, draft: Draft) -> None:
        super().__setitem__(key, draft)
        self._on_change(self.nodes)

    def __delitem__(self, key: DraftKey) -> None:
        super().__delitem__(key)
        self._on_change(self.nodes)

    @property
    def texts(self) -> list[str]:
        """Every draft as text; the messages of a prompt follow each other."""
        return [draft if isinstance(draft, str) else joined(draft) for draft in self.values()]

    @property
    def nodes(self) -> frozenset[str]:
        """The nodes that have a draft."""
        return frozenset(key.node for key in self if key.kind != "request")

    def blocking(self, frame: Frame, command: Command) -> DraftKey | None:
        """A draft that a command would run past, because its node has not ended at the end of the recording.

        A step in recorded history executes nothing, so it runs past none.
        """
        last = frame.timeline.stops[-1].n
        match command:
            case commands.Step() if frame.stop.n < last:
                return None
            case (
                commands.Step()
                | commands.Next()
                | commands.Finish()
                | commands.Continue()
                | commands.Until()
                | commands.Skip()
            ):
                return next((key for key in self if _is_ahead(frame, key.node, last)), None)
        return None


def draft_key(command: Command) -> DraftKey | None:
    """The draft that a command accepts; None if the command edits nothing."""
    match command:
        case commands.EditCode(node=node):
            return DraftKey("code", node)
        case commands.EditPrompt(node=node):
            return DraftKey("prompt", node)
        case commands.EditReply(node=node):
            return DraftKey("reply", node)
    return None


def joined(messages: Sequence[Message]) -> str:
    """Messages below each other, each under its role."""
    return "\n\n".join(f"── {message.role}\n{message.content}" for message in messages)


def _is_ahead(frame: Frame, node: str, n: int) -> bool:
    known = frame.timeline.tree.get(node)
    return known is not None and known.status_at(n) in (None, "pending", "running")
