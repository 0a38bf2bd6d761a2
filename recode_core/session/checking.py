"""Validation of the order of records: each one needs certain records before it on its branch.

All code that processes a log relies on this. Single values (numbers, names, types) are validated when they
are decoded, by the types of the events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from recode_core import events
from recode_core.errors import RecodeError
from recode_core.executor.limits import checked_limit
from recode_core.log import MAIN, Record
from recode_core.timeline.nodes import base_of, is_node_id, parent_of

_LONGEST_ID = 50_000  # characters: a chain of thousands of levels is shorter
_MOST_IDS = 20_000_000  # characters of the ids of one expansion's statements
_ASKED, _ANSWERED, _EXPANDED, _CONTROL = "?", "!", "=", "~"


class InvalidRecord(NamedTuple):
    """The index of a record that is not valid after those before it, and why."""

    record: int
    why: str


def first_invalid_record(records: Iterable[Record]) -> InvalidRecord | None:
    """The first record of a session that is not valid after those before it, if any."""
    return RecordChecker().first_invalid(records)


@dataclass(slots=True, eq=False)
class _Line:
    """A branch, which was started in record `start` and forked from its parent after record `at`.

    `since` maps each known key to the record that added it. Keys are node ids and, with a prefix,
    placeholders that were requested, replied to and expanded, and control-flow statements.
    """

    start: int = -1
    parent: _Line | None = None
    at: int = -1
    since: dict[str, int] = field(default_factory=dict)


class RecordChecker:
    """Checks the records of a session in order. It has the known keys of each branch after those so far."""

    def __init__(self) -> None:
        self.lines = {MAIN: _Line()}
        self._branch = MAIN
        self._next = 0
        self._anywhere: set[str] = set()
        self._texts: set[str] = set()

    def first_invalid(self, records: Iterable[Record]) -> InvalidRecord | None:
        """The first of the next records that is not valid after those before it, if any.

        After an invalid one no further records are checked.
        """
        branch, line = self._branch, self.lines[self._branch]
        number = self._next - 1
        for number, record in enumerate(records, self._next):
            event = record.event
            rule = _RULES.get(type(event))
            if record.n != number:
                return InvalidRecord(number, f"expected record {number}, found {record.n}")
            if record.branch != branch:
                branch = record.branch
                if isinstance(event, events.BranchStarted) and (why := self.start(number, branch, event)):
                    return InvalidRecord(number, why)
                if (its := self.lines.get(branch)) is None:
                    return InvalidRecord(number, f"it is of the branch {branch!r}, which never started")
                line = its
            if rule is not None and (why := rule(self, line, number, event)):
                return InvalidRecord(number, why)
        self._branch, self._next = branch, number + 1
        return None

    def start(self, number: int, name: str, event: events.BranchStarted) -> str:
        """Add a new branch. Returns an error message, or an empty string."""
        parent = self.lines.get(event.parent)
        if name in self.lines:
            return ""  # `_start` says so
        if parent is None:
            return f"branch {name!r} forks from {event.parent!r}, which was never started"
        if event.at >= number:
            return f"branch {name!r} forks after record {event.at}, which comes later"
        self.lines[name] = _Line(number, parent, event.at)
        return ""

    def _is_known(self, line: _Line, key: str) -> bool:
        """Whether a key is known on a branch. Keys found on a parent are cached on the branch."""
        if key in line.since:
            return True
        if key not in self._anywhere:
            return False
        passed, up_to, above = [line], line.at, line.parent
        while above is not None:
            since = above.since.get(key)
            if since is not None:
                if since > up_to:
                    return False
                for each in passed:
                    each.since[key] = since
                return True
            passed.append(above)
            up_to, above = min(up_to, above.at), above.parent
        return False

    def _learn(self, line: _Line, number: int, key: str) -> None:
        if not self._is_known(line, key):
            line.since[key] = number
            self._anywhere.add(key)

    def _start(self, line: _Line, number: int, event: events.BranchStarted) -> str:
        return "" if line.start == number else "its branch starts a second time"

    def _place(self, line: _Line, number: int, event: Any) -> str:
        """A statement is reached: a known one, or a placeholder inside the control flow of a known one."""
        return "" if event.place.node in line.since else self._come(line, number, event.place.node)

    def _come(self, line: _Line, number: int, node: str) -> str:
        if self._is_known(line, node):
            return ""
        if why := _no_id(node):
            return why
        above, step = parent_of(node), node.rpartition(".")[0]
        if above and not (self._is_known(line, above) and self._has_placeholders(line, above, step)):
            return f"unknown statement {_short(node)}"
        self._learn(line, number, node)
        return ""

    def _has_placeholders(self, line: _Line, node: str, step: str) -> bool:
        """Whether placeholders come up inside a statement: in a pass of a loop, or in another block."""
        return "#" in step[len(node) :] or self._is_known(line, _CONTROL + node)

    def _at(self, line: _Line, number: int, event: Any) -> str:
        """An event at a statement that was reached before."""
        return self._need(line, event.place.node)

    def _need(self, line: _Line, node: str, sign: str = "") -> str:
        if self._is_known(line, sign + node):
            return ""
        return f"no {_NAMES[sign]} {_short(node)}"

    def _request(self, line: _Line, number: int, event: events.ExpansionRequested) -> str:
        why = self._place(line, number, event) or self._stored(event.messages)
        self._learn(line, number, _ASKED + event.place.node)
        return why

    def _reword(self, line: _Line, number: int, event: events.PromptEdited) -> str:
        return self._need(line, event.place.node, _ASKED) or self._stored(event.messages)

    def _prompts(self, line: _Line, number: int, event: events.PromptsChanged) -> str:
        return self._need(line, event.place.node, _ASKED) or self._stored([event.system])

    def _stored(self, messages: Sequence[events.MessageRef]) -> str:
        lost = next((ref.text for ref in messages if ref.text not in self._texts), None)
        return "" if lost is None else f"no stored text with hash {_short(lost)}"

    def _reply(self, line: _Line, number: int, event: events.ExpansionReplied) -> str:
        self._learn(line, number, _ANSWERED + event.node)
        return self._need(line, event.node, _ASKED)

    def _accept(self, line: _Line, number: int, event: events.ExpansionAccepted) -> str:
        why = self._need(line, event.node, _ANSWERED)
        self._learn(line, number, _EXPANDED + event.node)
        return why or self._add_statements(line, number, event)

    def _edit(self, line: _Line, number: int, event: events.ExpansionEdited) -> str:
        nodes = [place.node for place in event.path]
        why = self._need(line, event.node, _EXPANDED) or self._add_statements(line, number, event)
        if not why and event.node not in nodes:
            why = f"the edited node {_short(event.node)} is not in the path"
        return why or next(filter(None, (self._come(line, number, node) for node in nodes)), "")

    def _add_statements(
        self, line: _Line, number: int, event: events.ExpansionAccepted | events.ExpansionEdited
    ) -> str:
        base = base_of(event)
        if len(base) * len(event.children) > _MOST_IDS:
            return f"too many statements below {_short(event.node)}: {len(event.children)}"
        since, anywhere = line.since, self._anywhere
        for index, child in enumerate(event.children):
            key = f"{base}{index}"
            if child.kind == "control":
                self._learn(line, number, _CONTROL + key)
            if key not in anywhere:
                since[key] = number
                anywhere.add(key)
            else:
                self._learn(line, number, key)
        return _outside(event.code, event.children)

    def _act(self, line: _Line, number: int, event: object) -> str:
        """An event at the running statement."""
        return "" if "0" in line.since else self._need(line, "0")

    def _call(self, line: _Line, number: int, event: events.ExpansionRefused | events.CallFailed) -> str:
        return self._need(line, event.node, _ASKED)

    def _limit(self, line: _Line, number: int, event: events.LimitReached | events.LimitRaised) -> str:
        try:
            checked_limit(event.name, event.value if isinstance(event, events.LimitRaised) else 1)
        except RecodeError as error:
            return str(error)
        return ""

    def _store(self, line: _Line, number: int, event: events.TextStored) -> str:
        self._texts.add(event.hash)
        return ""


_NAMES = {"": "statement", _ASKED: "request for", _ANSWERED: "reply for", _EXPANDED: "expansion of"}

_RULES: dict[type, Callable[[RecordChecker, _Line, int, Any], str]] = {
    events.BranchStarted: RecordChecker._start,
    events.StatementReached: RecordChecker._place,
    events.StatementFinished: RecordChecker._place,
    events.StatementFailed: RecordChecker._place,
    events.StatementSkipped: RecordChecker._place,
    events.ActionReached: RecordChecker._place,
    events.Printed: RecordChecker._at,
    events.ConditionEvaluated: RecordChecker._at,
    events.PassStarted: RecordChecker._at,
    events.Regenerated: RecordChecker._at,
    events.ExpansionRequested: RecordChecker._request,
    events.PromptEdited: RecordChecker._reword,
    events.PromptsChanged: RecordChecker._prompts,
    events.ExpansionReplied: RecordChecker._reply,
    events.ExpansionRefused: RecordChecker._call,
    events.CallFailed: RecordChecker._call,
    events.ExpansionAccepted: RecordChecker._accept,
    events.ExpansionEdited: RecordChecker._edit,
    events.ActionFinished: RecordChecker._act,
    events.ActionReplaced: RecordChecker._act,
    events.VariableSet: RecordChecker._act,
    events.LimitReached: RecordChecker._limit,
    events.LimitRaised: RecordChecker._limit,
    events.TextStored: RecordChecker._store,
}


def _no_id(node: str) -> str:
    if len(node) > _LONGEST_ID:
        return f"a node id has {len(node)} characters, more than {_LONGEST_ID}"
    return "" if is_node_id(node) else f"{_short(node)} is not a node id"


def _outside(code: str, statements: Sequence[events.Child]) -> str:
    """An error for the first statement that overlaps the previous one, or is outside of the code."""
    lengths = [len(line) for line in code.split("\n")]
    end_line, end_column = 1, 0
    for index, statement in enumerate(statements):
        span = statement.span
        is_after = span.line > end_line or (span.line == end_line and span.column >= end_column)
        end_line, end_column = span.end_line, span.end_column
        is_forward = end_line > span.line or (end_line == span.line and end_column >= span.column)
        if not (is_after and is_forward and end_line <= len(lengths) and end_column <= lengths[end_line - 1]):
            return f"statement {index} is outside of its place in the code"
    return ""


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:40]}…{text[-19:]}")
