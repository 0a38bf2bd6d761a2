"""The glyphs of the screen with their tones: one table, in which every glyph has one meaning.

Those that exported pages and commands show, too, come from `recode_core.statuses`. A theme gives each tone
its style.
"""

from __future__ import annotations

from recode_core import statuses
from recode_core.events import Outcome
from recode_core.statuses import GLYPHS
from recode_core.timeline.nodes import Author, Kind, Status
from recode_tui.widgets.look import Look, Tone

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
NOT_SOLVED = Look(statuses.NOT_SOLVED, "failure")
UNFINISHED = Look(statuses.UNFINISHED, "plain")
PAST = Look("◀", "plain")
"""The run is shown at an earlier stop."""
NO_EFFECT = Look("∅", "faint")
CULPRIT = Look("⚑", "failure")
"""The decision that `blame` found."""
BREAKPOINT = Look("●", "failure")
BREAKPOINT_HERE = Look("◉", "now")
BREAKPOINT_OFF = Look("○", "faint")
CHOSEN = Look("»", "plain")
NOTE = Look("✎", "faint")
DRAFT = Look("±", "now")
"""A draft of an edit."""
CALL = Look("◆", "quiet")
ACTION = Look("┿", "quiet")
CURSOR = Look("▲", "now")
FORK = Look("╰", "quiet")
EARLIER, LATER = Look("‹", "quiet"), Look("›", "quiet")
"""Ends of a zoomed timeline that has more stops."""
SCRUB = Look("┃", "plain")
PREVIEW = Look("◁", "now")

AUTHORS: dict[Author, str] = {"user": "by hand", "reuse": "reused"}
"""The source of an expansion that is not from the policy."""

_TONES: dict[Outcome | None, Tone] = {None: "plain", "solved": "good", "limit": "quiet"}
OUTCOMES: dict[Outcome | None, Look] = {
    outcome: Look(glyph, _TONES.get(outcome, "failure")) for outcome, glyph in statuses.OUTCOME_GLYPHS.items()
}
"""How a run ended, in lists of sessions and branches; of an unfinished run under None."""

ENDINGS: tuple[tuple[str, Look], ...] = (
    ("done; of a run: solved", LOOKS["done"]),
    ("failed; of a reply: refused", LOOKS["failed"]),
    ("the run came to its end without solving the task", NOT_SOLVED),
    ("stopped by a limit or by the end of the run", LOOKS["stopped"]),
    ("paused; of a session: unfinished, can be continued", UNFINISHED),
)
"""How statements and runs ended."""

LEGEND: tuple[tuple[str, Look], ...] = (
    ("now", CURRENT),
    ("to be expanded", UNEXPANDED),
    ("pending", LOOKS["pending"]),
    ("running", LOOKS["running"]),
    *ENDINGS,
    ("skipped", LOOKS["skipped"]),
    ("superseded by another expansion", LOOKS["superseded"]),
    ("shown at an earlier stop", PAST),
    ("the action did nothing, as the environment tells", NO_EFFECT),
    ("the decision that lost the task, as blame found", CULPRIT),
    ("a breakpoint", BREAKPOINT),
    ("a breakpoint at the line of the run", BREAKPOINT_HERE),
    ("a breakpoint that is disabled", BREAKPOINT_OFF),
    ("has a note", NOTE),
    ("has an edit that was not accepted", DRAFT),
    ("a branch that is chosen to be compared", CHOSEN),
    ("in the timeline: where the cursor is", CURSOR),
    ("in the timeline: a call of the model", CALL),
    ("in the timeline: an action", ACTION),
    ("in the timeline: where the branch begins", FORK),
    ("in the timeline: earlier stops, outside the zoom", EARLIER),
    ("in the timeline: later stops, outside the zoom", LATER),
    ("in the timeline: the moment that is previewed", SCRUB),
    ("another moment is previewed", PREVIEW),
)
"""Every glyph with its meaning, for the help."""

WORDS: tuple[tuple[str, str], ...] = (
    ("depth", "how many expansions are open at that moment; of a whole run, the most that were open at once"),
    ("steps", "actions that the environment has answered"),
    ("calls", "replies of the model; what failed calls took is in the tokens and the cost"),
)
"""The meaning of the counts, for the help."""


def look_of(node: str, kind: Kind, status: Status, outcome: Outcome | None = None) -> Look:
    """The glyph and tone of a node of a run whose outcome so far is `outcome`."""
    glyph = statuses.glyph_of(node, kind, status, outcome)
    if glyph == NOT_SOLVED.glyph:
        return NOT_SOLVED
    return UNEXPANDED if glyph == UNEXPANDED.glyph else LOOKS[status]
