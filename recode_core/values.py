"""Plain, frozen values that are passed between the layers and written into the log."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

LARGEST = 1e15
"""The largest amount that a record may hold; sums and squares of such numbers stay finite."""

# Bounds for numbers that are read from files, so that they can be added, compared and formatted.
MOST = 1 << 53
"""The highest count; a float represents it exactly."""
Count = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
"""A number of things."""
Amount = Annotated[float, msgspec.Meta(ge=0, le=LARGEST)]
"""A duration in seconds, a price in US dollars, or a limit."""
Score = Annotated[float, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
"""A reward."""
Timestamp = Annotated[float, msgspec.Meta(ge=0, le=253_402_200_000)]
"""Seconds since the epoch, within the years that `datetime` knows in any time zone."""


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A source range: lines from 1, columns from 0 in characters, end exclusive (as in `ast`)."""

    line: Count
    column: Count
    end_line: Count
    end_column: Count


SHOWN_LIMIT = 200
"""Maximum length of a value in the log, in characters."""


class Variable(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A variable as it is shown; `value` is its `repr`, which may be shortened.

    If `value` is shortened, `length` is the length of the whole `repr` in characters (or of the value
    itself if the whole `repr` was never built), else None.
    """

    name: str
    type: str
    value: str
    length: Count | None = None


class Observation(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An observation from the world. `score` is that of the episode so far, in 0–1 (lower is possible)."""

    text: str
    score: Score = 0.0
    done: bool = False
    success: bool = False


class Usage(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Tokens and cost of one policy call. `cost_usd` is None if the price is unknown.

    `list_usd` is the cost at list prices, without a discount for cached tokens; None if unknown, as in older
    sessions.
    """

    prompt_tokens: Count = 0
    cached_tokens: Count = 0
    completion_tokens: Count = 0
    reasoning_tokens: Count = 0
    cost_usd: Amount | None = 0.0
    list_usd: Amount | None = None


class Message(msgspec.Struct, frozen=True):
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
"""Control codes other than tab and newline, as ranges of a regular expression."""
HIDDEN = "\xad\u034f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f"
"""Line separators, marks that change the direction of text, and what is not shown: soft hyphens, spaces
without a width, tags. Ranges of a regular expression."""
FLAG = "\U0001f3f4[\U000e0030-\U000e007a]{2,6}\U000e007f"
"""A flag such as England's, whose tags are no hidden text, as a regular expression."""


def clean(text: str) -> str:
    """Replace lone surrogates, which cannot be encoded, by `?`."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


OBSERVATION_LIMIT = 100_000
"""Maximum length of an observation and of an instruction, in characters."""

ACTION_LIMIT = 100_000
"""Maximum length of an action, in characters."""

REPLY_LIMIT = 1_000_000
"""Maximum length of a policy's reply, in characters."""

PRINTED_LIMIT = 20_000
"""Maximum length of one piece of printed text in the log, in characters."""

MESSAGE_LIMIT = 2000
"""Maximum length of an error message, in characters."""

FAILURE_LIMIT = 4000
"""Maximum length of a failure's whole message, and of its traceback, in characters."""


def shortened(text: str, limit: int) -> str:
    """Cut a text to `limit` characters (at least 50), with its full length at the end of the cut text.

    Text within the limit is returned unchanged, so shortening is idempotent.
    """
    if len(text) <= limit:
        return text
    end = f"… ({len(text):,} characters in all)"
    return f"{text[: limit - len(end)]}{end}"


def summed(cost_usd: float | None, more: float | None) -> float | None:
    """Add two costs; None (unknown) if one of them is None."""
    return None if cost_usd is None or more is None else cost_usd + more
