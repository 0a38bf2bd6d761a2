"""One expansion asked of an endpoint: as many attempts as it takes, and what came of them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from recode_core.policies.openai import faults, remembered, wire
from recode_core.policies.openai.arrived import Arrived
from recode_core.policies.openai.complaint import (
    as_chunk,
    complaint_in,
    complaint_of,
    has_words,
    plain_json,
)
from recode_core.policies.openai.ending import Ending, ending
from recode_core.policies.openai.faults import Fault
from recode_core.policies.openai.keys import Key
from recode_core.policies.openai.price import billed, price, undiscounted
from recode_core.policies.openai.profile import Profile
from recode_core.policies.openai.refusals import refused_at, refused_in
from recode_core.policies.openai.sse import Events
from recode_core.policies.openai.usage import counted, priced, together
from recode_core.policies.policy import Reply, Request
from recode_core.values import Usage

if TYPE_CHECKING:
    import httpx2
    import openai

_BACKOFF_LIMIT = 30.0
_SHORT_WAIT = 1.0  # that nobody need be told of


class Exchange:
    """Asks until there is a reply. `put` gets each piece of text."""

    def __init__(self, profile: Profile, request: Request, key: Key, put: Callable[[str], None]) -> None:
        self.profile = profile
        self.request = request
        self.model = request.model or profile.model
        self._key = key
        self._put = put
        self._refused = refused_at(profile.base_url, self.model)
        self._refused_now: list[str] = []
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
        cost = billed(self._arrived.usage)
        if cost is None:
            cost = price(self.profile, self.model, usage)
        return together(self._lost, priced(usage, cost, undiscounted(self.profile, self.model, usage)))

    async def _ask(self) -> Reply:
        attempt = 0
        while True:
            self._arrived = Arrived()
            try:
                ending = await self._attempt(self._arrived)
                return Reply(self._arrived.text, self.usage(), ending.finish, ending.why)
            except Fault as fault:
                is_begun = bool(self._arrived.pieces)
                self._lose(self._arrived, fault)
                wait = self._wait(fault, attempt)
                if wait >= _SHORT_WAIT or is_begun:
                    self._put(f"\n\n({fault}; asked again in {wait:.0f} s)\n\n")
            await asyncio.sleep(wait)
            attempt += 1

    def _lose(self, arrived: Arrived, fault: Fault) -> None:
        """An attempt failed; what was begun is paid for."""
        if fault.may_cost or arrived.usage or arrived.text or arrived.thought or arrived.finish:
            self._lost = self.usage()
        self._arrived = None

    def _wait(self, fault: Fault, attempt: int) -> float:
        """How long to wait before the next attempt. Raises the fault where there is none."""
        wished, longest = fault.wait or 0.0, self.profile.max_wait
        if not fault.is_passing or attempt >= self.profile.retries or wished > longest:
            tries = f" (tried {attempt + 1} times)" if attempt else ""
            wish = f"; it asks to wait for {wished:.0f} s" if wished else ""
            if wished > longest:
                wish += (
                    f", more than the {longest:g} s of max_wait in the profile: raise that, or go on later"
                )
            raise Fault(f"{fault}{tries}{wish}") from None
        backoff: float = min(_BACKOFF_LIMIT, self.profile.retry_wait * 2**attempt)
        return max(wished, random.uniform(0.5, 1.0) * backoff)

    async def _attempt(self, arrived: Arrived) -> Ending:
        try:
            async with self._client() as client, await self._open(client) as stream:
                return await self._read(stream.response, arrived)
        except UnicodeDecodeError:
            raise faults.cut_off(self.profile, len(arrived.text)) from None
        except ValueError as error:
            raise Fault(f"{self.profile.base_url} sends what is no chat reply: {error}") from None

    def _client(self) -> openai.AsyncOpenAI:
        """A client. Raises Fault where certificates or proxies keep it from being made."""
        import httpx2

        try:
            return wire.client(self.profile, self._key)
        except (OSError, ImportError, ValueError, httpx2.InvalidURL) as error:
            raise faults.no_client(self.profile, error) from None

    async def _open(self, client: openai.AsyncOpenAI) -> openai.AsyncStream[object]:
        """The answer, still to be read; what the server refuses, and nobody asked for, is said otherwise.

        What it refused is remembered once the request without it was taken.
        """
        import openai

        first = self.profile.timeouts.first
        headers = wire.headers(self.profile, self._key)
        while True:
            body = wire.body(self.profile, self.request, self._refused)
            try:
                async with asyncio.timeout(first):
                    stream = await wire.send(client, body, headers)
                remembered.remember(self.profile.base_url, self.model, self._refused_now)
                return stream
            except TimeoutError:
                raise faults.too_slow(self.profile, "token", "first", first) from None
            except openai.APIStatusError as error:
                complaint = complaint_of(error.status_code, error.response.headers, error.response.text)
                refused = refused_in(complaint, body, self.request)
                if refused is None or refused in self._refused:
                    raise faults.of_complaint(self.profile, self.model, complaint) from None
                self._refused.add(refused)
                self._refused_now.append(refused)
            except openai.APITimeoutError:
                seconds = self.profile.timeouts.connect
                raise faults.too_slow(self.profile, "connection", "connect", seconds) from None
            except openai.APIError as error:
                raise faults.of_connection(self.profile, error) from None

    async def _read(self, response: httpx2.Response, arrived: Arrived) -> Ending:
        import httpx2

        events = Events(response.aiter_bytes())
        is_cut = False
        try:
            await self._follow(events, arrived)
        except httpx2.RequestError:
            is_cut = True
        if events.stray and not arrived.finish:
            self._take_stray(events.stray, arrived)
        if is_cut and not arrived.chunks:
            raise faults.cut_off(self.profile, len(arrived.text), events.stray)
        return self._ending(arrived, response.headers.get("content-type", ""), events.stray)

    async def _follow(self, events: Events, arrived: Arrived) -> None:
        """Take in every event up to the end."""
        timeouts = self.profile.timeouts
        each = aiter(events)
        while True:
            is_first = not arrived.chunks
            seconds = timeouts.first if is_first else timeouts.between
            try:
                async with asyncio.timeout(seconds):
                    event = await anext(each, None)
            except TimeoutError:
                field = "first" if is_first else "between"
                raise faults.too_slow(self.profile, "token", field, seconds) from None
            if event is None:
                return
            if event.data.startswith("[DONE]"):
                arrived.is_done = True
                return
            body = plain_json(event.data)
            if isinstance(body, str) and event.name != "error":
                if event.data.lstrip().startswith("{"):  # a piece of the reply is lost
                    raise ValueError(f"{event.data[:60]!r} is no JSON")
                events.keep(event.data)  # a proxy may wrap its own words as an event
            else:
                self._take(body, arrived, is_error=event.name == "error")

    def _take(self, body: object, arrived: Arrived, *, is_error: bool = False) -> None:
        """Take in a part of the reply, as plain JSON. Raises Fault where it is an error."""
        if complaint := complaint_in(body, is_named=is_error):
            raise faults.of_complaint(self.profile, self.model, complaint)
        if text := arrived.add(body):
            self._put(text)

    def _take_stray(self, stray: str, arrived: Arrived) -> None:
        """Take in what is no event: a reply that is not streamed, or an error."""
        body = plain_json(stray)
        if (chunk := as_chunk(body)) is not None:
            self._take(chunk, arrived)
        elif complaint := complaint_in(body, is_named=has_words(body)):
            raise faults.of_complaint(self.profile, self.model, complaint)

    def _ending(self, arrived: Arrived, content_type: str, stray: str) -> Ending:
        """How the reply ended. Raises Fault where there is none, or where it was cut off on its way."""
        if not arrived.chunks and "event-stream" not in content_type:
            raise faults.no_stream(self.profile, content_type, stray)
        found = ending(arrived, self.profile)
        if found is None:
            raise faults.cut_off(self.profile, len(arrived.text), stray)
        if not arrived.text.strip() and found.finish == "stop":
            raise faults.empty(self.profile, self.model)
        return found
