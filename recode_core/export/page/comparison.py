"""The comparison of the current branch with each other one: results, actions and statements that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice, zip_longest

from recode_core.debugger.diff import AlignedNodes, Difference, difference
from recode_core.export.page.anchors import Anchors
from recode_core.export.page.markup import escaped
from recode_core.format import counted, dollars
from recode_core.log import Log
from recode_core.result import Result, result_of
from recode_core.statuses import outcome_text
from recode_core.timeline import Moment, Timeline
from recode_core.timeline.actions import Action

_MOST = 100  # rows of a table

_MEASURES = ("score", "steps", "calls", "tokens", "cost", "nodes", "depth")


class BranchComparison:
    """The branches of a session beside each other; the first of them is the current one."""

    def __init__(self, log: Log, branches: dict[str, Timeline], anchors: Anchors) -> None:
        self._log = log
        self._branches = branches
        self._anchors = anchors

    def render(self) -> Iterator[str]:
        """Render the section as markup; nothing if there is one branch."""
        if len(self._branches) < 2:
            return
        (current, mine), *others = self._branches.items()
        yield '<section id="comparison"><h2>Branches compared</h2>'
        yield from self._results()
        for name, timeline in others:
            yield from self._difference(current, mine.end, name, timeline.end)
        yield "</section>"

    def _results(self) -> Iterator[str]:
        heads = "".join(f'<th class="n">{each}' for each in _MEASURES)
        yield (
            f'<div class="wide"><table class="results"><thead><tr><th>branch<th>outcome{heads}<th>starts'
            "</thead><tbody>"
        )
        for name, timeline in self._branches.items():
            result = result_of(timeline)
            cells = "".join(f'<td class="n">{escaped(text)}' for text in _measures(result))
            yield (
                f'<tr><td><a href="#{self._anchors.branch(name)}">{escaped(name)}</a>'
                f"<td>{escaped(outcome_text(result.outcome, result.limit))}{cells}<td>{self._start(name)}"
            )
        yield "</tbody></table></div>"

    def _start(self, name: str) -> str:
        started = self._log.branches[name]
        if started is None:
            return ""
        there = self._anchors.record(started.at)
        where = f'<a href="#{there}">record {started.at}</a> of {escaped(started.parent)}'
        return f"{where}{f': {escaped(started.reason)}' if started.reason else ''}"

    def _difference(self, current: str, mine: Moment, name: str, other: Moment) -> Iterator[str]:
        found = difference(mine, other)
        differing = [node for node in found.nodes if node.state != "same"]
        count = f"{len(differing):,} of {counted(len(found.nodes), 'statement')} differ"
        yield f"<details><summary>{escaped(current)} and {escaped(name)} <small>{count}</small></summary>"
        yield from self._first(found, current, name)
        yield from self._actions(current, mine, name, other)
        yield from self._statements(current, mine, name, other, differing)
        yield "</details>"

    def _first(self, found: Difference, current: str, name: str) -> Iterator[str]:
        if found.other_prompts:
            yield "<p>The system messages differ.</p>"
        if (first := found.first) is None:
            yield "<p>Every observation is the same.</p>"
            return
        yield f"<p>The first observation that differs is that of step {first.step}.</p>"

    def _actions(self, current: str, mine: Moment, name: str, other: Moment) -> Iterator[str]:
        left, right = mine.timeline.actions.actions[1:], other.timeline.actions.actions[1:]
        pairs = _pairs(left, right)
        yield from self._table(
            "Actions that differ", current, name, ((self._action(a), self._action(b)) for a, b in pairs)
        )

    def _action(self, action: Action | None) -> str:
        if action is None:
            return ""
        observation = escaped(" ".join(action.observation.text.split())[:200])
        return f'<a href="#action={action.n}">{escaped(action.action)}</a><br><small>{observation}</small>'

    def _statements(
        self, current: str, mine: Moment, name: str, other: Moment, differing: Sequence[AlignedNodes]
    ) -> Iterator[str]:
        rows = (
            (self._statement(current, mine, pair.left), self._statement(name, other, pair.right))
            for pair in differing
        )
        yield from self._table("Statements that differ", current, name, rows)

    def _statement(self, branch: str, moment: Moment, node: str | None) -> str:
        if node is None:
            return ""
        found = moment.nodes[node]
        text = escaped(" ".join(found.text.split())[:200])
        there = self._anchors.node(branch, node)
        return f'<a href="#{there}">{escaped(node)}</a> <code>{text}</code> <small>{found.status}</small>'

    def _table(self, title: str, left: str, right: str, rows: Iterator[tuple[str, str]]) -> Iterator[str]:
        shown = list(islice(rows, _MOST))
        if not shown:
            return
        more = sum(1 for _ in rows)
        yield (
            f'<h3>{title}</h3><div class="wide"><table class="two"><thead><tr><th>{escaped(left)}'
            f"<th>{escaped(right)}</thead><tbody>"
        )
        yield from (f"<tr><td>{one}<td>{other}" for one, other in shown)
        yield f"</tbody></table></div>{f'<p class=quiet>and {more:,} more</p>' if more else ''}"


def _pairs(left: Sequence[Action], right: Sequence[Action]) -> Iterator[tuple[Action | None, Action | None]]:
    """The actions of two lines that differ, or were answered differently, side by side."""
    one, other = ([(each.action, each.observation.text) for each in side] for side in (left, right))
    for tag, i, to_i, j, to_j in SequenceMatcher(None, one, other).get_opcodes():
        if tag != "equal":
            yield from zip_longest(left[i:to_i], right[j:to_j])


def _measures(result: Result) -> tuple[str, ...]:
    """The values of `_MEASURES`."""
    counts = (result.steps, result.calls, result.tokens)
    steps, calls, tokens = ("?" if each is None else f"{each:,}" for each in counts)
    score = "?" if result.score is None else f"{result.score:.3g}"
    return score, steps, calls, tokens, dollars(result.cost_usd, "?"), f"{result.nodes:,}", f"{result.depth}"
