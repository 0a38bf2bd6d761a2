"""The glyphs of the screen with their tones: one table, in which every glyph has one meaning.

Those that exported pages and commands show, too, come from `recode_core.statuses`. A theme gives each tone
its style.
"""

from __future__ import annotations

from recode_core import statuses
from recode_core.events import Outcome
from recode_core.timeline.nodes import Author, Kind, Status
from recode_tui.widgets.glyph import Glyph, Tone

GLYPHS: dict[Status, Glyph] = {
    "pending": Glyph(statuses.GLYPHS["pending"], "faint"),
    "running": Glyph(statuses.GLYPHS["running"], "now"),
    "done": Glyph(statuses.GLYPHS["done"], "good"),
    "failed": Glyph(statuses.GLYPHS["failed"], "failure"),
    "skipped": Glyph(statuses.GLYPHS["skipped"], "quiet"),
    "superseded": Glyph(statuses.GLYPHS["superseded"], "faint"),
    "stopped": Glyph(statuses.GLYPHS["stopped"], "quiet"),
}
CURRENT = Glyph("▶", "now")
UNEXPANDED = Glyph(statuses.UNEXPANDED, "quiet")
"""A placeholder without code yet."""
NOT_SOLVED = Glyph(statuses.NOT_SOLVED, "failure")
UNFINISHED = Glyph(statuses.UNFINISHED, "plain")
PAST = Glyph("◀", "plain")
"""The run is shown at an earlier stop."""
NO_EFFECT = Glyph("∅", "faint")
CULPRIT = Glyph("⚑", "failure")
"""The decision that `blame` found."""
BREAKPOINT = Glyph("●", "failure")
CURRENT_BREAKPOINT = Glyph("◉", "now")
"""A breakpoint where the run is stopped."""
BREAKPOINT_OFF = Glyph("○", "faint")
CHOSEN = Glyph("»", "plain")
NOTE = Glyph("✎", "faint")
DRAFT = Glyph("±", "now")
"""A draft of an edit."""
CALL = Glyph("◆", "quiet")
ACTION = Glyph("┿", "quiet")
CURSOR = Glyph("▲", "now")
FORK = Glyph("╰", "quiet")
FOLD = Glyph("×", "quiet")
"""Before the number of passes of a loop."""
EARLIER, LATER = Glyph("‹", "quiet"), Glyph("›", "quiet")
"""Ends of a zoomed timeline that has more stops."""
SCRUB = Glyph("┃", "plain")
PREVIEW = Glyph("◁", "now")

AUTHORS: dict[Author, str] = {"user": "by hand", "reuse": "reused"}
"""The source of an expansion that is not from the policy."""

_TONES: dict[Outcome | None, Tone] = {None: "plain", "solved": "good", "limit": "quiet"}
OUTCOMES: dict[Outcome | None, Glyph] = {
    outcome: Glyph(text, _TONES.get(outcome, "failure")) for outcome, text in statuses.OUTCOME_GLYPHS.items()
}
"""How a run ended, in lists of sessions and branches; of an unfinished run under None."""

ENDINGS: tuple[tuple[str, Glyph], ...] = (
    ("done; of a run: solved", GLYPHS["done"]),
    ("failed; of a reply: refused", GLYPHS["failed"]),
    ("the run came to its end without solving the task", NOT_SOLVED),
    ("stopped by a limit or by the end of the run", GLYPHS["stopped"]),
    ("paused; of a session: unfinished, can be continued", UNFINISHED),
)
"""How statements and runs ended."""

LEGEND: tuple[tuple[str, Glyph], ...] = (
    ("now", CURRENT),
    ("to be expanded", UNEXPANDED),
    ("pending", GLYPHS["pending"]),
    ("running", GLYPHS["running"]),
    *ENDINGS,
    ("skipped", GLYPHS["skipped"]),
    ("superseded by another expansion", GLYPHS["superseded"]),
    ("shown at an earlier stop", PAST),
    ("the action did nothing, as the environment tells", NO_EFFECT),
    ("the decision that lost the task, as blame found", CULPRIT),
    ("a breakpoint", BREAKPOINT),
    ("a breakpoint where the run is stopped", CURRENT_BREAKPOINT),
    ("a breakpoint that is disabled", BREAKPOINT_OFF),
    ("has a note", NOTE),
    ("has an edit that was not accepted", DRAFT),
    ("marked: a branch to compare, or a session", CHOSEN),
    ("in the timeline: where the cursor is", CURSOR),
    ("in the timeline: a call of the model", CALL),
    ("in the timeline: an action", ACTION),
    ("in the timeline: where the branch begins", FORK),
    ("in the timeline: the passes of a folded loop", FOLD),
    ("in the timeline: earlier stops, outside the zoom", EARLIER),
    ("in the timeline: later stops, outside the zoom", LATER),
    ("in the timeline: the moment that is previewed", SCRUB),
    ("another moment is previewed", PREVIEW),
)
"""Every glyph with its meaning, for the help and for tooltips."""
_MEANINGS = {glyph.text: meaning for meaning, glyph in LEGEND}

WORDS: tuple[tuple[str, str], ...] = (
    ("depth", "how many expansions are open at that moment; of a whole run, the most that were open at once"),
    ("steps", "actions that the environment has answered"),
    ("calls", "replies of the model; what failed calls took is in the tokens and the cost"),
)
"""The meaning of the counts, for the help."""


def meaning_of(sign: str) -> str:
    """The meaning of a glyph; empty for any other text."""
    meaning = _MEANINGS.get(sign, "")
    return f"{sign} {meaning}" if meaning else ""


def meaning_at(line: str, at: int) -> str:
    """The meaning of a glyph or a count that stands at a position of a line; empty if it is other text."""
    begin = line.rfind(" ", 0, at + 1) + 1
    end = line.find(" ", at)
    word = line[begin : end if end >= 0 else len(line)]
    counted = next((text for name, text in WORDS if word in (name, name.removesuffix("s"))), "")
    if word == GLYPHS["pending"].text:  # between the parts of a line
        return ""
    return meaning_of(word) or (f"{word}: {counted}" if counted else "")


def glyph_of(node: str, kind: Kind, status: Status, outcome: Outcome | None = None) -> Glyph:
    """The glyph and tone of a node of a run whose outcome so far is `outcome`."""
    text = statuses.glyph_of(node, kind, status, outcome)
    if text == NOT_SOLVED.text:
        return NOT_SOLVED
    return UNEXPANDED if text == UNEXPANDED.text else GLYPHS[status]
