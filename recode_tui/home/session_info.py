"""Facts about a session in a list: outcome, labels, summary, available actions."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from recode_core.format import counted, dollars, score_text, task_text, time_text
from recode_core.result import Result
from recode_core.session.catalog import SessionEntry
from recode_core.statuses import outcome_text
from recode_tui import statuses
from recode_tui.statuses import ENDINGS
from recode_tui.widgets.glyph import Glyph

if TYPE_CHECKING:
    from recode_core.batch.groups import BatchGroup

OutcomeGroup = Literal["solved", "not solved", "unfinished", "running", "damaged", "reading"]
OUTCOMES: tuple[OutcomeGroup, ...] = ("solved", "not solved", "unfinished", "running", "damaged")
"""Outcomes of sessions whose files are read, best first."""

Action = Literal["open", "run_again", "rename", "delete", "tag"]
ACTIONS: frozenset[Action] = frozenset({"open", "run_again", "rename", "delete", "tag"})
"""Actions of the home screen on a session."""

_READING = Glyph("…", "faint")
_DAMAGED = Glyph("!", "failure")
_RUNNING = statuses.GLYPHS["running"]
FOLDED, UNFOLDED = Glyph("▸", "quiet"), Glyph("▾", "quiet")
MARKED = Glyph(statuses.CHOSEN.text, "now")
_GENERATED_NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")

LEGEND: tuple[tuple[str, Glyph], ...] = (
    *ENDINGS,
    ("damaged, or not a session", _DAMAGED),
    ("not read yet", _READING),
    ("running", _RUNNING),
    ("a batch, folded or unfolded", FOLDED),
    ("marked: a branch to compare, or a session", MARKED),
)
"""Every glyph with its meaning, for the help."""


def outcome_of(entry: SessionEntry) -> OutcomeGroup:
    """The outcome of a session, as far as it is known."""
    if entry.error:
        return "damaged"
    if entry.is_running and (entry.result is None or entry.result.outcome is None):
        return "running"
    if entry.result is None:
        return "reading"
    if entry.result.outcome is None:
        return "unfinished"
    return "solved" if entry.result.solved else "not solved"


def glyph_of(entry: SessionEntry) -> Glyph:
    """The glyph and tone of a session's outcome."""
    match outcome_of(entry):
        case "damaged":
            return _DAMAGED
        case "reading":
            return _READING
        case "running":
            return _RUNNING
    assert entry.result is not None, "read sessions have a result"
    return statuses.OUTCOMES[entry.result.outcome]


def available_actions(entry: SessionEntry | None, *, is_sample: bool) -> frozenset[Action]:
    """The actions possible on a session: a sample is read-only, a damaged file cannot be opened."""
    if entry is None:
        return frozenset()
    actions: set[Action] = set() if is_sample else {"rename", "delete", "tag"}
    if entry.is_usable:
        actions.add("open")
    if entry.header is not None:
        actions.add("run_again")
    return frozenset(actions)


def task_of(entry: SessionEntry) -> str:
    """The task of a session, empty if its header is not readable."""
    return entry.header.settings.task if entry.header else ""


def words_of(entry: SessionEntry) -> str:
    """The task of a session in words, after its tags; the task's id as long as the words are not known."""
    words = task_text(entry.instruction) or task_of(entry)
    return " ".join((*(f"#{tag}" for tag in entry.tags), words))


def batch_text(group: BatchGroup) -> str:
    """The counts of a batch: `12 of 20 solved (60 %) · 3 running`."""
    if not all(entry.is_read for entry in group.entries):
        return f"reading… · {counted(group.total, 'task')}"
    running = f" · {group.running} running" if group.running else ""
    left = f" · {left} to do" if (left := group.total - group.finished - group.running) > 0 else ""
    rate = f" ({group.solved / group.finished:.0%})".replace("%", " %") if group.finished else ""
    return f"{group.solved} of {group.finished} solved{rate}{running}{left}"


def name_of(entry: SessionEntry) -> str:
    """The name that the user gave a session, empty if the name was generated."""
    stem = entry.path.stem
    return "" if _GENERATED_NAME.fullmatch(stem) else stem


def label_of(entry: SessionEntry) -> str:
    """The name of a session, or its task and time, for questions about it."""
    return name_of(entry) or f"{task_of(entry) or entry.path.stem} of {format_time(entry.created)}"


def error_of(entry: SessionEntry) -> str:
    """The error of a file, without the path in front."""
    return entry.error.removeprefix(str(entry.path)).lstrip(" ,:")


def notice_of(entry: SessionEntry) -> str:
    """The notice about a file, without the path in front."""
    return entry.notice.removeprefix(str(entry.path)).strip()


def cost_of(result: Result) -> str:
    """The cost of a run in a column."""
    return dollars(result.cost_usd, "unknown")


def summary_of(entry: SessionEntry) -> list[str]:
    """The result of a session: outcome, score and counts."""
    if entry.result is None:
        return ["reading…"]
    result = entry.result
    return [
        outcome_text(result.outcome, result.limit),
        score_text(result.score),
        counted(result.steps, "step"),
        counted(result.calls, "call"),
        counted(result.tokens, "token"),
        dollars(result.cost_usd),
        time_text(result.seconds),
        *([counted(entry.branches, "branch", "branches")] if entry.branches > 1 else []),
    ]


def format_time(seconds: float) -> str:
    """A time in the local time zone; the date alone if it is in another year."""
    time = datetime.fromtimestamp(seconds)
    return f"{time:%d %b %H:%M}" if time.year == datetime.now().year else f"{time:%d %b %Y}"
