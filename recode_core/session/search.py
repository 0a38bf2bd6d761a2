"""Searching the contents of session files: code, actions, observations, replies, and what went wrong.

Only lines that contain the text are decoded, so a file is searched about as fast as it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from recode_core.errors import SessionError
from recode_core.events import (
    ActionFinished,
    ActionReached,
    CallFailed,
    Event,
    ExpansionAccepted,
    ExpansionEdited,
    ExpansionReplied,
    NoteSet,
    Printed,
    StatementFailed,
    WorldFailed,
    WorldReset,
)
from recode_core.log import Record

MOST = 100
"""TextHits of one session."""

_AROUND = 60  # characters of an excerpt before the hit
_EXCERPT = 300  # characters of an excerpt


class TextHit(NamedTuple):
    """A place in a session that contains the text: a record, what of it, and an excerpt of one line."""

    n: int
    branch: str
    kind: str
    excerpt: str


class TextHits(NamedTuple):
    """The hits of a session, at most `MOST`."""

    path: Path
    hits: tuple[TextHit, ...]


_RECORD = msgspec.json.Decoder(Record)


def search_file(
    path: Path, text: str, is_cancelled: Callable[[], bool] = lambda: False
) -> tuple[TextHit, ...]:
    """The first hits of a text in a session, letter case ignored. Damaged lines are skipped.

    Raises SessionError if the file cannot be read.
    """
    wanted = text.lower()
    try:
        with path.open("rb") as file:
            file.readline()  # the header
            return tuple(_hits(file, wanted, is_cancelled))
    except OSError as error:
        raise SessionError(f"{path} cannot be read: {error.strerror}") from None


def _hits(file: Iterator[bytes], wanted: str, is_cancelled: Callable[[], bool]) -> Iterator[TextHit]:
    found = 0
    contains = _line_test(wanted)
    for number, line in enumerate(file):
        if not number % 1000 and is_cancelled():
            return
        if not contains(line):
            continue
        try:
            record = _RECORD.decode(line)
        except (ValueError, RecursionError):
            continue
        for kind, text in _texts(record.event):
            at = text.lower().find(wanted)
            if at >= 0:
                yield TextHit(record.n, record.branch, kind, _excerpt(text, at))
                found += 1
                break
        if found == MOST:
            return


def _line_test(wanted: str) -> Callable[[bytes], bool]:
    """Whether a line of JSON may contain a text; quick, and right where it says no."""
    if not wanted.isascii():
        return lambda line: wanted in line.decode(errors="replace").lower() or b"\\u" in line
    pieces = [piece.encode() for piece in wanted.replace("\\", '"').replace("/", '"').split('"')]
    longest = max((word for piece in pieces for word in piece.split(b"\n")), key=len)
    longest = max(longest.split(b"\t"), key=len)
    return lambda line: longest in line.lower()


def _texts(event: Event) -> Iterator[tuple[str, str]]:
    """The texts of an event that a user looks for, each with what it is."""
    match event:
        case ExpansionAccepted(code=code, thought=thought):
            yield from (("code", code), ("thought", thought))
        case ExpansionEdited(code=code):
            yield "edit", code
        case ExpansionReplied(text=text):
            yield "reply", text
        case ActionReached(action=action):
            yield "action", action
        case ActionFinished(observation=observation):
            yield "observation", observation.text
        case WorldReset(instruction=instruction, observation=observation):
            yield from (("task", instruction), ("observation", observation.text))
        case Printed(text=text):
            yield "printed", text
        case StatementFailed(failure=failure):
            yield from (("failure", f"{failure.type}: {failure.message}"), ("traceback", failure.traceback))
        case CallFailed(message=message) | WorldFailed(message=message):
            yield "failure", message
        case NoteSet(text=text):
            yield "note", text


def _excerpt(text: str, at: int) -> str:
    start = max(0, at - _AROUND)
    before = "…" if start else ""
    return before + " ".join(text[start : start + _EXCERPT].split())
