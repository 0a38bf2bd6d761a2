"""What came of a session, in a word and a glyph."""

from __future__ import annotations

from typing import Literal

from recode_core.session.catalog import SessionEntry
from recode_tui.statuses import LOOKS
from recode_tui.widgets.look import Look

Kind = Literal["solved", "not solved", "unfinished", "damaged", "reading"]
KINDS: tuple[Kind, ...] = ("solved", "not solved", "unfinished", "damaged")
"""Those that a finished list has, best first."""

_READING = Look("…", "faint")
_DAMAGED = Look("!", "failure")
_UNFINISHED = Look("◐", "plain")

LEGEND: tuple[tuple[str, str], ...] = (
    (LOOKS["done"].glyph, "solved"),
    (LOOKS["failed"].glyph, "not solved"),
    (LOOKS["stopped"].glyph, "stopped by a limit"),
    (_UNFINISHED.glyph, "unfinished: to go on with"),
    (_DAMAGED.glyph, "no session, or damaged"),
    (_READING.glyph, "not read yet"),
)
"""Every glyph with what it stands for."""


def kind_of(entry: SessionEntry) -> Kind:
    """Which kind of outcome a session has, as far as it is known."""
    if entry.error:
        return "damaged"
    if entry.result is None:
        return "reading"
    if entry.result.outcome is None:
        return "unfinished"
    return "solved" if entry.result.solved else "not solved"


def look_of(entry: SessionEntry) -> Look:
    """How that is shown."""
    match kind_of(entry):
        case "solved":
            return LOOKS["done"]
        case "not solved":
            is_limit = entry.result is not None and entry.result.outcome == "limit"
            return LOOKS["stopped" if is_limit else "failed"]
        case "unfinished":
            return _UNFINISHED
        case "damaged":
            return _DAMAGED
        case "reading":
            return _READING
