"""An endpoint for each test, and a policy that asks it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from recode_core.policies.openai.chat import Chat
from recode_core.policies.openai.profile import Profile, Timeouts
from recode_core.policies.policy import Reply, Request
from recode_core.values import Message
from tests.policies.openai.endpoint import Endpoint, serving

KEY = "sk-test-0123456789abcdef"
VARIABLE = "RECODE_TEST_KEY"

MESSAGES = (Message("system", "the rules"), Message("user", "a statement"))
PATIENT = Timeouts(connect=60, first=60, between=60, whole=120)

Make = Callable[..., Chat]
Ask = Callable[..., Reply]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving() as server:
        yield server


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(VARIABLE, KEY)
    return KEY


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where it is remembered what servers refused, in a place of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "recode" / "refused.jsonl"


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds between two attempts, which are noted down instead of waited for."""
    noted: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        noted.append(seconds)
        await sleep(0)

    monkeypatch.setattr("recode_core.policies.openai.exchange.asyncio.sleep", note)
    return noted


@pytest.fixture
def chat(endpoint: Endpoint) -> Callable[..., Chat]:
    """Makes a policy; what a test gives stands for fields of its profile."""

    def make(**fields: Any) -> Chat:
        profile: dict[str, Any] = {
            "base_url": endpoint.url,
            "model": "gpt-4o-mini",
            "key": VARIABLE,
            "timeouts": PATIENT,
            "retries": 2,
            "retry_wait": 0.01,
        }
        return Chat(Profile(**profile | fields), "test")

    return make


def request(**fields: Any) -> Request:
    return Request("a_statement()", (), MESSAGES, **fields)


def silent(piece: str) -> None:
    pass
