"""How long a server asks us to wait, in each of the ways that servers have to say it."""

from __future__ import annotations

import email.utils
import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime

from recode_core.policies.openai.complaint import Complaint

_DEEPEST = 6
_LONGEST = 4000  # characters of the words that are looked at
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_UNIT = r"(?:ms|milliseconds?|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])"
_PART = re.compile(rf"(\d+(?:\.\d+)?)\s*({_UNIT})", re.I)
_DURATION = re.compile(rf"(?:\d+(?:\.\d+)?\s*{_UNIT}(?:,?\s*(?:and\s+)?)?)+", re.I)
_ASKED = re.compile(r"\b(?:try again|retry|wait|reset\w*)\b[^.\d]{0,40}(?=\d)", re.I)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_FIELDS = {"retrydelay": 1.0, "retryafter": 1.0, "retryafterseconds": 1.0, "retryafterms": 0.001}
_RESETS = re.compile(r"(?:x-|anthropic-)?rate-?limit-(?:reset(?:-\w+)?|\w+-reset)")


def wait_in(complaint: Complaint, now: float) -> float | None:
    """The seconds that a server asks to wait at the time `now`, None where it does not say."""
    headers = _headers(complaint)
    ways: tuple[Callable[[], float | None], ...] = (
        lambda: _seconds(headers.get("retry-after-ms", ""), now, 0.001),
        lambda: _seconds(headers.get("retry-after", ""), now),
        lambda: _in_body(complaint.body, now),
        lambda: _in_words(complaint.words),
    )
    return next((seconds for way in ways if (seconds := way())), None)


def reset_in(complaint: Complaint, now: float) -> float | None:
    """The seconds until a server counts anew: of the counters that are used up, else of the first."""
    headers = _headers(complaint)
    used_up: list[float] = []
    others: list[float] = []
    for name, value in headers.items():
        if _RESETS.fullmatch(name) and (seconds := _seconds(value, now)):
            remaining = headers.get(name.replace("reset", "remaining"), "")
            (used_up if _is_zero(remaining) else others).append(seconds)
    return max(used_up) if used_up else min(others, default=None)


def _headers(complaint: Complaint) -> dict[str, str]:
    """The headers of an answer, with those that a router repeats of the model's own server."""
    headers = {name.lower(): value for name, value in complaint.headers.items()}
    for name, value in _fields(complaint.body, 0):
        if name == "headers" and isinstance(value, dict):
            headers = {str(key).lower(): str(each) for key, each in value.items()} | headers
    return headers


def _in_body(body: object, now: float) -> float | None:
    """A field such as `retryDelay` of Google's RetryInfo."""
    for name, value in _fields(body, 0):
        unit = _FIELDS.get(name.replace("_", "").replace("-", "").lower())
        if unit is None:
            continue
        if isinstance(value, dict):
            value = value.get("seconds")
        if (seconds := _seconds(str(value), now, unit)) is not None:
            return seconds
    return None


def _in_words(words: str) -> float | None:
    """A wait as a text has it: "Please try again in 7m12s"."""
    for asked in _ASKED.finditer(words[:_LONGEST]):
        if told := _DURATION.match(words, asked.end()):
            return _duration(told[0])
        if "after" in asked[0].lower() and (number := _NUMBER.match(words, asked.end())):
            return float(number[0])
    return None


def _is_zero(text: str) -> bool:
    return bool(re.fullmatch(r"\s*0+(?:\.0+)?\s*", text))


def _seconds(text: str, now: float, unit: float = 1.0) -> float | None:
    """A number, a duration such as `6m0s`, a date, or a time since 1970 in seconds or milliseconds."""
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


def _fields(body: object, depth: int) -> Iterator[tuple[str, object]]:
    """Every field of a body, also those inside of others."""
    if depth > _DEEPEST:
        return
    if isinstance(body, list):
        for each in body[:20]:
            yield from _fields(each, depth + 1)
    elif isinstance(body, dict):
        for name, value in body.items():
            yield str(name), value
            yield from _fields(value, depth + 1)
