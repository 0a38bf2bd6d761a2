"""The debugger: every command of a user, as a method that a screen, a script and a test share."""

from __future__ import annotations

import keyword
from itertools import pairwise

import msgspec

from recode_core.debugger import breakpoints, conditions, edits
from recode_core.debugger.edits import (
    accepted_program,
    begun,
    expansion_on,
    names_at,
    request_on,
    start_of,
    touched,
)
from recode_core.debugger.worldly import Worldly
from recode_core.errors import RecodeError
from recode_core.events import (
    BreakpointDeleted,
    BreakpointSet,
    NoteSet,
    Place,
    WatchSet,
)
from recode_core.executor import Run, changes
from recode_core.executor.limits import checked
from recode_core.policies.policy import check_temperature
from recode_core.policies.prompts import Prompts, system_text
from recode_core.policies.reply import ParsedReply
from recode_core.statements.names import PRIVATE, TOOLS
from recode_core.statements.source import Source
from recode_core.timeline import Moment, Stop
from recode_core.values import Message, Variable


class Debugger(Worldly):
    """A session under a user's hands."""

    _watched: tuple[object, dict[str, str | RecodeError]] | None = None

    # changes

    def edit(self, node: str, text: str, from_here: bool = False) -> Stop:
        """Replace the code of an expansion, or one statement.

        The run then stops before the first changed statement that had begun. Raises RuleBroken with the
        place of the fault, RecodeError where there is nothing to change.
        """
        stop = self.stop
        if stop.kind == "model" and stop.place is not None and stop.place.node == node:
            self.executor.run.agent.parse(text, names_at(self.timeline, stop.n))
            reply = str(ParsedReply("Written by the user.", text))
            return self.act(
                stop.n, "edit", f"{node} was written by hand", lambda run: changes.reply(run, reply)
            )
        node, text = self._whole(node, text)
        expansion = expansion_on(self.timeline, node, stop.n)
        names = names_at(self.timeline, expansion.accepted)
        new = self.executor.run.agent.parse(text, names)
        changed = touched(accepted_program(expansion.text, names).block, new.block)
        if not changed:
            raise RecodeError(f"the code of {node} is the same as before")
        here = self._place_in(node) if from_here else None
        target = begun(self.timeline, expansion.accepted, expansion.base, changed, stop.n, here)
        if target is None and (stop.kind == "end" or not self._is_open(node)):
            over = "the run" if stop.kind == "end" else "its expansion"
            raise RecodeError(f"what differs in {node} has not run, and won't: {over} is over")
        at = stop.n if target is None else target
        return self.act(
            at, "edit", f"the code of {node} was edited", lambda run: changes.edit(run, node, text)
        )

    def prompt(self, node: str, messages: tuple[Message, ...]) -> Stop:
        """Replace the exact messages of the next call for a placeholder, or of its last one."""
        at = self._request_of(node)
        return self.act(
            at, "prompt", f"the prompt of {node} was edited", lambda run: changes.edit_prompt(run, messages)
        )

    def reply(self, node: str, text: str) -> Stop:
        """Replace the raw reply to the last call for a placeholder."""
        at = self._request_of(node)
        return self.act(at, "reply", f"the reply for {node} was edited", lambda run: changes.reply(run, text))

    def regenerate(
        self, node: str, hint: str = "", model: str = "", temperature: float | None = None
    ) -> Stop:
        """Ask for a placeholder anew. The call is made by the next move."""
        check_temperature(temperature)
        at = self._request_of(node)
        reason = f"{node} was regenerated" + (f" with the hint {hint!r}" if hint else "")
        return self.act(
            at, "regenerate", reason, lambda run: changes.regenerate(run, hint, model, temperature)
        )

    def change_prompts(self, node: str, prompts: Prompts, only: bool = False) -> Stop:
        """Ask for a placeholder with another set of prompts, and for all that follows unless `only`.

        The set is that for the task's kind. The call is made by the next move.
        """
        at = self._request_of(node)
        system = system_text(prompts)
        where = "for" if only else "from"
        reason = f"the prompts {prompts.name} ({prompts.digest}) {where} {node}"
        return self.act(
            at, "prompts", reason, lambda run: changes.set_prompts(run, prompts.name, system, only)
        )

    def skip(self) -> Stop:
        """Leave out the statement or placeholder at the cursor, and stop after it."""
        self._needs("statement", "model", "action", "failure")
        return self.act(self.cursor, "skip", f"{self._node()} was skipped", changes.skip)

    def retry(self, node: str = "") -> Stop:
        """Run a node again from its start; what was set there before it ran stays set."""
        node = node or self._node()
        return self.act(start_of(self.timeline, node, self.cursor), "retry", f"{node} is run again", _nothing)

    def set(self, name: str, expression: str) -> Stop:
        """Give a variable the value of an expression."""
        if not name.isidentifier() or keyword.iskeyword(name) or name in TOOLS or name.startswith(PRIVATE):
            raise RecodeError(f"{name!r} can't be the name of a variable")
        self._needs("statement", "model", "action", "failure", "limit")
        self.interpreter_at(self.stop).evaluate(expression)
        reason = f"{name} was set to {expression}"
        return self.act(self.cursor, "set", reason, lambda run: changes.set_variable(run, name, expression))

    def action(self, text: str) -> Stop:
        """Take another action in place of the one at the cursor."""
        self._needs("action")
        return self.act(
            self.cursor, "action", f"{text!r} instead", lambda run: changes.replace_action(run, text)
        )

    def observe(self, text: str) -> Stop:
        """Answer the action at the cursor by hand."""
        self._needs("action")
        return self.act(self.cursor, "observe", "answered by hand", lambda run: changes.observe(run, text))

    def limit(self, name: str, value: float | None) -> Stop:
        """Give a limit another value; None takes it away."""
        whole = checked(name, value)
        reason = f"the limit of {name} is {whole}"
        return self.act(self.cursor, "limit", reason, lambda run: changes.raise_limit(run, name, whole))

    # marks

    def add_breakpoint(
        self,
        kind: str,
        pattern: str = "",
        condition: str = "",
        after: int = 0,
        log: bool = False,
        once: bool = False,
    ) -> BreakpointSet:
        """Set a breakpoint. Raises RecodeError where kind, pattern or condition don't fit."""
        breakpoints.check(kind, pattern)
        if condition:
            conditions.parse_condition(condition)
        text = self._text_of_line(pattern) if kind == "line" else ""
        number = max(self.marks.breakpoints, default=0) + 1
        point = BreakpointSet(number, kind, pattern, condition, after, log, once, text=text)
        self.mark(self.marks.after(point))
        return point

    def enable(self, number: int, on: bool = True) -> None:
        """Enable or disable a breakpoint."""
        self.mark(self.marks.after(msgspec.structs.replace(self._breakpoint(number), enabled=on)))

    def delete(self, number: int) -> None:
        """Delete a breakpoint."""
        self.mark(self.marks.after(BreakpointDeleted(self._breakpoint(number).id)))

    def watch(self, expression: str) -> None:
        """Watch an expression, or no longer when it is watched already."""
        conditions.parse_condition(expression)
        self.mark(self.marks.after(WatchSet(expression, on=expression not in self.marks.watches)))

    def note(self, node: str, text: str) -> None:
        """Leave a note at a node; an empty text takes it away. Raises RecodeError for an unknown node."""
        if text and node != "0" and not self.timeline.end.has_node(node):
            raise RecodeError(f"there is no node {node!r} on {self.branch}; where and show name nodes")
        if not text and node not in self.marks.notes:
            raise RecodeError(f"there is no note at {node!r}; write one after the node")
        self.mark(self.marks.after(NoteSet(node, text)))

    # looking

    def evaluate(self, expression: str) -> str:
        """The value of an expression at the cursor, as its `repr`; on a copy. Raises EvaluationFailed."""
        event = self.timeline.event_of(self.stop)
        facts = self.moment.facts()
        return conditions.evaluate(expression, self.interpreter_at(self.stop), event, facts)

    def watched(self) -> dict[str, str | RecodeError]:
        """The value of every watched expression at the cursor, or why it has none.

        Each is evaluated once at a stop, however often it is asked for.
        """
        at = (self.branch, self.cursor, len(self.log), self.marks.watches)
        if self._watched is None or self._watched[0] != at:
            values = {expression: self._value_of(expression) for expression in self.marks.watches}
            if self.is_pausing:  # they may have been broken off
                return values
            self._watched = at, values
        return self._watched[1]

    def variables(self) -> dict[str, Variable]:
        """The variables at the cursor, as the log shows them."""
        return self.moment.variables()

    def messages(self, node: str) -> tuple[Message, ...]:
        """The messages of the last request for a placeholder, as they were or will be sent."""
        self._request_of(node)
        request = self.timeline.expansions.request_at(node, self.cursor)
        return tuple(self.log.load(ref) for ref in request.messages) if request is not None else ()

    @property
    def moment(self) -> Moment:
        """What is so at the cursor."""
        return self.timeline.at(self.cursor)

    def where(self) -> tuple[Place, ...]:
        """The current statement of each open expansion at the cursor, outermost first."""
        return self.moment.path

    # inside

    def _value_of(self, expression: str) -> str | RecodeError:
        try:
            return self.evaluate(expression)
        except RecodeError as error:
            return error

    def _node(self) -> str:
        place = self.stop.place
        if place is None:
            raise RecodeError("nothing has been reached yet; step first")
        return place.node

    def _needs(self, *kinds: str) -> None:
        if self.stop.kind not in kinds:
            raise RecodeError(
                f"this works at a stop of kind {' or '.join(kinds)}; here the run is at: {self.stop.kind}"
            )

    def _request_of(self, node: str) -> int:
        return request_on(self.timeline, node, self.cursor)

    def _place_in(self, node: str) -> Place | None:
        """Where the run stands in an open expansion."""
        path = self.where()
        return next((inner for outer, inner in pairwise(path) if outer.node == node), None)

    def _is_open(self, node: str) -> bool:
        return any(place.node == node for place in self.where()[:-1])

    def _whole(self, node: str, text: str) -> tuple[str, str]:
        """An edit of one statement, as the edit of the expansion that holds it."""
        known = self.moment.node(node)
        if known is None:
            raise RecodeError(f"there is no node {node!r} here")
        if known.attempt:
            return node, text
        if known.status == "superseded":
            raise RecodeError(f"{node} is of an expansion that was replaced: go back to it to edit it")
        call = self.timeline.tree.call_of(node)
        if not call:
            raise RecodeError(f"{node} is the agent's own loop, not to be edited: edit one of its turns")
        source = Source(expansion_on(self.timeline, call, self.cursor).text)
        before, after = source.around(known.span)
        return call, f"{before}{text.strip()}{after}"

    def _breakpoint(self, number: int) -> BreakpointSet:
        if number not in self.marks.breakpoints:
            raise RecodeError(f"there is no breakpoint {number}")
        return self.marks.breakpoints[number]

    def _text_of_line(self, pattern: str) -> str:
        """The statement that a line breakpoint is bound to."""
        node, _, number = pattern.rpartition(":")
        if not node or not number.isdigit():
            raise RecodeError(f"a breakpoint on a line takes NODE:LINE, not {pattern!r}")
        code = expansion_on(self.timeline, node, self.end).text
        text = edits.statement_on_line(code, int(number), names_at(self.timeline, self.cursor))
        if text is None:
            raise RecodeError(f"no statement begins on line {number} of {node}")
        return text


def _nothing(run: Run) -> None:
    del run
