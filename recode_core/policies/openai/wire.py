"""What goes over the wire: the client, the headers and the body of a request."""

from __future__ import annotations

import re
import ssl
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from recode_core.once import once
from recode_core.policies.openai.keys import Key
from recode_core.policies.openai.profile import Profile
from recode_core.policies.policy import Request

if TYPE_CHECKING:
    import openai

_UNKNOWN = re.compile(r"support|unknown|unrecogni[sz]ed|unexpected|not permitted|not allowed|extra", re.I)

Headers = Mapping[str, "str | openai.Omit"]


def client(profile: Profile, key: Key) -> openai.AsyncOpenAI:
    """A client for one attempt; with it every connection is closed."""
    import openai

    return openai.AsyncOpenAI(
        api_key=key.reveal() or "none",
        base_url=profile.base_url,
        max_retries=0,
        timeout=openai.Timeout(None, connect=profile.timeouts.connect),
        http_client=openai.DefaultAsyncHttpxClient(
            trust_env=not profile.is_loopback,
            verify=_tls() if profile.base_url.startswith("https") else False,
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
    """The request, without the optional fields that the server has refused."""
    model = request.model or profile.model
    is_reasoning = profile.reasons(model)
    most = "max_completion_tokens" if is_reasoning or "max_tokens" in refused else "max_tokens"
    sent: dict[str, Any] = {
        "model": model,
        "messages": [{"role": message.role, "content": message.content} for message in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        most: profile.max_tokens,
    }
    if not is_reasoning:
        sent["temperature"] = profile.temperature if request.temperature is None else request.temperature
    return {name: value for name, value in (sent | profile.extra_body).items() if name not in refused}


def needless(body: Mapping[str, object], request: Request, complaint: str) -> str | None:
    """The field that a server does not know, where the request says as much without it."""
    if not _UNKNOWN.search(complaint):
        return None
    optional = ["stream_options", "max_tokens"]
    if request.temperature is None and body.get("temperature") == 0:  # which nobody asked for
        optional.append("temperature")
    return next((field for field in optional if field in body and field in complaint), None)


async def open_stream(
    client: openai.AsyncOpenAI, body: dict[str, Any], headers: Headers
) -> openai.AsyncStream[object]:
    """Send the request. The chunks of the stream are plain JSON."""
    import openai

    return await client.post(
        "/chat/completions",
        cast_to=object,
        body=body,
        options={"headers": headers},
        stream=True,
        stream_cls=openai.AsyncStream[object],
    )


@once
def _tls() -> ssl.SSLContext:
    """Made once: to read the certificates takes longer than the rest of a client."""
    import httpx2

    return httpx2.create_ssl_context()
