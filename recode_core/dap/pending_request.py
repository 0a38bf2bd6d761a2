"""A request that is executed, and its response."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recode_core.dap.client import Client
from recode_core.dap.messages import Body, Incoming

if TYPE_CHECKING:
    from recode_core.dap.requests import Move


@dataclass
class PendingRequest:
    """A request that is executed. Only the first of the responses to it is sent."""

    client: Client
    request: Incoming
    began: float = field(default_factory=time.monotonic)
    move: Move | None = None
    _is_answered: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def succeed(self, body: Body | None = None) -> bool:
        """Respond. Returns whether no response was sent before."""
        return self._once(lambda: self.client.respond(self.request, body))

    def fail(self, message: str, short: str = "") -> bool:
        """Respond with an error. Returns whether no response was sent before."""
        return self._once(lambda: self.client.refuse(self.request, message, short=short))

    def _once(self, respond: Callable[[], None]) -> bool:
        with self._lock:
            if self._is_answered:
                return False
            self._is_answered = True
            respond()
            return True
