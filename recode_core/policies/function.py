"""A policy that calls a function, plain or async, with a `Request`; it returns a text or a `Reply`."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Awaitable, Callable
from inspect import isawaitable

from recode_core.errors import PolicyUnavailable
from recode_core.policies.policy import Reply, Request

FunctionResult = str | Reply
PolicyFunction = Callable[[Request], FunctionResult | Awaitable[FunctionResult]]


class FunctionPolicy:
    """Calls a function. An awaitable result is awaited on `loop`, or on a new event loop.

    `model` is the function's name by default.
    """

    def __init__(
        self, function: PolicyFunction, model: str = "", loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        self.model = model or getattr(function, "__name__", type(function).__name__)
        self.sampling: dict[str, str | float | int] = {}
        self._function = function
        self._loop = loop
        self._future: concurrent.futures.Future[FunctionResult] | None = None

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        """The function's result. Exceptions of the function are passed on."""
        result = self._function(request)
        if isawaitable(result):
            try:
                result = self._await_result(result)
            except (concurrent.futures.CancelledError, asyncio.CancelledError):
                return Reply("", finish="aborted")
        reply = Reply(result) if isinstance(result, str) else result
        stream(reply.text)
        return reply

    def abort(self) -> None:
        """Cancel an async function. A plain one cannot be cancelled; `expand` waits for it."""
        if self._future is not None:
            self._future.cancel()

    def _await_result(self, result: Awaitable[FunctionResult]) -> FunctionResult:
        async def await_it() -> FunctionResult:
            return await result

        if self._loop is None:
            return asyncio.run(await_it())
        if self._loop is _running_loop():
            raise PolicyUnavailable(
                "an async policy can't be awaited while its event loop is blocked: await run_async instead"
            )
        self._future = asyncio.run_coroutine_threadsafe(await_it(), self._loop)
        return self._future.result()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
