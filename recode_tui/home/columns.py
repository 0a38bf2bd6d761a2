"""The columns of a list of sessions: what each shows, and what it is sorted by."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from recode_core.format import dollars
from recode_core.result import Result
from recode_core.session import Settings
from recode_core.session.catalog import SessionEntry
from recode_tui.home.listing import Cell
from recode_tui.home.outcomes import KINDS, kind_of, look_of
from recode_tui.text import one_line
from recode_tui.widgets.look import Tone

_OWN_NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
_LONGEST = 300  # characters of a cell
_ROOMY = 90  # columns of the terminal from which on cells have room
_NAMED = 104  # and names too


Key = tuple[float, str]
"""What a column is sorted by: a number, or a text with no number before it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column `width` wide, `narrow` in a narrow list, or sharing what is left where that is 0; shown in
    a list of `at_least`.

    `key` is None where nothing is known to sort by.
    """

    name: str
    width: int
    text: Callable[[SessionEntry], str]
    key: Callable[[SessionEntry], Key | None]
    tone: Tone = "plain"
    is_right: bool = False
    at_least: int = 0
    narrow: int | None = None


class Placed(NamedTuple):
    """A column with its place in a row."""

    column: Column
    start: int
    width: int


def name_of(entry: SessionEntry) -> str:
    """What the user called a session; empty where the name was made for it."""
    stem = entry.path.stem
    return "" if _OWN_NAME.fullmatch(stem) else stem


def label_of(entry: SessionEntry) -> str:
    """What to call a session when asking about it."""
    name, task = name_of(entry), settings_of(entry, lambda settings: settings.task)
    return name or f"{task or entry.path.stem} of {moment(entry.created)}"


def settings_of(entry: SessionEntry, text: Callable[[Settings], str]) -> str:
    """Something of a session's settings, empty where the file has none."""
    return text(entry.header.settings) if entry.header else ""


def cost(result: Result) -> str:
    """What a run has cost; nothing is no number, so that money is seen."""
    return "–" if result.cost_usd == 0 else dollars(result.cost_usd, "unknown")


def _or_unknown(number: float | None) -> str:
    if number is None:
        return "–"
    return f"{number:g}" if isinstance(number, float) else str(number)


def moment(seconds: float) -> str:
    """A time as the user's clock shows it; of other years the date alone."""
    then = datetime.fromtimestamp(seconds)
    return f"{then:%d %b %H:%M}" if then.year == datetime.now().year else f"{then:%d %b %Y}"


def _of_result(text: Callable[[Result], str]) -> Callable[[SessionEntry], str]:
    return lambda entry: text(entry.result) if entry.result else ""


def _number(number: Callable[[Result], float | None]) -> Callable[[SessionEntry], Key | None]:
    def key(entry: SessionEntry) -> Key | None:
        found = number(entry.result) if entry.result else None
        return None if found is None else (found, "")

    return key


def _words(text: Callable[[SessionEntry], str]) -> Callable[[SessionEntry], Key | None]:
    return lambda entry: (0, text(entry).lower()) if text(entry) else None


def _outcome(entry: SessionEntry) -> Key | None:
    kind = kind_of(entry)
    return None if kind == "reading" else (KINDS.index(kind), "")


def _task(entry: SessionEntry) -> str:
    return settings_of(entry, lambda settings: settings.task)


def _environment(entry: SessionEntry) -> str:
    return settings_of(entry, lambda settings: settings.environment)


def _policy(entry: SessionEntry) -> str:
    return settings_of(entry, lambda settings: settings.model or settings.policy)


def _instruction(entry: SessionEntry) -> str:
    return entry.instruction


COLUMNS = (
    Column("Outcome", 1, lambda entry: look_of(entry).glyph, _outcome),
    Column("Task", 0, _task, _words(_task)),
    Column("Name", 24, name_of, _words(name_of), at_least=_NAMED),
    Column("Instruction", 0, _instruction, _words(_instruction), "quiet", at_least=130),
    Column("Env", 12, _environment, _words(_environment), "quiet", narrow=9),
    Column("Policy", 11, _policy, _words(_policy), "quiet"),
    Column(
        "Score",
        6,
        _of_result(lambda r: _or_unknown(r.score and round(r.score, 3))),
        _number(lambda r: r.score),
        is_right=True,
    ),
    Column(
        "Steps",
        6,
        _of_result(lambda r: _or_unknown(r.steps)),
        _number(lambda r: r.steps),
        "quiet",
        is_right=True,
    ),
    Column("Cost", 7, _of_result(cost), _number(lambda r: r.cost_usd), "quiet", is_right=True),
    Column("Date", 12, lambda e: moment(e.created), lambda e: (e.created, ""), "quiet", is_right=True),
)


def placed(width: int) -> list[Placed]:
    """The columns that a list of that width has, side by side."""
    is_narrow = width < _ROOMY
    gap = 1 if is_narrow else 2
    columns = [column for column in COLUMNS if width >= column.at_least]
    widths = [column.narrow if is_narrow and column.narrow else column.width for column in columns]
    left = width - sum(widths) - gap * (len(columns) - 1)
    found, start = [], 0
    for column, fixed in zip(columns, widths, strict=True):
        taken = fixed or max(0, left // widths.count(0))
        found.append(Placed(column, start, taken))
        start += taken + gap
    return found


def row(entry: SessionEntry, width: int) -> list[Cell]:
    """A session's row. What is wrong with a file takes the place of what it doesn't say."""
    look, places = look_of(entry), placed(width)
    if not entry.error:
        return _spaced(places, [_cell(place, entry, look.tone, width) for place in places])
    last = places[-1]
    named = (
        f"{entry.path.name}: {reason(entry)}" if entry.header is None else f"{_task(entry)}: {reason(entry)}"
    )
    message = Cell(one_line(named, _LONGEST), last.start - places[1].start - 1, "quiet")
    kept = [places[0], Placed(places[1].column, places[1].start, message.width), last]
    return _spaced(kept, [Cell(look.glyph, 1, look.tone), message, _cell(last, entry, look.tone, width)])


def reason(entry: SessionEntry) -> str:
    """What is wrong with a file, without its path in front."""
    return entry.error.removeprefix(str(entry.path)).lstrip(" ,:")


def _cell(place: Placed, entry: SessionEntry, tone: Tone, width: int) -> Cell:
    column = place.column
    text = one_line(column.text(entry), _LONGEST)
    if column.name == "Task" and width < _NAMED:
        text = one_line(name_of(entry), _LONGEST) or text
    return Cell(text, place.width, tone if column.width == 1 else column.tone, column.is_right)


def _spaced(places: Sequence[Placed], cells: Sequence[Cell]) -> list[Cell]:
    found, at = [], 0
    for place, cell in zip(places, cells, strict=True):
        found += [Cell("", place.start - at), cell]
        at = place.start + cell.width
    return found
