"""Plain, frozen values that cross the seams and are written into the log.

Code of other packages gives numpy scalars for numbers and bytes for text: `as_text`, `as_number`, `as_flag`
and `as_count` take a value whose meaning is clear, and refuse any other by the name of its field.
"""

from __future__ import annotations

import math
from typing import Literal, SupportsFloat

import msgspec


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A source range: lines from 1, columns from 0 in characters, end exclusive (as in `ast`)."""

    line: int
    column: int
    end_line: int
    end_column: int


SHOWN_LIMIT = 200
"""Characters of a value that the log keeps."""


class Variable(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A name of the namespace as it is shown: `value` is its `repr`, perhaps shortened.

    `length` is the length of the whole `repr` in characters where `value` is shortened (or of the
    value itself where the whole `repr` was never built), else None.
    """

    name: str
    type: str
    value: str
    length: int | None = None


class Observation(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a world answers. `score` is the episode's so far, in 0–1 (ScienceWorld may go below)."""

    text: str
    score: float = 0.0
    done: bool = False
    success: bool = False


class Usage(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What one policy call took. `cost_usd` is None where the price is unknown."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    cost_usd: float | None = 0.0


class Message(msgspec.Struct, frozen=True):
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


def clean(text: str) -> str:
    """Text that can be stored and sent: lone surrogates, which no encoding takes, become `?`."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


class BadValue(ValueError):
    """A value that foreign code gave and that can't stand for what it is to be."""

    def __init__(self, name: str, value: object, wanted: str) -> None:
        super().__init__(f"{name} is {shown(value)} ({type(value).__name__}), and must be {wanted}")


def shown(value: object, most: int = 80) -> str:
    """A foreign value as a message quotes it: on one line, shortened."""
    try:
        text = " ".join(clean(repr(value)).split())
    except Exception:  # it is anybody's class
        text = "a value that cannot be shown"
    return text if len(text) <= most else f"{text[: most - 1]}…"


def as_text(value: object, name: str) -> str:
    """A str that can be encoded, of a str or of bytes that hold UTF-8. Raises BadValue."""
    if isinstance(value, str):
        return clean(value if type(value) is str else str.__str__(value))
    if isinstance(value, bytes | bytearray):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise BadValue(name, value, "a str, or bytes that are UTF-8") from None
    raise BadValue(name, value, "a str")


def as_number(value: object, name: str) -> float:
    """A finite float, of any number that Python or numpy has. Raises BadValue."""
    if type(value) is float and math.isfinite(value):
        return value
    try:
        number = float(value) if isinstance(value, SupportsFloat) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise BadValue(name, value, "a finite number")
    return number


def as_flag(value: object, name: str) -> bool:
    """A bool, of a bool, 0 or 1. Raises BadValue."""
    if type(value) is bool:
        return value
    if isinstance(value, SupportsFloat) and (number := as_number(value, name)) in (0, 1):
        return bool(number)
    raise BadValue(name, value, "True or False")


def as_count(value: object, name: str) -> int:
    """A whole number from 0. Raises BadValue."""
    if type(value) is int and value >= 0:
        return value
    number = as_number(value, name) if isinstance(value, SupportsFloat) else -1.0
    if number < 0 or not number.is_integer():
        raise BadValue(name, value, "a whole number from 0")
    return int(number)


def summed(cost_usd: float | None, more: float | None) -> float | None:
    """Two costs together; unknown (None) where one of them is."""
    return None if cost_usd is None or more is None else cost_usd + more
