"""Columns of the session list: text, sort key, place in a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from recode_core.result import Result
from recode_core.session.catalog import SessionEntry
from recode_tui.home.session_info import (
    OUTCOMES,
    cost_of,
    error_of,
    format_time,
    glyph_of,
    name_of,
    outcome_of,
    task_of,
    words_of,
)
from recode_tui.text import one_line
from recode_tui.widgets.glyph import Tone

_LONGEST = 300  # characters of a cell
_ROOMY = 90  # width of a list from which on cells have their full width
_DAY = 6  # cells of a day without the time: `22 Nov`
_NAMED = 140  # width of a list from which on names have a column of their own

SortKey = tuple[float, str]
"""A number, or 0 and a text."""


class Column(msgspec.Struct, frozen=True):
    """A column of the session list.

    `width` is in cells, `narrow` the width in a list that is not roomy; columns of width 0 share the space
    that is left. The column is shown in lists of `at_least` that width. `key` returns None for a session
    without a value, which is sorted last.
    """

    name: str
    width: int
    text: Callable[[SessionEntry], str]
    key: Callable[[SessionEntry], SortKey | None]
    tone: Tone = "plain"
    is_right: bool = False
    at_least: int = 0
    narrow: int | None = None


class PlacedColumn(NamedTuple):
    """A column with its place in a row."""

    column: Column
    start: int
    width: int


class PlacedText(NamedTuple):
    """A text with its place in a row."""

    text: str
    start: int
    width: int
    tone: Tone = "plain"
    is_right: bool = False


def _result_text(text: Callable[[Result], str]) -> Callable[[SessionEntry], str]:
    return lambda entry: text(entry.result) if entry.result else ""


def _number_key(number: Callable[[Result], float | None]) -> Callable[[SessionEntry], SortKey | None]:
    def key(entry: SessionEntry) -> SortKey | None:
        found = number(entry.result) if entry.result else None
        return None if found is None else (found, "")

    return key


def _text_key(text: Callable[[SessionEntry], str]) -> Callable[[SessionEntry], SortKey | None]:
    return lambda entry: (0, text(entry).lower()) if text(entry) else None


def _outcome_key(entry: SessionEntry) -> SortKey | None:
    outcome = outcome_of(entry)
    return None if outcome == "reading" else (OUTCOMES.index(outcome), "")


def _number_text(number: float | None) -> str:
    if number is None:
        return "–"
    return f"{number:g}" if isinstance(number, float) else str(number)


def _environment(entry: SessionEntry) -> str:
    return entry.header.settings.environment if entry.header else ""


def _policy(entry: SessionEntry) -> str:
    return entry.header.settings.model or entry.header.settings.policy if entry.header else ""


def _agent(entry: SessionEntry) -> str:
    return entry.header.settings.agent if entry.header else ""


COLUMNS = (
    Column("Outcome", 1, lambda entry: glyph_of(entry).text, _outcome_key),
    Column("Task", 0, words_of, _text_key(words_of)),
    Column("Name", 24, name_of, _text_key(name_of), at_least=_NAMED),
    Column("Env", 12, _environment, _text_key(_environment), "quiet", narrow=9),
    Column("Agent", 7, _agent, _text_key(_agent), "quiet"),
    Column("Model", 14, _policy, _text_key(_policy), "quiet", narrow=11),
    Column(
        "Score",
        6,
        _result_text(lambda result: _number_text(result.score and round(result.score, 3))),
        _number_key(lambda result: result.score),
        is_right=True,
        at_least=_ROOMY,
    ),
    Column(
        "Steps",
        6,
        _result_text(lambda result: _number_text(result.steps)),
        _number_key(lambda result: result.steps),
        "quiet",
        is_right=True,
        at_least=_ROOMY,
    ),
    Column(
        "Cost",
        7,
        _result_text(cost_of),
        _number_key(lambda result: result.cost_usd),
        "quiet",
        is_right=True,
        at_least=_ROOMY,
    ),
    Column(
        "Date",
        12,
        lambda entry: format_time(entry.created),
        lambda entry: (entry.created, ""),
        "quiet",
        is_right=True,
        narrow=_DAY,
    ),
)


def place_columns(width: int) -> list[PlacedColumn]:
    """The columns of a list of that width, side by side."""
    is_narrow = width < _ROOMY
    gap = 1 if is_narrow else 2
    columns = [column for column in COLUMNS if width >= column.at_least]
    widths = [column.narrow if is_narrow and column.narrow else column.width for column in columns]
    left = width - sum(widths) - gap * (len(columns) - 1)
    placed, start = [], 0
    for column, fixed in zip(columns, widths, strict=True):
        taken = fixed or max(0, left // widths.count(0))
        placed.append(PlacedColumn(column, start, taken))
        start += taken + gap
    return placed


def row_of(entry: SessionEntry, width: int, *, is_episode: bool = False) -> list[PlacedText]:
    """The row of a session. An error replaces the columns whose values are unknown.

    An episode of a batch is indented, and has no name of its own.
    """
    placed = place_columns(width)
    if not entry.error:
        return [_cell(each, entry, width, is_episode) for each in placed]
    outcome, task, *_, date = placed
    subject = entry.path.name if entry.header is None else task_of(entry)
    message = one_line(f"{subject}: {error_of(entry)}", _LONGEST)
    error = PlacedText(message, task.start, date.start - task.start - 1, "quiet")
    return [_cell(outcome, entry, width, is_episode), error, _cell(date, entry, width, is_episode)]


def _cell(placed: PlacedColumn, entry: SessionEntry, width: int, is_episode: bool) -> PlacedText:
    column = placed.column
    text = one_line(column.text(entry), _LONGEST)
    if column.name == "Task" and is_episode:
        text = f"  {text}"
    elif column.name == "Date" and placed.width == _DAY:
        text = text[:_DAY]
    elif column.name == "Name" and is_episode:
        text = ""
    elif column.name == "Task" and width < _NAMED and (name := one_line(name_of(entry), _LONGEST)):
        text = f"{name}: {text}"
    tone = glyph_of(entry).tone if column.name == "Outcome" else column.tone
    return PlacedText(text, placed.start, placed.width, tone, column.is_right)
