"""The timeline of a page: a line for each branch, with its stops, calls, actions and failures as links."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from recode_core.export.page.anchors import Anchors
from recode_core.export.page.markup import escaped
from recode_core.format import score_text
from recode_core.log import Record
from recode_core.statuses import outcome_text
from recode_core.timeline.branches import BranchIndex, BranchSpan, BranchSummary

_CELLS = 240  # of a line; each has at most one mark

_SHAPES = {
    "failure": '<path d="M-4-4 4 4M-4 4 4-4"/>',
    "call": '<path d="M0-5 5 0 0 5-5 0z"/>',
    "action": '<circle r="4"/>',
    "stop": '<path d="M0-3V3"/>',
}
"""The marks by what they show, the most important first."""


class Chart:
    """The timeline of a session."""

    def __init__(self, records: Iterable[Record], anchors: Anchors) -> None:
        self._index = BranchIndex(records)
        self._anchors = anchors

    def render(self) -> Iterator[str]:
        """Render the section as markup."""
        yield '<section id="timeline"><h2>Timeline</h2><p class="quiet legend">'
        for kind, shape in _SHAPES.items():
            yield f'<svg class="{kind}" viewBox="-7 -7 14 14" aria-hidden="true">{shape}</svg>{kind} '
        yield "</p>"
        for span, summary in zip(self._index.spans.values(), self._index.branches(), strict=True):
            yield from self._line(span, summary)
        yield "</section>"

    def _line(self, span: BranchSpan, summary: BranchSummary) -> Iterator[str]:
        name = escaped(span.name)
        about = f"{outcome_text(summary.outcome)} · {score_text(summary.score)}"
        begin, end = span.fork if span.started is not None else 0, max(span.fork, span.track.end)
        yield (
            f'<div class="line"><a href="#{self._anchors.branch(span.name)}">{name}</a>'
            f'<svg class="track" role="group" aria-label="{name}"><line x1="{self._percent(begin)}" '
            f'x2="{self._percent(end)}" y1="50%" y2="50%"/>'
        )
        tab = 0
        for position, kind, n in self._marks(span):
            yield (
                f'<a href="#{self._anchors.record(n)}" tabindex="{tab}" class="{kind}">'
                f'<title>{kind} at record {n}</title><svg x="{self._percent(position)}" y="50%">'
                f"{_SHAPES[kind]}</svg></a>"
            )
            tab = -1
        yield f"</svg><small>{escaped(about)}</small></div>"

    def _percent(self, position: int) -> str:
        return f"{1 + 98 * position / max(1, self._index.length):.2f}%"

    def _marks(self, span: BranchSpan) -> Iterator[tuple[int, str, int]]:
        """The marks of a branch's own stops: position, kind and record."""
        track, length = span.track, self._index.length
        first, cell = 0, 0
        while first < len(track):
            position = track.position(first)
            cell = position * _CELLS // length
            last = max(first + 1, track.index_from(-(-(cell + 1) * length // _CELLS)))
            numbers = track.numbers
            from_, to = numbers[first], numbers[last] if last < len(track) else None
            yield (position, *_mark(span, from_, to))
            first = last


def _mark(span: BranchSpan, first: int, end: int | None) -> tuple[str, int]:
    """The most important of the records from `first` to before `end`."""
    for kind, numbers in (("failure", span.failures), ("call", span.calls), ("action", span.actions)):
        at = bisect_left(numbers, first)
        if at < len(numbers) and (end is None or numbers[at] < end):
            return kind, numbers[at]
    return "stop", first
