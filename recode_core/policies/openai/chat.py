"""The policy that asks a chat model."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import msgspec

from recode_core.errors import PolicyUnavailable
from recode_core.policies.openai.call import Call, Lost
from recode_core.policies.openai.exchange import Exchange
from recode_core.policies.openai.keys import Key, key_of, mask_of
from recode_core.policies.openai.mask import MaskedStream
from recode_core.policies.openai.profile import Profile, Sampling
from recode_core.policies.openai.purpose import other_than_chat
from recode_core.policies.openai.servers import chat_models_of
from recode_core.policies.policy import Reply, Request


class Chat:
    """A chat model behind an endpoint, as the profile of that `name` says; several threads may ask it.

    `home` is the base URL that the profile's key belongs to; without it, the profile's own.
    """

    def __init__(self, profile: Profile, name: str = "the model", home: str = "") -> None:
        self.profile = profile
        self.name = name
        self.model = profile.model
        self.sampling: Sampling = profile.sampling()
        self._home = home or profile.base_url
        self._under_way: set[Call] = set()
        self._lock = threading.Lock()

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        """The model's reply. Raises PolicyUnavailable with what to do next, and what was paid for.

        What is streamed also tells, in brackets, of a wait before it is asked again.
        """
        model = request.model or self.model
        if request.temperature is not None and self.profile.reasons(model):
            raise PolicyUnavailable(f"{model} reasons and takes no temperature: ask without one")
        key = key_of(self.name, self.profile, self._home)
        mask = mask_of(self.profile, key)
        shown = MaskedStream(mask, stream)
        call = Call(partial(self._exchange, request, key))
        with self._lock:
            self._under_way.add(call)
        try:
            for piece in call.pieces():
                shown.put(piece)
            shown.flush()
        finally:
            call.end()
            with self._lock:
                self._under_way.discard(call)
        if isinstance(call.outcome, Lost):
            others = chat_models_of(self.name, self.profile, self._home) if other_than_chat(model) else ""
            raise PolicyUnavailable(mask.out_of(f"{call.outcome.why}{others}"), call.outcome.usage)
        return msgspec.structs.replace(call.outcome, text=mask.out_of(call.outcome.text))

    def abort(self) -> None:
        """End every call in flight, from another thread; each `expand` then returns what arrived."""
        with self._lock:
            for call in self._under_way:
                call.end()

    def _exchange(self, request: Request, key: Key, put: Callable[[str], None]) -> Exchange:
        return Exchange(self.profile, request, key, put)
