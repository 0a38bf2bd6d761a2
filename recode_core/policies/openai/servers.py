"""Servers on this machine: which of them run, and with which models."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import msgspec

from recode_core.errors import PolicyUnavailable
from recode_core.policies.openai.profile import Profile

_SECONDS = 0.5
_MOST = 1 << 20  # bytes of a list of models


def models_at(base_url: str, seconds: float = _SECONDS) -> tuple[str, ...] | None:
    """The models that a server lists; None where none answers as such a server does. No key is sent."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{base_url.rstrip('/')}/models", timeout=seconds) as response:
            listed = json.loads(response.read(_MOST))
    except (OSError, HTTPException, ValueError):
        return None
    models = listed.get("data") if isinstance(listed, dict) else None
    if not isinstance(models, list):
        return None
    return tuple(str(model["id"]) for model in models if isinstance(model, dict) and "id" in model)


def running(profiles: Mapping[str, Profile]) -> dict[str, tuple[str, ...]]:
    """The local ones among profiles whose servers answer, with their models."""
    local = {name: profile for name, profile in profiles.items() if profile.local}
    with ThreadPoolExecutor(max(1, len(local))) as threads:
        found = threads.map(lambda profile: models_at(profile.base_url), local.values())
        return {name: models for name, models in zip(local, found, strict=True) if models is not None}


def with_model(name: str, profile: Profile) -> Profile:
    """The profile with a model: where it has none, the first that its server lists.

    Raises PolicyUnavailable.
    """
    if profile.model:
        return profile
    if not profile.local:
        raise PolicyUnavailable(f"the profile {name} names no model: choose one with --model")
    models = models_at(profile.base_url)
    how = f" ({profile.start})" if profile.start else ""
    if models is None:
        raise PolicyUnavailable(
            f"nothing answers at {profile.base_url}: start the server{how}, or say where with --base-url"
        )
    if not models:
        raise PolicyUnavailable(f"the server at {profile.base_url} has no model: load one{how}")
    return msgspec.structs.replace(profile, model=models[0])
