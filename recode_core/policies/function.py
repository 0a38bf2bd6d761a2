"""A function as a policy, plain or async: it is given a `Request` and returns a text or a `Reply`."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Awaitable, Callable
from inspect import isawaitable

from recode_core.errors import PolicyUnavailable
from recode_core.policies.policy import Reply, Request

Answer = str | Reply
PolicyFunction = Callable[[Request], Answer | Awaitable[Answer]]


class FunctionPolicy:
    """Asks a function. What an async one returns is awaited on `loop`, or on a loop of its own.

    `model` is the function's name, unless another is given.
    """

    def __init__(
        self, function: PolicyFunction, model: str = "", loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        self.model = model or getattr(function, "__name__", type(function).__name__)
        self.sampling: dict[str, str | float | int] = {}
        self._function = function
        self._loop = loop
        self._asked: concurrent.futures.Future[Answer] | None = None

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        """The function's answer. Raises what it raises."""
        answer = self._function(request)
        if isawaitable(answer):
            try:
                answer = self._awaited(answer)
            except (concurrent.futures.CancelledError, asyncio.CancelledError):
                return Reply("", finish="aborted")
        reply = Reply(answer) if isinstance(answer, str) else answer
        stream(reply.text)
        return reply

    def abort(self) -> None:
        """Cancel what an async function is awaiting; a plain one is waited for."""
        if self._asked is not None:
            self._asked.cancel()

    def _awaited(self, answer: Awaitable[Answer]) -> Answer:
        async def ask() -> Answer:
            return await answer

        if self._loop is None:
            return asyncio.run(ask())
        if self._loop is _running_loop():
            raise PolicyUnavailable(
                "an async policy can't be awaited while its event loop is blocked: await run_async instead"
            )
        self._asked = asyncio.run_coroutine_threadsafe(ask(), self._loop)
        return self._asked.result()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
