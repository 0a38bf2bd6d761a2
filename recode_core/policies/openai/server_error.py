"""Errors that servers send instead of a reply: their messages and codes, and how long to wait."""

from __future__ import annotations

import email.utils
import json
import math
import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_LONGEST = 20_000  # characters of an answer that are read
_DEEPEST = 8
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,300})", re.I)
_TAG = re.compile(r"<[^<>]*>")
# Fields with messages, the most informative first; all that exist are shown.
_WORDS = (
    "message",
    "msg",
    "detail",
    "error_msg",
    "status_msg",
    "error_description",
    "errors",
    "error",
    "raw",
)
_CODES = frozenset({"code", "type", "status", "reason", "error_code", "error_type", "status_code", "quotaId"})
_GOOD = (None, "", 0, "0", 200, "200", "success", "ok")  # codes that are not errors
_INNER = ("metadata", "details", "violations", "base_resp", "error")
_SEARCHED = 4000  # characters of a message that are searched for a wait
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_UNIT = r"(?:ms|milliseconds?|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])"
_PART = re.compile(rf"(\d+(?:\.\d+)?)\s*({_UNIT})", re.I)
_DURATION = re.compile(rf"(?:\d+(?:\.\d+)?\s*{_UNIT}(?:,?\s*(?:and\s+)?)?)+", re.I)
_ASKED = re.compile(r"\b(?:try again|retry|wait|reset\w*)\b[^.\d]{0,40}(?=\d)", re.I)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_WAITS = {"retrydelay": 1.0, "retryafter": 1.0, "retryafterseconds": 1.0, "retryafterms": 0.001}
_RESETS = re.compile(r"(?:x-|anthropic-)?rate-?limit-(?:reset(?:-\w+)?|\w+-reset)")


@dataclass(frozen=True, slots=True)
class ServerError:
    """An error as a server reports it.

    `status` is that of the answer, or the one that an error inside a stream names; None without any.
    `words` is its message on one line; `codes` are its codes, types and reasons in lower case; `fields` are
    the fields of the request that it names outside of the message; `body` is all of it as plain JSON.
    """

    status: int | None
    words: str
    codes: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


def server_error_of(status: int, headers: Mapping[str, str], text: str) -> ServerError:
    """Read the error of an answer whose status is one."""
    body = plain_json(text)
    error = error_in(body)
    return _server_error(status, body if error is None else error, body, headers)


def server_error_in(body: object, *, is_named: bool = False) -> ServerError | None:
    """Return the error in an answer of status 200, or None.

    `is_named` says that the event with the answer is named an error.
    """
    error = body if is_named and error_in(body) is None else error_in(body)
    if error is None:
        return None
    return _server_error(_status_in(error), error, body, {})


def plain_json(text: str) -> object:
    """Parse a text as JSON, or return the text itself if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def as_chunk(body: object) -> object:
    """Convert a reply that is not streamed to one chunk of a stream; None if it is not a reply."""
    if not isinstance(body, dict) or not isinstance(choices := body.get("choices"), list):
        return None
    whole = [choice for choice in choices if isinstance(choice, dict) and "message" in choice]
    chunked = [
        {**choice, "delta": choice["message"], "finish_reason": choice.get("finish_reason") or "stop"}
        for choice in whole
    ]
    return {**body, "choices": chunked} if chunked else None


def error_in(body: object) -> object:
    """Return the error of a JSON body, from any of the usual places, or None."""
    if isinstance(body, list):
        return next((error for each in body if (error := _error_of(each)) is not None), None)
    return _error_of(body)


def _error_of(body: object) -> object:
    if not isinstance(body, dict):
        return None
    if error := body.get("error"):
        return error if isinstance(error, dict) else {**body, "error": error}
    if isinstance(choices := body.get("choices"), list) and choices:
        inner = choices[0].get("error") if isinstance(choices[0], dict) else None
        return inner or None
    response = body.get("base_resp")
    if isinstance(response, dict) and response.get("status_code"):
        return response
    if "error" in (body.get("object"), body.get("type")):
        return body
    is_reply = "choices" in body or "usage" in body
    has_code = body.get("code") not in _GOOD and has_words(body)
    return body if has_code and not is_reply else None


def has_words(body: object) -> bool:
    """Return whether a body has one of the fields for messages."""
    return isinstance(body, dict) and any(body.get(name) for name in _WORDS)


def _server_error(status: int | None, error: object, body: object, headers: Mapping[str, str]) -> ServerError:
    codes = {
        str(value).lower()
        for name, value in _fields(body, inside=_INNER)
        if name in _CODES and isinstance(value, str | int) and value
    }
    fields = frozenset(_fields_in(body))
    return ServerError(status, one_line(error), frozenset(codes), fields, body, headers)


def one_line(error: object) -> str:
    """Return the message of an error, or of a page, on one line."""
    text = "; ".join(dict.fromkeys(_words_in(error, 0)))
    if not text and error:
        text = error if isinstance(error, str) else json.dumps(error, ensure_ascii=False)
    return " ".join(text[:_LONGEST].split())


def _words_in(error: object, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(error, str):
        yield _without_tags(error[:_LONGEST])
    elif isinstance(error, list):
        for each in error[:5]:
            yield from _words_in(each, depth + 1)
    elif isinstance(error, dict):
        where = ".".join(str(part) for part in _list(error.get("loc")) if part != "body")
        for name in _WORDS:
            for words in _words_in(error.get(name), depth + 1):
                yield f"{where}: {words}" if where else words
        metadata = error.get("metadata")  # routers repeat the message of the model's own server here
        if isinstance(metadata, dict) and isinstance(raw := metadata.get("raw"), str):
            yield from _words_in(plain_json(raw), depth + 1)


def _without_tags(text: str) -> str:
    if not text.lstrip().startswith("<"):
        return text
    title = _TITLE.search(text)
    return title[1] if title else _TAG.sub(" ", text)


def _fields_in(body: object) -> Iterator[str]:
    """Yield the request's fields that an error names: as `param`, or as pydantic's `loc`."""
    for name, value in _fields(body):
        if name == "param" and isinstance(value, str):
            yield from re.findall(r"\w+", value)
        elif name == "loc":
            yield from (part for part in _list(value) if isinstance(part, str))


def _status_in(error: object) -> int | None:
    """Return the HTTP status among an error's codes, or None."""
    if not isinstance(error, dict):
        return None
    for name in ("code", "status", "status_code", "error_code"):
        value = error.get(name)
        if isinstance(value, int | str) and re.fullmatch(r"[45]\d\d", str(value)):
            return int(value)
    return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def wait_in(error: ServerError, now: float) -> float | None:
    """Return the seconds that a server asks to wait from the time `now`, or None."""
    headers = _headers(error)
    ways: tuple[Callable[[], float | None], ...] = (
        lambda: _seconds(headers.get("retry-after-ms", ""), now, 0.001),
        lambda: _seconds(headers.get("retry-after", ""), now),
        lambda: _in_body(error.body, now),
        lambda: _in_words(error.words),
    )
    return next((seconds for way in ways if (seconds := way())), None)


