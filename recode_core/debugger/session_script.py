"""A session as a script for `recode debug --batch`, so that a debugging session becomes a regression test.

The script runs the same task again, makes the user's changes where the session has them, branch by branch,
and asserts where each branch ended. Replies of a policy that might answer differently, or that costs
something, are written into it, so it asks no model. Changes of prompts are left out, since the replies to
them are not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from recode_core.debugger.commands import (
    Assert,
    Command,
    EditCode,
    EditReply,
    GoTo,
    Observe,
    Regenerate,
    ReplaceAction,
    Retry,
    SetLimit,
    SetVariable,
    Skip,
    SwitchBranch,
)
from recode_core.debugger.edit_points import start_of
from recode_core.debugger.editor import WRITTEN_BY_USER
from recode_core.debugger.script_branches import diverged_branches, repeated_branches
from recode_core.debugger.script_cursor import ScriptCursor, left_out
from recode_core.debugger.script_heading import heading, limit_commands
from recode_core.errors import RecodeError
from recode_core.events import (
    ANNOTATIONS,
    ActionFinished,
    ActionReached,
    ActionReplaced,
    BranchStarted,
    EpisodeFinished,
    Event,
    ExpansionEdited,
    ExpansionReplied,
    ExpansionRequested,
    LimitRaised,
    LimitReached,
    PromptEdited,
    PromptsChanged,
    Regenerated,
    StatementFailed,
    StatementReached,
    StatementSkipped,
    VariableSet,
)
from recode_core.log import MAIN, Log, Record
from recode_core.policies.reply import ReplyRefused, parse_reply
from recode_core.session import Header
from recode_core.timeline import Stop, Timeline

_REPEATED_POLICY = "expert"  # it gives the same replies again, and needs no key
_TIMED = frozenset({"seconds", "size_mb"})
_PAID = frozenset({"calls", "tokens", "cost_usd", "episode_repairs"})  # they count replies of the policy
_OPENS_BLOCK = re.compile(r"<<\s*\w+\s*$")


def script_of(header: Header, log: Log) -> str:
    """The script of a session. Raises RecodeError for an imported run, whose actions are not recorded."""
    if header.imported:
        raise RecodeError(
            f"this session was imported from {header.imported}: it has no actions, so no script can repeat it"
        )
    return _Script(header, log).text()


class _Script:
    """A script under construction, with a cursor on the branch that it follows."""

    def __init__(self, header: Header, log: Log) -> None:
        self._header = header
        self._log = log
        self._lines: list[str] = []
        self._limits = tuple(limit_commands(header.settings))  # the first records of the script's run
        self._names: dict[str, str] = {}  # of the script's branches, by those of the session
        self._last_branch = MAIN
        self._are_replies_given = header.settings.policy != _REPEATED_POLICY
        self._left_out: set[int] = set()
        self._raised: list[SetLimit] = []  # limits that are raised after the next call
        self._cursor = ScriptCursor(Timeline())

    def text(self) -> str:
        """The whole script."""
        self._lines += heading(self._header, self._are_replies_given)
        for limit in self._limits:
            self._add(limit)
        diverged = diverged_branches(self._log)
        for name in repeated_branches(self._log):
            if name in diverged:
                self._say(f"left out: {name}, where the world differed from its recording")
            else:
                self._follow(name)
        if self._log.branch != self._last_branch and self._log.branch in self._names:
            self._add(SwitchBranch(self._names[self._log.branch]))
        return "\n".join(self._lines) + "\n"

    # branches

    def _follow(self, name: str) -> None:
        """Run a branch of the session to its end."""
        started, timeline = self._log.branches[name], Timeline(self._log.line(name), name)
        own = self._log.own(name)
        if started is None:
            self._names[name] = name
        else:
            self._lines.append("")
            self._say(f"{name}: {started.reason}")
            self._go_back(started)
        self._put_on(timeline)
        if started is not None:
            self._cursor.put(timeline.stop_at(started.at))
            self._leave(name, started, own)
        self._last_branch = name
        for record in own:
            self._repeat(record)
        self._move(timeline.stops[-1])
        self._add_raised()
        self._assert_end(timeline)

    def _go_back(self, started: BranchStarted) -> None:
        """Move to the stop at which a branch left its parent."""
        parent = Timeline(self._log.line(started.parent), started.parent)
        if self._last_branch != started.parent:
            self._add(SwitchBranch(self._names[started.parent]))
        self._put_on(parent, is_over=True)
        target = parent.stop_at(started.at)
        node = _node(target)
        self._add(GoTo(node or max(0, len(self._limits) - 1)))
        self._cursor.put(next(stop for stop in parent.stops if not node or _node(stop) == node))
        self._move(target)

    def _put_on(self, timeline: Timeline, is_over: bool = False) -> None:
        """Put the cursor on the start of a branch."""
        self._left_out = left_out(timeline, self._unreached_limits, self._are_replies_given)
        self._cursor = ScriptCursor(timeline, self._left_out, is_over)

    def _leave(self, name: str, started: BranchStarted, own: Sequence[Record]) -> None:
        """Start a branch: by its first event, if that is a command, or by one that changes nothing.

        Where the parent ends, the run just goes on, and the script has no such branch.
        """
        if not self._goes_on(started):
            self._names[name] = self._names[started.parent]
            return
        first = next((record for record in own if self._is_repeated(record)), None)
        stop = self._cursor.stop
        command = self._command(first.event, stop) if first is not None else None
        if command is None:
            command = self._no_change(stop)
            self._add(command)
        number = 1 + sum(known.rpartition("-")[0] == command.name() for known in self._names.values())
        self._names[name] = f"{command.name()}-{number}"

    def _goes_on(self, started: BranchStarted) -> bool:
        """Whether the script has run on after the place where a branch leaves its parent."""
        later = (record for record in self._log.line(started.parent) if record.n > started.at)
        return (
            any(map(self._is_repeated, later))
            or list(self._names.values()).count(self._names[started.parent]) > 1
        )

    def _is_repeated(self, record: Record) -> bool:
        """Whether the script has a command for a record, or comes to it, where the session has it."""
        is_later = isinstance(record.event, LimitRaised) and record.n in self._left_out
        return not is_later and not isinstance(record.event, ANNOTATIONS)

    def _no_change(self, stop: Stop) -> Retry | SetLimit:
        """A command that starts a branch at a stop and changes nothing."""
        is_before_node = stop.kind in ("statement", "model")
        if is_before_node and start_of(self._cursor.timeline, _node(stop), stop.n) == stop.n:
            return Retry(_node(stop))
        return SetLimit("size_mb", self._header.settings.limits.size_mb)

    # what the run does not come to by itself

    def _repeat(self, record: Record) -> None:
        event, before = record.event, self._cursor.timeline.stop_at(record.n - 1)
        if isinstance(event, PromptEdited | PromptsChanged):
            self._say(f"the prompt of {event.place.node} was changed here; its reply is the recorded one")
        elif isinstance(event, LimitReached):
            if event.name in self._unreached_limits and record.n not in self._left_out:
                self._move(before)
                self._add(SetLimit(event.name, 0))
        elif isinstance(event, LimitRaised) and record.n in self._left_out:
            self._raised.append(SetLimit(event.name, event.value))
        elif (command := self._command(event, before)) is not None:
            self._move(before)
            self._assert_at(before)
            self._add(command)
            self._cursor.put(self._cursor.timeline.next_stop(record.n))
            if self._cursor.stop.kind != "model":
                self._add_raised()

    def _command(self, event: Event, stop: Stop) -> Command | None:
        """The command for a change, and for a reply or an observation that is not asked for again."""
        match event:
            case ExpansionReplied(by=by) if by == "user" or self._are_replies_given:
                return _reply(event)
            case ActionFinished(by="user", observation=observation):
                return Observe(observation.text)
            case ExpansionEdited(node=node, code=code):
                return EditCode(node, code, from_here=self._is_in_loop(node, stop))
            case Regenerated(place=place, hint=hint, model=model, temperature=temperature):
                return Regenerate(place.node, hint, model, temperature)
            case StatementSkipped():
                return Skip()
            case VariableSet(name=name, expression=expression):
                opens_block = _OPENS_BLOCK.search(expression) is not None
                return SetVariable(name, f"({expression})" if opens_block else expression)
            case ActionReplaced(action=action):
                return ReplaceAction(action)
            case LimitRaised(name=name, value=value):
                return SetLimit(name, value)
        return None

    @property
    def _unreached_limits(self) -> frozenset[str]:
        """The limits that a run of the script does not reach by itself."""
        return _TIMED | _PAID if self._are_replies_given else _TIMED

    def _is_in_loop(self, node: str, stop: Stop) -> bool:
        """Whether a placeholder's expansion is inside a loop at a stop."""
        path = self._cursor.timeline.at(stop.n).path
        return any(inner.passes for outer, inner in pairwise(path) if outer.node == node)

    # text

    def _move(self, target: Stop) -> None:
        for command in self._cursor.moves(target):
            self._add(command)

    def _assert_at(self, stop: Stop) -> None:
        """Assert that the run is at a stop, by the event there."""
        if self._lines[-1].startswith(SetLimit.name()):
            return  # the event is that of the limit
        match self._cursor.timeline.event_of(stop):
            case StatementReached(place=place):
                self._assert(f"event.place[0] == {place.node!r}")
            case ExpansionRequested(statement=statement):
                self._assert(f"event.statement == {statement!r}")
            case ActionReached(action=action):
                self._assert(f"event.action == {action!r}")
            case StatementFailed(failure=failure):
                self._assert(f"event.failure['type'] == {failure.type!r}")

    def _assert_end(self, timeline: Timeline) -> None:
        """Assert where a branch ends, and what it came to."""
        end = timeline.end
        if isinstance(end.event, EpisodeFinished):
            self._assert(f"episode.outcome == {end.outcome!r}")
        else:
            self._assert_at(end.stop)
        self._assert(f"episode.score == {int(end.score) if end.score == int(end.score) else end.score!r}")
        self._assert(f"episode.steps == {end.steps}")

    def _assert(self, expression: str) -> None:
        self._add(Assert(expression))

    def _add_raised(self) -> None:
        """Raise the limits that the user raised before a call, after it: a reply goes back to before that."""
        for limit in self._raised:
            if limit.limit not in self._unreached_limits:
                self._add(limit)
        self._raised.clear()

    def _say(self, text: str) -> None:
        self._lines.append(f"# {' '.join(text.split())}")

    def _add(self, command: Command) -> None:
        line = command.format()
        if "\n" in line.text:
            raise RecodeError(f"a command of this session has several lines, a script cannot: {line.text!r}")
        if line.block is None:
            self._lines.append(line.text)
            return
        text = line.block.split("\n")
        end = "END"
        while end in map(str.strip, text):
            end += "_"
        self._lines += [f"{line.text} <<{end}", *text, end]


def _reply(event: ExpansionReplied) -> EditCode | EditReply:
    """A reply as a command. What was incomplete, and therefore refused, is given as an empty reply."""
    if event.finish != "stop":
        return EditReply(event.node, "")
    try:
        parsed = parse_reply(event.text)
    except ReplyRefused:
        return EditReply(event.node, event.text)
    if parsed.thought == WRITTEN_BY_USER and event.text == str(parsed):
        return EditCode(event.node, parsed.code)
    return EditReply(event.node, event.text)


def _node(stop: Stop) -> str:
    return stop.place.node if stop.place is not None else ""
