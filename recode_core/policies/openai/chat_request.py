"""The body of a chat request, without the fields that the server is known to reject.

Rejected fields are remembered in a file of the user's cache folder. Each line is a JSON object: a hash of the
base URL and model, a field, and the time of its rejection. Lines are only appended, each in one write, so
several processes can write at once; unreadable lines are skipped. Entries expire after `_DAYS` days, since a
server may have learned the field by then.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from recode_core.files import private
from recode_core.once import once
from recode_core.policies.openai.profile import Profile
from recode_core.policies.openai.server_error import ServerError
from recode_core.policies.policy import Request
from recode_core.values import Message

_UNKNOWN = re.compile(
    r"support|unknown|unrecogni[sz]ed|unexpected|not permitted|not allowed|extra|forbidden|deprecated|"
    r"not enabled|not available|must be verified|must alternate|invalid|\bonly\b",
    re.I,
)
_TOO_MUCH = re.compile(
    r"too (?:large|high|big)|at most|less than|greater|exceed|maximum|\brange\b|[<>≤≥]", re.I
)
# Each field with the words for it in messages, in the order in which they are tried.
_NAMES: dict[str, re.Pattern[str]] = {
    "stream_options": re.compile(r"\b(?:stream_options|include_usage)\b"),
    "max_tokens": re.compile(r"\bmax_tokens\b"),
    "max_completion_tokens": re.compile(r"\bmax_completion_tokens\b"),
    "temperature": re.compile(r"\btemperature\b", re.I),
    "stream": re.compile(r"\bstream(?:ing|ed)?\b", re.I),
    "system": re.compile(
        r"\bsystem['\"`]?(?: or \w+)? (?:role|message|prompt|instruction)|\brole\b[^.]{0,40}\bsystem\b|"
        r"\bdeveloper instruction|\broles? must alternate|\bmust alternate\b",
        re.I,
    ),
}
_STATUSES = frozenset({400, 405, 406, 415, 422, 500, 501})
_DAYS = 28  # for which a refused field is omitted

_LARGEST = 1 << 18  # bytes; a longer file is deleted and started again


def request_body(profile: Profile, request: Request, refused: Collection[str]) -> dict[str, Any]:
    """Return the JSON body of a request, without the `refused` fields."""
    model = request.model or profile.model
    is_reasoning = profile.is_reasoning_model(model)
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
    body = sent | profile.extra_body
    return {name: value for name, value in body.items() if name == "stream" or name not in refused}


def _without_system(messages: Iterable[Message]) -> list[Message]:
    """Fold system messages into the user message that follows.

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


@once
def unsupported_fields(base_url: str, model: str) -> set[str]:
    """Return the set of fields known to be rejected for a model. Callers add to it."""
    return set(remembered_fields(base_url, model)) & _NAMES.keys()


def unsupported_field(error: ServerError, body: Mapping[str, object], request: Request) -> str | None:
    """Return the field that a server rejects, if the request can do without it, else None."""
    words = error.words
    if error.status not in _STATUSES:
        return None
    is_about_fields = error.status != 500 or error.fields  # a failure may mention the stream
    for field, name in _NAMES.items():
        is_named = field in error.fields or bool(name.search(words))
        if not is_named or not _is_optional(field, body, request):
            continue
        if field.startswith("max_") and _TOO_MUCH.search(words):
            continue
        if field in ("stream", "system") and not is_about_fields:
            continue
        if _UNKNOWN.search(words) or field in error.fields:
            return field
    return None


def _is_optional(field: str, body: Mapping[str, object], request: Request) -> bool:
    match field:
        case "temperature":  # the default may be omitted, but not what the user set
            return request.temperature is None and body.get("temperature") == 0
        case "stream":
            return body.get("stream") is True
        case "system":
            sent = body.get("messages")
            return isinstance(sent, list) and any(message["role"] == "system" for message in sent)
    return field in body


class _Line(msgspec.Struct):
    profile: str
    field: str
    time: float


def _refused_path() -> Path:
    """The file of rejected fields."""
    return platformdirs.user_cache_path("recode", appauthor=False) / "refused.jsonl"


def remembered_fields(base_url: str, model: str) -> frozenset[str]:
    """Return the fields that the server of a model rejected within the last `_DAYS` days."""
    profile, now = _hash(base_url, model), time.time()
    return frozenset(
        line.field for line in _lines() if line.profile == profile and 0 <= now - line.time < _DAYS * 86_400
    )


def remember_fields(base_url: str, model: str, refused: Iterable[str]) -> None:
    """Remember rejected fields. Does nothing if the cache folder cannot be written."""
    new = sorted(set(refused) - remembered_fields(base_url, model))
    if not new:
        return
    profile, now = _hash(base_url, model), int(time.time())
    lines = [msgspec.json.encode(_Line(profile, field, now)) for field in new]
    with suppress(OSError):
        _refused_path().parent.mkdir(parents=True, exist_ok=True)
        if _refused_path().exists() and _refused_path().stat().st_size > _LARGEST:
            _refused_path().unlink()
        with open(_refused_path(), "ab", buffering=0, opener=private) as file:
            file.write(b"\n" + b"\n".join(lines) + b"\n")  # the first newline ends an incomplete line


def _lines() -> Iterator[_Line]:
    try:
        with _refused_path().open("rb") as file:
            text = file.read(_LARGEST)
    except OSError:
        return
    for line in text.splitlines():
        with suppress(ValueError, RecursionError):
            yield msgspec.json.decode(line, type=_Line)


def _hash(base_url: str, model: str) -> str:
    """A key for base URL and model that does not reveal them."""
    return hashlib.sha256(f"{base_url.rstrip('/')}\n{model}".encode(errors="replace")).hexdigest()[:32]
