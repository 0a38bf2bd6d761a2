"""A policy that requests replies from a chat model, and its running calls."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from types import MappingProxyType

import msgspec

from recode_core.decoding import in_plain_words
from recode_core.errors import PolicyUnavailable, RecodeError
from recode_core.policies.openai import network
from recode_core.policies.openai.errors import EndpointError
from recode_core.policies.openai.exchange import Exchange
from recode_core.policies.openai.mask import MaskedStream, mask_of
from recode_core.policies.openai.models import chat_models_of, non_chat_kind, with_model
from recode_core.policies.openai.profile import (
    KEYS_BELONG,
    ApiKey,
    Profile,
    Sampling,
    is_recorded,
    profiles,
    resolve_key,
)
from recode_core.policies.openai.usage import price as price_of
from recode_core.policies.policy import Reply, Request
from recode_core.values import Usage


@dataclass(frozen=True, slots=True)
class CallFailure:
    """Why a call failed, and the usage that may be billed for it."""

    why: str
    usage: Usage


class ChatCall:
    """A call that runs as a task of the process's event loop, so any thread can end it at any time.

    Iterate over `pieces` for the text as it arrives; afterwards `outcome` holds the reply or the failure.
    All other state is only touched on the event loop, and needs no lock.
    """

    def __init__(self, exchange: Callable[[Callable[[str], None]], Exchange]) -> None:
        self._pieces: SimpleQueue[str | None] = SimpleQueue()
        self._exchange = exchange(self._pieces.put)
        self._task: asyncio.Task[Reply] | None = None
        self._is_ended = False
        self.outcome: Reply | CallFailure = CallFailure("the call ended without a reply: try again", Usage())

    def pieces(self) -> Iterator[str]:
        """Start the call and yield the text of the reply as it arrives."""
        asyncio.run_coroutine_threadsafe(self._follow(), network.event_loop())
        while (piece := self._pieces.get()) is not None:
            yield piece

    def end(self) -> None:
        """Cancel the call from any thread; the outcome is what arrived until then. Idempotent."""
        network.event_loop().call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        if self._task is not None and not self._is_ended:
            self._task.cancel()
        self._is_ended = True

    async def _follow(self) -> None:
        """Run the exchange, and set the outcome once its connections are closed."""
        try:
            self._task = asyncio.create_task(self._exchange.run())
            if self._is_ended:  # before the task was created
                self._task.cancel()
            await asyncio.wait([self._task])
            self.outcome = self._outcome_of(self._task)
        finally:
            self._pieces.put(None)

    def _outcome_of(self, task: asyncio.Task[Reply]) -> Reply | CallFailure:
        if task.cancelled():
            return self._exchange.partial_reply()
        match task.exception():
            case None:
                return task.result()
            case EndpointError() as error:
                return CallFailure(str(error), self._exchange.usage())
            case error:
                why = f"the call failed in an unexpected way: {type(error).__name__}: {error}"
                return CallFailure(why, self._exchange.usage())


class Chat:
    """A chat model behind an endpoint, configured by the profile called `name`.

    Safe to use from several threads. `origin` is the base URL that the profile's key belongs to, by default
    the profile's own.
    """

    def __init__(self, profile: Profile, name: str = "the model", origin: str = "") -> None:
        self.profile = profile
        self.name = name
        self.model = profile.model
        self.sampling: Sampling = profile.sampling()
        self._origin = origin or profile.base_url
        self._calls: set[ChatCall] = set()
        self._lock = threading.Lock()

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        """Return the model's reply. Raises PolicyUnavailable with what to do next, and the usage.

        Waits between two attempts are streamed too, as text in brackets.
        """
        model = request.model or self.model
        if request.temperature is not None and self.profile.is_reasoning_model(model):
            raise PolicyUnavailable(f"{model} is a reasoning model and takes no temperature: ask without one")
        key = resolve_key(self.name, self.profile, self._origin)
        mask = mask_of(self.profile, key)
        shown = MaskedStream(mask, stream)
        call = ChatCall(partial(self._exchange, request, key))
        with self._lock:
            self._calls.add(call)
        try:
            for piece in call.pieces():
                shown.put(piece)
            shown.flush()
        finally:
            call.end()
            with self._lock:
                self._calls.discard(call)
        if isinstance(call.outcome, CallFailure):
            others = chat_models_of(self.name, self.profile, self._origin) if non_chat_kind(model) else ""
            raise PolicyUnavailable(mask.redact(f"{call.outcome.why}{others}"), call.outcome.usage)
        reply = call.outcome
        return msgspec.structs.replace(reply, text=mask.redact(reply.text), why=mask.redact(reply.why))

    def price(self, usage: Usage, model: str) -> float | None:
        """Return the list price in USD of a call, or None if unknown."""
        return price_of(self.profile, model or self.model, usage)

    def abort(self) -> None:
        """Cancel all running calls, from another thread; each `expand` then returns what arrived."""
        with self._lock:
            for call in self._calls:
                call.end()

    def _exchange(self, request: Request, key: ApiKey, put: Callable[[str], None]) -> Exchange:
        return Exchange(self.profile, request, key, put)


def chat_of(
    name: str,
    model: str,
    sampling: Mapping[str, str | float | int],
    overrides: Mapping[str, str | float] = MappingProxyType({}),
) -> Chat | None:
    """Make the chat model of a profile, or return None if no profile has that name.

    `model` and `sampling` are options of a new run, or the complete settings of a recorded one. For a
    recorded run only the key, which may be missing, and the timeouts come from today's profile. For a new
    run `overrides` replaces fields of the profile. Raises RecodeError.
    """
    configured = profiles().get(name)
    if configured is None:
        return None
    if not is_recorded(sampling):
        configured = msgspec.structs.replace(configured, **overrides)
    try:
        profile = configured.with_overrides(model, sampling)
    except ValueError as error:
        raise RecodeError(f"invalid settings for the policy {name}: {in_plain_words(error)}") from None
    profile = with_model(name, profile, configured.base_url)
    if sampling.get("temperature") is not None and profile.is_reasoning_model(profile.model):
        raise RecodeError(f"{profile.model} is a reasoning model: leave out --temperature")
    if not is_recorded(sampling):
        _check_extra_body(profile, resolve_key(name, profile, configured.base_url))
    return Chat(profile, name, configured.base_url)


def _check_extra_body(profile: Profile, key: ApiKey) -> None:
    """Raise RecodeError if `extra_body`, which is recorded, holds the key or a secret header."""
    text = str(profile.sampling().get("extra_body", ""))
    if mask_of(profile, key).redact(text) != text:
        raise RecodeError(f"extra_body can't hold a key, because it is recorded: {KEYS_BELONG}")
