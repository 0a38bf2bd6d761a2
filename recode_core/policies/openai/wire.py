"""What goes over the wire: the client, the headers and the body of a request."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from recode_core.once import once
from recode_core.policies.openai import network
from recode_core.policies.openai.keys import Key
from recode_core.policies.openai.profile import Profile
from recode_core.policies.policy import Request
from recode_core.values import Message

if TYPE_CHECKING:
    import httpx2
    import openai

Headers = Mapping[str, "str | openai.Omit"]


def client(profile: Profile, key: Key) -> openai.AsyncOpenAI:
    """A client for one attempt; with it every connection is closed.

    Raises OSError, ImportError or ValueError where a variable for certificates or proxies cannot be used.
    """
    import openai

    return openai.AsyncOpenAI(
        api_key=key.reveal() or "none",
        base_url=profile.base_url,
        max_retries=0,
        timeout=openai.Timeout(None, connect=profile.timeouts.connect),
        http_client=openai.DefaultAsyncHttpxClient(
            trust_env=not profile.is_loopback,
            verify=_tls() if profile.base_url.startswith("https") else False,
            event_hooks={"request": [functools.partial(_keep_secrets, profile)]},
        ),
    )


def headers(profile: Profile, key: Key) -> Headers:
    """The profile's own, without those that the client would send of itself to whom they don't concern."""
    import openai

    foreign = {} if key else {"Authorization": openai.Omit()}
    if profile.host != "api.openai.com":
        foreign |= {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
    return {**foreign, **profile.headers}


def body(profile: Profile, request: Request, refused: Collection[str]) -> dict[str, Any]:
    """The request, without what the server has refused."""
    model = request.model or profile.model
    is_reasoning = profile.reasons(model)
    has_system = profile.system and "system" not in refused
    messages = request.messages if has_system else _without_system(request.messages)
    sent: dict[str, Any] = {
        "model": model,
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "stream": profile.stream and "stream" not in refused,
    }
    if sent["stream"]:
        sent["stream_options"] = {"include_usage": True}
    names = (
        ("max_completion_tokens", "max_tokens") if is_reasoning else ("max_tokens", "max_completion_tokens")
    )
    name = next((name for name in names if name not in refused), None)
    if name is not None and profile.max_tokens != "none":
        sent[name] = profile.max_tokens
    if not is_reasoning:
        sent["temperature"] = profile.temperature if request.temperature is None else request.temperature
    asked = sent | profile.extra_body
    return {name: value for name, value in asked.items() if name == "stream" or name not in refused}


async def send(
    client: openai.AsyncOpenAI, body: dict[str, Any], headers: Headers
) -> openai.AsyncStream[object]:
    """Send the request. The `response` of the stream is still to be read."""
    import openai

    return await client.post(
        "/chat/completions",
        cast_to=object,
        body=body,
        options={"headers": headers},
        stream=True,
        stream_cls=openai.AsyncStream[object],
    )


def _without_system(messages: Iterable[Message]) -> list[Message]:
    """The messages for a server without that role: what it says begins the user's next message.

    Messages of the same role that then follow each other become one.
    """
    folded: list[Message] = []
    for message in messages:
        role = "user" if message.role == "system" else message.role
        if folded and folded[-1].role == role:
            folded[-1] = Message(role, f"{folded[-1].content}\n\n{message.content}")
        else:
            folded.append(Message(role, message.content))
    return folded


async def _keep_secrets(profile: Profile, request: httpx2.Request) -> None:
    """Take the profile's headers off a request that was redirected to another origin.

    The client itself does so with `Authorization`.
    """
    import httpx2

    home = httpx2.URL(profile.base_url)
    there = (request.url.scheme, request.url.host, request.url.port)
    if there == (home.scheme, home.host, home.port):
        return
    for name in profile.secret_headers:
        request.headers.pop(name, None)


@once
def _tls() -> ssl.SSLContext:
    """Made once: to read the certificates takes longer than the rest of a client.

    A folder that is not there would be taken, and every certificate refused.
    """
    import httpx2

    if problem := network.certificate_problem():
        raise ValueError(problem)
    return httpx2.create_ssl_context()
