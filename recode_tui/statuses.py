"""Glyph and tone of every node status.

The glyphs are those of `recode_core.statuses`. A theme gives each tone its style.
"""

from __future__ import annotations

from recode_core import statuses
from recode_core.statuses import GLYPHS
from recode_core.timeline.nodes import Author, Kind, Status
from recode_tui.widgets.look import Look

LOOKS: dict[Status, Look] = {
    "pending": Look(GLYPHS["pending"], "faint"),
    "running": Look(GLYPHS["running"], "now"),
    "done": Look(GLYPHS["done"], "good"),
    "failed": Look(GLYPHS["failed"], "failure"),
    "skipped": Look(GLYPHS["skipped"], "quiet"),
    "superseded": Look(GLYPHS["superseded"], "faint"),
    "stopped": Look(GLYPHS["stopped"], "quiet"),
}
CURRENT = Look("▶", "now")
UNEXPANDED = Look(statuses.UNEXPANDED, "quiet")
"""A placeholder without code yet."""
BREAKPOINT = Look("●", "failure")
CURRENT_BREAKPOINT = Look("◉", "now")
"""A breakpoint where the run is stopped."""
NOTE = Look("✎", "faint")
DRAFT = Look("±", "now")
"""A draft of an edit."""

AUTHORS: dict[Author, str] = {"user": "by hand", "reuse": "reused"}
"""The source of an expansion that is not from the policy."""

LEGEND: tuple[tuple[str, Look], ...] = (
    ("now", CURRENT),
    ("to be expanded", UNEXPANDED),
    *LOOKS.items(),
    ("has a breakpoint", BREAKPOINT),
    ("has a note", NOTE),
    ("has an edit that was not accepted", DRAFT),
)
"""Every glyph with its meaning, for the help."""


def look_of(status: Status, kind: Kind) -> Look:
    """The glyph and tone of a node."""
    return UNEXPANDED if status == "pending" and kind == "placeholder" else LOOKS[status]