def reset_in(error: ServerError, now: float) -> float | None:
    """Return the seconds until a rate limit resets: an exhausted one, else the first; or None."""
    headers = _headers(error)
    used_up: list[float] = []
    others: list[float] = []
    for name, value in headers.items():
        if _RESETS.fullmatch(name) and (seconds := _seconds(value, now)):
            remaining = headers.get(name.replace("reset", "remaining"), "")
            (used_up if _is_zero(remaining) else others).append(seconds)
    return max(used_up) if used_up else min(others, default=None)


def _headers(error: ServerError) -> dict[str, str]:
    """Return the answer's headers, and those of the model's own server that a router repeats in the body."""
    headers = {name.lower(): value for name, value in error.headers.items()}
    for name, value in _fields(error.body):
        if name == "headers" and isinstance(value, dict):
            headers = {str(key).lower(): str(each) for key, each in value.items()} | headers
    return headers


def _in_body(body: object, now: float) -> float | None:
    """Return the wait from a field such as `retryDelay` of Google's RetryInfo."""
    for name, value in _fields(body):
        unit = _WAITS.get(name.replace("_", "").replace("-", "").lower())
        if unit is None:
            continue
        if isinstance(value, dict):
            value = value.get("seconds")
        if (seconds := _seconds(str(value), now, unit)) is not None:
            return seconds
    return None


def _in_words(words: str) -> float | None:
    """Return the wait from a sentence such as "Please try again in 7m12s"."""
    for asked in _ASKED.finditer(words[:_SEARCHED]):
        if duration := _DURATION.match(words, asked.end()):
            return _duration(duration[0])
        if "after" in asked[0].lower() and (number := _NUMBER.match(words, asked.end())):
            return float(number[0])
    return None


def _is_zero(text: str) -> bool:
    return bool(re.fullmatch(r"\s*0+(?:\.0+)?\s*", text))


def _seconds(text: str, now: float, unit: float = 1.0) -> float | None:
    """Parse a number, a duration such as `6m0s`, a date, or a Unix time in seconds or milliseconds."""
    text = text.strip()
    if _NUMBER.fullmatch(text):
        number = float(text) * unit
        if number > 1e11:
            return _finite(number / 1000 - now)
        return _finite(number - now if number > 1e9 else number)
    if _DURATION.fullmatch(text):
        return _duration(text)
    for parse in (email.utils.parsedate_to_datetime, datetime.fromisoformat):
        try:
            return _finite(parse(text).timestamp() - now)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _duration(text: str) -> float | None:
    total = 0.0
    for number, unit in _PART.findall(text):
        unit = unit.lower()
        total += float(number) * _UNITS["ms" if unit.startswith(("ms", "milli")) else unit[0]]
    return _finite(total)


def _finite(seconds: float) -> float | None:
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _fields(
    body: object, inside: Container[str] | None = None, depth: int = 0
) -> Iterator[tuple[str, object]]:
    """Yield all fields of a body, and those nested in the fields named `inside`, or in any."""
    if depth > _DEEPEST:
        return
    if isinstance(body, list):
        for each in body[:20]:
            yield from _fields(each, inside, depth + 1)
    elif isinstance(body, dict):
        for name, value in body.items():
            yield str(name), value
            if inside is None or name in inside:
                yield from _fields(value, inside, depth + 1)
