"""How statements and runs ended, in glyphs and in words."""

from __future__ import annotations

from recode_core.events import Outcome
from recode_core.timeline.nodes import Status

GLYPHS: dict[Status, str] = {
    "pending": "·",
    "running": "◐",
    "done": "✔",
    "failed": "✖",
    "skipped": "↷",
    "superseded": "~",
    "stopped": "■",
}
"""A glyph of one cell for each status; they differ, so that colour is never needed to tell them apart."""

UNEXPANDED = "◇"
"""The glyph of a placeholder that has no code yet."""


def outcome_text(outcome: Outcome | None, limit: str | None = None) -> str:
    """How a run ended; `limit` names the limit that ended it."""
    match outcome:
        case None:
            return "unfinished"
        case "solved":
            return "solved"
        case "limit":
            return f"not solved: the limit of {limit} is reached"
        case "failed":
            return "not solved: the root failed"
        case "done":
            return "not solved: the world is done"
        case "finished":
            return "not solved: the code came to its end"
