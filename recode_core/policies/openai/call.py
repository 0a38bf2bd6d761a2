"""A call under way, in a thread of its own, so that another thread can end it wherever it is."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue

from recode_core.policies.openai.exchange import Exchange
from recode_core.policies.openai.faults import Fault
from recode_core.policies.policy import Reply
from recode_core.values import Usage


@dataclass(frozen=True, slots=True)
class Lost:
    """Why there is no reply, and what was paid for all the same."""

    why: str
    usage: Usage


class Call:
    """Gives the pieces of a reply as they arrive; then `outcome` is the reply, or what went wrong."""

    def __init__(self, exchange: Callable[[Callable[[str], None]], Exchange]) -> None:
        self._news: SimpleQueue[str | None] = SimpleQueue()
        self._exchange = exchange(self._news.put)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_ended = False
        self.outcome: Reply | Lost = Lost("the call ended without a word: try again", Usage())

    def pieces(self) -> Iterator[str]:
        """Begin, and follow the reply to its end."""
        threading.Thread(target=self._run, name="policy-call", daemon=True).start()
        while (piece := self._news.get()) is not None:
            yield piece

    def end(self) -> None:
        """End it at once, from any thread; what arrived is its outcome. Idempotent."""
        with self._lock:
            self._is_ended = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)

    def _run(self) -> None:
        try:
            asyncio.run(self._follow())
        finally:
            self._news.put(None)

    async def _follow(self) -> None:
        """The outcome is told only when everything is closed."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(self._ask())
            if self._is_ended:
                self._task.cancel()
        await asyncio.wait([self._task])
        with self._lock:
            self._loop = None
        if self._task.cancelled():
            self.outcome = self._exchange.broken_off()
        elif error := self._task.exception():
            why = f"the call failed in a way that was not foreseen: {type(error).__name__}: {error}"
            self.outcome = Lost(why, self._exchange.usage())

    async def _ask(self) -> None:
        try:
            self.outcome = await self._exchange.run()
        except Fault as fault:
            self.outcome = Lost(str(fault), self._exchange.usage())
