"""One reply requested from an endpoint, with retries, and the usage of all attempts."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from recode_core.policies.openai import errors, network
from recode_core.policies.openai.chat_request import (
    remember_fields,
    request_body,
    unsupported_field,
    unsupported_fields,
)
from recode_core.policies.openai.errors import EndpointError
from recode_core.policies.openai.profile import ApiKey, Profile
from recode_core.policies.openai.server_error import (
    as_chunk,
    has_words,
    plain_json,
    server_error_in,
    server_error_of,
)
from recode_core.policies.openai.stream import Events, ReplyEnding, StreamBuffer, ending
from recode_core.policies.openai.usage import (
    add_usage,
    billed_price,
    measure_usage,
    price,
    uncached_price,
    with_price,
)
from recode_core.policies.policy import Reply, Request
from recode_core.values import Usage

if TYPE_CHECKING:
    import httpx2
    import openai

_BACKOFF_LIMIT = 30.0  # seconds
_SHORT_WAIT = 1.0  # seconds; a shorter wait is not shown


class Exchange:
    """Requests one reply, with retries. `put` is called with each piece of text."""

    def __init__(self, profile: Profile, request: Request, key: ApiKey, put: Callable[[str], None]) -> None:
        self.profile = profile
        self.request = request
        self.model = request.model or profile.model
        self._key = key
        self._put = put
        self._refused = unsupported_fields(profile.base_url, self.model)
        self._refused_now: list[str] = []
        self._failed = Usage()
        self._buffer: StreamBuffer | None = None

    async def run(self) -> Reply:
        """Return the reply. Raises EndpointError."""
        whole = self.profile.timeouts.whole
        try:
            async with asyncio.timeout(whole):
                return await self._ask()
        except TimeoutError:
            raise errors.too_slow(self.profile, "whole reply", "whole", whole) from None

    def partial_reply(self) -> Reply:
        """Return the part of the reply that has arrived."""
        buffer = self._buffer or StreamBuffer()
        return Reply(buffer.text, self.usage(), "aborted")

    def usage(self) -> Usage:
        """Return tokens and price of all attempts that may be billed."""
        if self._buffer is None:
            return self._failed
        usage = measure_usage(self._buffer, self.request.messages)
        cost = billed_price(self._buffer.usage)
        if cost is None:
            cost = price(self.profile, self.model, usage)
        return add_usage(
            self._failed, with_price(usage, cost, uncached_price(self.profile, self.model, usage))
        )

    async def _ask(self) -> Reply:
        attempt = 0
        while True:
            self._buffer = StreamBuffer()
            try:
                ending = await self._attempt(self._buffer)
                return Reply(self._buffer.text, self.usage(), ending.finish, ending.why)
            except EndpointError as error:
                has_text = bool(self._buffer.pieces)
                self._add_failed(self._buffer, error)
                wait = self._wait(error, attempt)
                if wait >= _SHORT_WAIT or has_text:
                    self._put(f"\n\n({error}; trying again in {wait:.0f} s)\n\n")
            await asyncio.sleep(wait)
            attempt += 1

    def _add_failed(self, buffer: StreamBuffer, error: EndpointError) -> None:
        """Add the usage of a failed attempt, if it may be billed."""
        if error.may_cost or buffer.usage or buffer.text or buffer.thought or buffer.finish:
            self._failed = self.usage()
        self._buffer = None

    def _wait(self, error: EndpointError, attempt: int) -> float:
        """Return the seconds until the next attempt. Raises EndpointError if there is none."""
        requested, longest = error.wait or 0.0, self.profile.max_wait
        if not error.is_transient or attempt >= self.profile.retries or requested > longest:
            attempts = f" (tried {attempt + 1} times)" if attempt else ""
            reason = f"; it asks to wait for {requested:.0f} s" if requested else ""
            if requested > longest:
                reason += (
                    f", more than the {longest:g} s of max_wait in the profile: raise that, or continue later"
                )
            raise EndpointError(f"{error}{attempts}{reason}") from None
        backoff: float = min(_BACKOFF_LIMIT, self.profile.retry_wait * 2**attempt)
        return max(requested, random.uniform(0.5, 1.0) * backoff)

    async def _attempt(self, buffer: StreamBuffer) -> ReplyEnding:
        try:
            async with self._client() as client, await self._open(client) as stream:
                return await self._read(stream.response, buffer)
        except UnicodeDecodeError:
            raise errors.cut_off(self.profile, len(buffer.text)) from None
        except ValueError as error:
            raise EndpointError(
                f"the answer of {self.profile.base_url} is not a chat reply: {error}"
            ) from None

    def _client(self) -> openai.AsyncOpenAI:
        """Make a client. Raises EndpointError if certificates or proxies cannot be used."""
        import httpx2

        try:
            return network.client(self.profile, self._key)
        except (OSError, ImportError, ValueError, httpx2.InvalidURL) as error:
            raise errors.no_client(self.profile, error) from None

    async def _open(self, client: openai.AsyncOpenAI) -> openai.AsyncStream[object]:
        """Send the request and return its stream, not read yet.

        If the server rejects a field that is not essential, the request is sent again without it.
        Rejected fields are remembered once the request without them has succeeded.
        """
        import openai

        first = self.profile.timeouts.first
        headers = network.headers(self.profile, self._key)
        while True:
            body = request_body(self.profile, self.request, self._refused)
            try:
                async with asyncio.timeout(first):
                    stream = await network.send(client, body, headers)
                remember_fields(self.profile.base_url, self.model, self._refused_now)
                return stream
            except TimeoutError:
                raise errors.too_slow(self.profile, "token", "first", first) from None
            except openai.APIStatusError as refusal:
                response = refusal.response
                error = server_error_of(refusal.status_code, response.headers, response.text)
                refused = unsupported_field(error, body, self.request)
                if refused is None or refused in self._refused:
                    raise errors.of_server_error(self.profile, self.model, error) from None
                self._refused.add(refused)
                self._refused_now.append(refused)
            except openai.APITimeoutError:
                seconds = self.profile.timeouts.connect
                raise errors.too_slow(self.profile, "connection", "connect", seconds) from None
            except openai.APIError as error:
                raise errors.of_connection(self.profile, error) from None

    async def _read(self, response: httpx2.Response, buffer: StreamBuffer) -> ReplyEnding:
        import httpx2

        events = Events(response.aiter_bytes())
        is_cut = False
        try:
            await self._follow(events, buffer)
        except httpx2.RequestError:
            is_cut = True
        if events.stray and not buffer.finish:
            self._add_stray(events.stray, buffer)
        if is_cut and not buffer.chunks:
            raise errors.cut_off(self.profile, len(buffer.text), events.stray)
        return self._ending(buffer, response.headers.get("content-type", ""), events.stray)

    async def _follow(self, events: Events, buffer: StreamBuffer) -> None:
        """Add each event to the buffer, until the stream ends."""
        timeouts = self.profile.timeouts
        each = aiter(events)
        while True:
            is_first = not buffer.chunks
            seconds = timeouts.first if is_first else timeouts.between
            try:
                async with asyncio.timeout(seconds):
                    event = await anext(each, None)
            except TimeoutError:
                field = "first" if is_first else "between"
                raise errors.too_slow(self.profile, "token", field, seconds) from None
            if event is None:
                return
            if event.data.startswith("[DONE]"):
                buffer.is_done = True
                return
            body = plain_json(event.data)
            if isinstance(body, str) and event.name != "error":
                if event.data.lstrip().startswith("{"):  # otherwise a piece of the reply would be lost
                    raise ValueError(f"{event.data[:60]!r} is not JSON")
                events.add_stray(event.data)  # a proxy may send its own message as an event
            else:
                self._add(body, buffer, is_error=event.name == "error")

    def _add(self, body: object, buffer: StreamBuffer, *, is_error: bool = False) -> None:
        """Add a part of the reply, as plain JSON. Raises EndpointError if it is an error."""
        if error := server_error_in(body, is_named=is_error):
            raise errors.of_server_error(self.profile, self.model, error)
        if text := buffer.add(body):
            self._put(text)

    def _add_stray(self, stray: str, buffer: StreamBuffer) -> None:
        """Add text outside of events: a reply that is not streamed, or an error."""
        body = plain_json(stray)
        if (chunk := as_chunk(body)) is not None:
            self._add(chunk, buffer)
        elif error := server_error_in(body, is_named=has_words(body)):
            raise errors.of_server_error(self.profile, self.model, error)

    def _ending(self, buffer: StreamBuffer, content_type: str, stray: str) -> ReplyEnding:
        """Return how the reply ended. Raises EndpointError if it was cut off or is empty."""
        if not buffer.chunks and "event-stream" not in content_type:
            raise errors.no_stream(self.profile, content_type, stray)
        found = ending(buffer, self.profile)
        if found is None:
            raise errors.cut_off(self.profile, len(buffer.text), stray)
        if not buffer.text.strip() and found.finish == "stop":
            raise errors.empty(self.profile, self.model)
        return found
