"""Numbers and money as text: one wording for every screen, command, page and export."""

from __future__ import annotations

import re

_BEFORE_TASK = re.compile(r"^(your task is to:?|instruction:?|task:)\s+", re.IGNORECASE)


def plural(count: int, one: str, many: str = "") -> str:
    """The word for that many: `call` or `calls`; `many` is the plural of a word that takes no s."""
    return one if count == 1 else many or f"{one}s"


def counted(count: int | None, one: str, many: str = "") -> str:
    """A number with what it counts: `1 call`, `1,200 calls`, or `calls unknown`."""
    if count is None:
        return f"{plural(0, one, many)} unknown"
    return f"{count:,} {plural(count, one, many)}"


NO_COST = "no cost"
"""The words for calls, runs and estimates that cost nothing."""


def steps_of_whole(steps: int | None) -> str:
    """The steps of a run of which only their number is known: `12 steps in all`, or `steps unknown`."""
    return counted(steps, "step") + ("" if steps is None else " in all")


def dollars(usd: float | None, unknown: str = "cost unknown") -> str:
    """A price in US dollars: `$0.0012`, or `no cost`."""
    return unknown if usd is None else f"${usd:.4f}" if usd else NO_COST


def estimated_dollars(usd: float) -> str:
    """An estimated price in US dollars, with more digits if it is small: `$0.0021`, `$0.000034`."""
    return f"${usd:.6f}" if 0 < usd < 0.001 else dollars(usd)


def task_text(instruction: str) -> str:
    """The task that an instruction gives, without the words before it: `put a cd in shelf`."""
    return _BEFORE_TASK.sub("", " ".join(instruction.split()), count=1).removesuffix(".")


def score_text(score: float | None) -> str:
    """A score to three digits: `score 0.667`."""
    return "score unknown" if score is None else f"score {round(score, 3):g}"


def time_text(seconds: float | None) -> str:
    """How long something took: `2.51 s`, `75 s`."""
    return "time unknown" if seconds is None else f"{seconds:.{2 if seconds < 10 else 0}f} s"


def duration(seconds: float) -> str:
    """How long something takes, roughly: `8 s`, `2 min 5 s`, `1 h 12 min`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds) // 60
    return (
        f"{minutes} min {round(seconds) % 60} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
    )


def file_size(size: int) -> str:
    """A number of bytes: `512 B`, `1.4 MB`."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.{0 if size >= 10 * factor else 1}f} {unit}"
    return f"{size} B"
