"""Drops messages when they are processed.

`check_message_enabled`, which is public, is asked when a message is posted. A message that was in the
queue before the state changed on which the answer depends is processed all the same; only `_on_message`
sees it then.
"""

from __future__ import annotations

from textual.message import Message
from textual.message_pump import MessagePump


class MessageFilter(MessagePump):
    """A mixin for widgets and screens, which precedes them among the bases."""

    def is_ignored(self, message: Message) -> bool:
        """Whether to drop a message instead of processing it."""
        return False

    async def _on_message(self, message: Message) -> None:
        if not self.is_ignored(message):
            await super()._on_message(message)
