"""Plots as inline SVG, in the colours of the page: values with their intervals, and counts as bars."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import msgspec

from recode_core.export.page.markup import escaped
from recode_core.report.estimates import Estimate

_LABEL = 260  # pixels, as everything below
_WIDTH = 860
_ROW = 24
_HEAD = 8
_FOOT = 26
_TONES = 6
_COUNTED = 14  # narrower bars have no label


class PlotRow(msgspec.Struct, frozen=True):
    """A labelled value; rows of one `tone` have one colour. A `heading` has no value."""

    label: str
    estimate: Estimate | None = None
    tone: int = 0


def intervals(
    title: str, rows: Sequence[PlotRow], write: Callable[[Estimate], str], most: float = 0.0
) -> str:
    """A dot plot, one row per value, with a line for its interval. The axis starts at 0.

    It ends at `most`, or at a round number above all values.
    """
    values = [row.estimate for row in rows if row.estimate]
    top = most or _round_up(max((e.high if e.high is not None else e.value for e in values), default=0.0))
    low = min((e.low if e.low is not None else e.value for e in values), default=0.0)
    bottom = -_round_up(-low) if low < 0 else 0.0
    span = _WIDTH - _LABEL - 190

    def x(value: float) -> float:
        return round(_LABEL + (value - bottom) / (top - bottom) * span, 1)

    height = _HEAD + _ROW * len(rows) + _FOOT
    parts = [_axis(x, bottom, top, height)]
    for number, row in enumerate(rows):
        y = _HEAD + _ROW * number + _ROW / 2
        parts.append(_row(row, y, x, write))
    return _svg(title, height, parts)


def bars(title: str, series: Sequence[tuple[str, dict[int, int]]]) -> str:
    """A bar chart of the share of each whole number in each series."""
    numbers = sorted({number for _, counts in series for number in counts})
    if not numbers:
        return ""
    numbers = list(range(numbers[0], numbers[-1] + 1))
    height, base = 180, 140
    slot = min(90.0, (_WIDTH - 40) / len(numbers))
    wide = slot * 0.8 / len(series)
    parts = [f'<line class="axis" x1="20" x2="{20 + slot * len(numbers):.0f}" y1="{base}" y2="{base}"/>']
    for at, number in enumerate(numbers):
        left = 20 + slot * at
        parts.append(_text(left + slot / 2, base + 16, str(number), "middle"))
        for place, (label, counts) in enumerate(series):
            share = counts.get(number, 0) / sum(counts.values())
            tall = share * (base - 24)
            parts.append(
                f'<rect class="t{place % _TONES}" x="{left + slot * 0.1 + wide * place:.1f}" '
                f'y="{base - tall:.1f}" width="{wide - 1:.1f}" height="{tall:.1f}">'
                f"<title>{escaped(label)}, {number}: "
                f"{counts.get(number, 0)} ({share:.0%})</title></rect>"
            )
            if counts.get(number, 0) and wide >= _COUNTED:
                middle = left + slot * 0.1 + wide * (place + 0.5)
                parts.append(_text(middle, base - tall - 5, str(counts[number]), "middle", "quiet"))
    return _svg(title, height, parts)


def legend(labels: Iterable[str]) -> str:
    """The legend of the colours."""
    items = (
        '<span><svg width="10" height="10" aria-hidden="true">'
        f'<circle class="t{number % _TONES}" cx="5" cy="5" r="5"/></svg> {escaped(label)}</span>'
        for number, label in enumerate(labels)
    )
    return f'<p class="legend">{" ".join(items)}</p>'


def _row(row: PlotRow, y: float, x: Callable[[float], float], write: Callable[[Estimate], str]) -> str:
    estimate = row.estimate
    if estimate is None:
        return _text(0, y + 4, row.label, style="head")
    tone = f"t{row.tone % _TONES}"
    parts = [_text(12, y + 4, _short(row.label)), f"<title>{escaped(row.label)}</title>"]
    if estimate.low is not None and estimate.high is not None:
        ends = f'x1="{x(estimate.low)}" x2="{x(estimate.high)}"'
        parts.append(f'<line class="{tone}" {ends} y1="{y}" y2="{y}"/>')
    parts.append(f'<circle class="{tone}" cx="{x(estimate.value)}" cy="{y}" r="4.5"/>')
    parts.append(_text(_WIDTH, y + 4, f"{write(estimate)}  n {estimate.n}", "end", "quiet"))
    return f"<g>{''.join(parts)}</g>"


def _axis(x: Callable[[float], float], bottom: float, top: float, height: int) -> str:
    ticks = [bottom + (top - bottom) * part / 4 for part in range(5)]
    lines = (
        f'<line class="axis" x1="{x(tick)}" x2="{x(tick)}" y1="{_HEAD}" y2="{height - _FOOT}"/>'
        + _text(x(tick), height - 8, _tick(tick, top), "middle", "quiet")
        for tick in ticks
    )
    return "".join(lines)


def _tick(value: float, top: float) -> str:
    if top == 1:
        return f"{value:.0%}"
    return f"{value:,.0f}" if top >= 100 else f"{value:.4g}"


def _svg(title: str, height: float, parts: Iterable[str]) -> str:
    return (
        f'<div class="wide"><svg class="plot" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escaped(title)}">{"".join(parts)}</svg></div>'
    )


def _text(x: float, y: float, text: str, anchor: str = "start", style: str = "") -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escaped(text)}</text>'


def _short(label: str) -> str:
    return label if len(label) <= 36 else f"{label[:35]}…"


def _round_up(value: float) -> float:
    """A round number at or above a value."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value)
