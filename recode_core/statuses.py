"""How statements and runs ended, in glyphs and in words. Every glyph has one meaning."""

from __future__ import annotations

from recode_core.events import Outcome
from recode_core.timeline.nodes import Kind, Status

GLYPHS: dict[Status, str] = {
    "pending": "·",
    "running": "◐",
    "done": "✔",
    "failed": "✖",
    "skipped": "↷",
    "superseded": "↺",
    "stopped": "■",
}
"""A glyph of one cell for each status; they differ, so that colour is never needed to tell them apart."""

UNEXPANDED = "◇"
"""The glyph of a placeholder that has no code yet."""

NOT_SOLVED = "□"
"""The glyph of a run that came to its end, and of its root, although the task is not solved."""

UNFINISHED = "‖"
"""The glyph of a run that has not ended: it is paused and can go on."""

OUTCOME_GLYPHS: dict[Outcome | None, str] = {
    None: UNFINISHED,
    "solved": GLYPHS["done"],
    "failed": GLYPHS["failed"],
    "limit": GLYPHS["stopped"],
    "done": NOT_SOLVED,
    "finished": NOT_SOLVED,
}
"""The glyph of how a run ended; of an unfinished one under None."""


def is_unsolved_end(outcome: Outcome | None) -> bool:
    """Whether a run came to its end without an error or a limit, and did not solve the task."""
    return outcome in ("done", "finished")


def glyph_of(node: str, kind: Kind, status: Status, outcome: Outcome | None) -> str:
    """The glyph of a node, where `outcome` is that of its run so far: the root shows that it is unsolved."""
    if node == "0" and is_unsolved_end(outcome) and status in ("done", "stopped"):
        return NOT_SOLVED
    return UNEXPANDED if status == "pending" and kind == "placeholder" else GLYPHS[status]


def outcome_text(outcome: Outcome | None, limit: str | None = None) -> str:
    """How a run ended; `limit` names the limit that ended it."""
    match outcome:
        case None:
            return "unfinished"
        case "solved":
            return "solved"
        case "limit":
            return f"not solved: {f'the limit of {limit}' if limit else 'a limit'} is reached"
        case "failed":
            return "not solved: the root failed"
        case "done":
            return "not solved: the world is done"
        case "finished":
            return "not solved: the code came to its end"
