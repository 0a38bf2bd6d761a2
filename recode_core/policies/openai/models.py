"""The models that a server lists, and which of them can chat."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Literal
from urllib.error import HTTPError, URLError

import msgspec

from recode_core.errors import PolicyUnavailable
from recode_core.policies.openai.mask import mask_of
from recode_core.policies.openai.profile import ApiKey, Profile, resolve_key

_SECONDS = 0.5  # time-out for a list in an overview
_SECONDS_FOR_RUN = 10.0  # time-out for a list that a run needs
_SECONDS_FOR_ADVICE = 3.0  # time-out for a list that is only part of a message
_MOST = 1 << 20  # bytes of a list of models
_SHOWN = 5  # models that a message lists
# The first pattern found in a name decides; names of chat models match none.
_PURPOSES = (
    ("a reranking model", re.compile(r"rerank", re.I)),
    ("an embedding model", re.compile(r"embed(?!ded)|\bbge-|\be5-|\bgte-|minilm", re.I)),
    ("a speech model", re.compile(r"whisper|\btts|text-to-speech|speech-to|transcri", re.I)),
    ("a moderation model", re.compile(r"moderation", re.I)),
    ("an image model", re.compile(r"dall-?e|stable-?diffusion|\bflux", re.I)),
)


@dataclass(frozen=True, slots=True)
class ModelList:
    """The models of a server.

    Chat models come first in `models`, and `chat` counts them. `problem` says why there is no list: nothing
    answers (`down`), or not in time (`slow`), it needs a key (`key`), or the answer is not a list (`odd`).
    """

    models: tuple[str, ...] = ()
    chat: int = 0
    problem: Literal["", "down", "slow", "key", "odd"] = ""

    @property
    def default(self) -> str:
        """The first chat model, or an empty string."""
        return self.models[0] if self.chat else ""

    @property
    def chat_models_text(self) -> str:
        """The first chat models, as text for a message."""
        more = ", …" if self.chat > _SHOWN else ""
        return f"{', '.join(self.models[: min(self.chat, _SHOWN)])}{more}"


def list_models(name: str, profile: Profile, origin: str = "", seconds: float = _SECONDS) -> ModelList:
    """Ask the server of a profile for its models. `origin` is as in `resolve_key`."""
    headers = profile.headers
    try:
        key = resolve_key(name, profile, origin or profile.base_url)
    except PolicyUnavailable:  # perhaps since it belongs to another endpoint, as the headers then do
        key, headers = ApiKey(""), {}
    request = urllib.request.Request(f"{profile.base_url.rstrip('/')}/models")
    for header, value in headers.items():
        request.add_unredirected_header(header, value)
    if key:
        request.add_unredirected_header("Authorization", f"Bearer {key.reveal()}")
    try:
        text = mask_of(profile, key).redact(
            _read(request, seconds, is_direct=profile.has_own_server).decode()
        )
        return _listing(json.loads(text))
    except HTTPError as error:
        error.close()
        return ModelList(problem="key" if error.code in (401, 403) else "odd")
    except (OSError, HTTPException) as error:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            return ModelList(problem="slow")
        return ModelList(problem="down" if isinstance(reason, OSError) else "odd")
    except (ValueError, RecursionError):
        return ModelList(problem="odd")


def list_local_models(profiles: Mapping[str, Profile]) -> dict[str, ModelList]:
    """Ask the servers of all local profiles for their models, concurrently."""
    local = {name: profile for name, profile in profiles.items() if profile.has_own_server}
    with ThreadPoolExecutor(max(1, len(local))) as threads:
        return dict(zip(local, threads.map(list_models, local, local.values()), strict=True))


def with_model(name: str, profile: Profile, origin: str = "") -> Profile:
    """Return the profile with a model: its own, or the first chat model of its server.

    Raises PolicyUnavailable.
    """
    if profile.model:
        return profile
    if not profile.has_own_server:
        models = chat_models_of(name, profile, origin)
        raise PolicyUnavailable(f"the profile {name} names no model: choose one with --model{models}")
    listing = list_models(name, profile, origin, _SECONDS_FOR_RUN)
    if not listing.default:
        raise PolicyUnavailable(_why_no_model(profile, listing))
    return msgspec.structs.replace(profile, model=listing.default)


def chat_models_of(name: str, profile: Profile, origin: str) -> str:
    """Return the chat models of the profile's server as the end of a message; empty if unknown."""
    chat = list_models(name, profile, origin, _SECONDS_FOR_ADVICE).chat_models_text
    return f"; chat models of its server: {chat}" if chat else ""


def _why_no_model(profile: Profile, listing: ModelList) -> str:
    command = f" ({profile.start})" if profile.start else ""
    at = f"the server at {profile.base_url}"
    match listing.problem:
        case "down":
            return f"nothing answers at {profile.base_url}: start the server{command}, or set --base-url"
        case "slow":
            return f"{at} returned no list of models in {_SECONDS_FOR_RUN:g} s: name a model with --model"
        case "key" if profile.key:
            return (
                f"{at} does not list its models: check the key in {profile.key}, or name a model with --model"
            )
        case "key":
            return f"{at} needs a key: name its variable with key in a profile, in config.toml"
        case "odd":
            return f"{at} returned no list of models: name a model with --model, and check the address"
    if not listing.models:
        return f"{at} has no model: load one{command}"
    others = ", ".join(listing.models[:_SHOWN])
    return f"{at} lists no model that can chat ({others}): load one{command}, or name one with --model"


def _read(request: urllib.request.Request, seconds: float, *, is_direct: bool) -> bytes:
    """Return the whole answer, bypassing proxies if `is_direct`. Raises TimeoutError."""
    proxies = urllib.request.ProxyHandler({} if is_direct else None)
    until = time.monotonic() + seconds
    read = bytearray()
    with urllib.request.build_opener(proxies).open(request, timeout=seconds) as response:
        assert isinstance(response, HTTPResponse)
        while part := response.read1(_MOST):
            read += part
            if len(read) > _MOST:
                raise ValueError("the list is too long")
            if time.monotonic() > until:
                raise TimeoutError
    return bytes(read)


def _listing(answer: object) -> ModelList:
    if isinstance(answer, dict):
        answer = answer.get("data", answer.get("models"))
    if not isinstance(answer, list):
        return ModelList(problem="odd")
    names = {name: _can_chat(name, model) for model in answer if (name := _name_of(model))}
    models = sorted(names, key=lambda name: not names[name])
    return ModelList(tuple(models), sum(names.values()))


def _name_of(model: object) -> str:
    if isinstance(model, dict):
        model = next((model[field] for field in ("id", "model", "name") if model.get(field)), None)
    return model if isinstance(model, str) else ""


def _can_chat(name: str, model: object) -> bool:
    """Return whether a model is for chats, by its name and type."""
    kind = model.get("type", model.get("task", "")) if isinstance(model, dict) else ""
    return not non_chat_kind(name) and not non_chat_kind(str(kind))


def non_chat_kind(name: str) -> str:
    """Return the kind of a model that cannot chat, by its name or type; empty if it may chat."""
    return next((kind for kind, pattern in _PURPOSES if pattern.search(name)), "")
