"""One expansion asked of an endpoint: as many attempts as it takes, and what came of them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from recode_core.policies.openai import faults, wire
from recode_core.policies.openai.arrived import Arrived
from recode_core.policies.openai.faults import Fault
from recode_core.policies.openai.keys import Key
from recode_core.policies.openai.price import price
from recode_core.policies.openai.profile import Profile
from recode_core.policies.openai.usage import counted, priced, together
from recode_core.policies.policy import Reply, Request
from recode_core.values import Usage

if TYPE_CHECKING:
    import openai

_LONGEST_WAIT = 120.0  # seconds that a server may ask us to wait
_BACKOFF_LIMIT = 30.0
_SHORT_WAIT = 1.0  # that nobody need be told of


class Exchange:
    """Asks until there is a reply. `put` gets each piece of text; `known`: fields that a server refuses."""

    def __init__(
        self, profile: Profile, request: Request, key: Key, put: Callable[[str], None], known: set[str]
    ) -> None:
        self.profile = profile
        self.request = request
        self.model = request.model or profile.model
        self._key = key
        self._put = put
        self._known = known
        self._lost = Usage()
        self._arrived: Arrived | None = None

    async def run(self) -> Reply:
        """The reply. Raises Fault."""
        whole = self.profile.timeouts.whole
        try:
            async with asyncio.timeout(whole):
                return await self._ask()
        except TimeoutError:
            raise faults.too_slow(self.profile, "whole reply", "whole", whole) from None

    def broken_off(self) -> Reply:
        """The reply as far as it came."""
        arrived = self._arrived or Arrived()
        return Reply(arrived.text, self.usage(), "aborted")

    def usage(self) -> Usage:
        """The tokens of all attempts that may have been paid for, with their price."""
        if self._arrived is None:
            return self._lost
        usage = counted(self._arrived, self.request.messages)
        return together(self._lost, priced(usage, price(self.profile, self.model, usage)))

    async def _ask(self) -> Reply:
        attempt = 0
        while True:
            self._arrived = Arrived()
            try:
                await self._attempt(self._arrived)
                return Reply(self._arrived.text, self.usage(), self._finish(self._arrived))
            except Fault as fault:
                is_begun = bool(self._arrived.pieces)
                self._lose(self._arrived, fault)
                wait = self._wait(fault, attempt)
                if wait >= _SHORT_WAIT or is_begun:
                    self._put(self._key.out_of(f"\n\n({fault}; asked again in {wait:.0f} s)\n\n"))
            await asyncio.sleep(wait)
            attempt += 1

    def _lose(self, arrived: Arrived, fault: Fault) -> None:
        """An attempt failed; what was begun is paid for."""
        if arrived.chunks or fault.may_cost:
            self._lost = self.usage()
        self._arrived = None

    def _wait(self, fault: Fault, attempt: int) -> float:
        """How long to wait before the next attempt. Raises the fault where there is none."""
        wished = fault.wait or 0.0
        if not fault.is_passing or attempt >= self.profile.retries or wished > _LONGEST_WAIT:
            tries = f" (tried {attempt + 1} times)" if attempt else ""
            wish = f"; it asks to wait for {wished:.0f} s" if wished else ""
            raise Fault(f"{fault}{tries}{wish}") from None
        backoff: float = min(_BACKOFF_LIMIT, self.profile.retry_wait * 2**attempt)
        return max(wished, random.uniform(0.5, 1.0) * backoff)

    async def _attempt(self, arrived: Arrived) -> None:
        import openai

        try:
            async with wire.client(self.profile, self._key) as client, await self._open(client) as stream:
                await self._read(stream, arrived)
        except openai.APIError as error:
            raise self._fault(error, arrived) from None
        except UnicodeDecodeError:
            raise faults.cut_off(self.profile, len(arrived.text)) from None
        except ValueError as error:
            raise Fault(f"{self.profile.base_url} sends what is no chat reply: {error}") from None

    async def _open(self, client: openai.AsyncOpenAI) -> openai.AsyncStream[object]:
        """The stream of the reply; a field that the server refuses, and nobody asked for, is left out."""
        import openai

        first = self.profile.timeouts.first
        headers = wire.headers(self.profile, self._key)
        while True:
            try:
                async with asyncio.timeout(first):
                    body = wire.body(self.profile, self.request, self._known)
                    return await wire.open_stream(client, body, headers)
            except TimeoutError:
                raise faults.too_slow(self.profile, "token", "first", first) from None
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                refused = wire.needless(body, self.request, f"{error.param} {error.message}")
                if refused is None:
                    raise
                self._known.add(refused)

    async def _read(self, stream: openai.AsyncStream[object], arrived: Arrived) -> None:
        timeouts = self.profile.timeouts
        while True:
            is_first = not arrived.chunks
            seconds = timeouts.first if is_first else timeouts.between
            try:
                async with asyncio.timeout(seconds):
                    chunk = await anext(stream, None)
            except TimeoutError:
                field = "first" if is_first else "between"
                raise faults.too_slow(self.profile, "token", field, seconds) from None
            if chunk is None:
                break
            if text := arrived.add(chunk):
                self._put(text)
        self._check(arrived, stream.response.headers.get("content-type", ""))

    def _check(self, arrived: Arrived, content_type: str) -> None:
        if not arrived.chunks and "event-stream" not in content_type:
            raise faults.no_stream(self.profile, content_type)
        if not arrived.finish:
            raise faults.cut_off(self.profile, len(arrived.text))
        if not arrived.text.strip() and self._finish(arrived) == "stop":
            raise faults.empty(self.profile, self.model)

    def _fault(self, error: openai.APIError, arrived: Arrived) -> Fault:
        """What an error of the client means, before or after the reply has begun."""
        import openai

        if (status := faults.status_of(error)) is not None:
            return faults.of_status(self.profile, self.model, error, status)
        if isinstance(error, openai.APIConnectionError):
            if arrived.chunks:
                return faults.cut_off(self.profile, len(arrived.text))
            if isinstance(error, openai.APITimeoutError):
                seconds = self.profile.timeouts.connect
                return faults.too_slow(self.profile, "connection", "connect", seconds)
            return faults.of_connection(self.profile, error)
        return faults.of_status(self.profile, self.model, error, 500)

    def _finish(self, arrived: Arrived) -> Literal["stop", "length", "refusal"]:
        if arrived.finish == "content_filter" or (arrived.refusal and not arrived.pieces):
            return "refusal"
        return "length" if arrived.finish == "length" else "stop"
