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
from recode_core.debugger.rests import Rest
from recode_core.debugger.variables import variables_at
from recode_core.debugger.worldly import Worldly
from recode_core.errors import RecodeError
from recode_core.events import (
    BreakpointDeleted,
    BreakpointSet,
    ExpansionRequested,
    MessageRef,
    NoteSet,
    Place,
    PromptEdited,
    WatchSet,
)
from recode_core.executor import Run, changes
from recode_core.executor.limits import checked
from recode_core.policies.policy import check_temperature
from recode_core.policies.prompts import Prompts, system_text
from recode_core.policies.reply import ParsedReply
from recode_core.statements.names import PRIVATE, TOOLS
from recode_core.statements.source import Source
from recode_core.tree import Tree, base_of
from recode_core.values import Message, Variable


class Debugger(Worldly):
    """A session under a user's hands."""

    _watched: tuple[object, dict[str, str | RecodeError]] | None = None

    # changes

    def edit(self, node: str, text: str, from_here: bool = False) -> Rest:
        """Replace the code of an expansion, or one statement.

        The run then rests before the first changed statement that had begun. Raises RuleBroken with the
        place of the fault, RecodeError where there is nothing to change.
        """
        rest = self.rest
        if rest.kind == "model" and rest.place is not None and rest.place.node == node:
            self.executor.run.agent.parse(text, names_at(self.line, rest.n))
            reply = str(ParsedReply("Written by the user.", text))
            return self.act(
                rest.n, "edit", f"{node} was written by hand", lambda run: changes.reply(run, reply)
            )
        node, text = self._whole(node, text)
        accepted, expansion = expansion_on(self.line, node, rest.n)
        names = names_at(self.line, accepted)
        new = self.executor.run.agent.parse(text, names)
        changed = touched(accepted_program(expansion.code, names).block, new.block)
        if not changed:
            raise RecodeError(f"the code of {node} is the same as before")
        here = self._place_in(node) if from_here else None
        target = begun(self.line, accepted, base_of(expansion), changed, rest.n, here)
        if target is None and (rest.kind == "end" or not self._is_open(node)):
            over = "the run" if rest.kind == "end" else "its expansion"
            raise RecodeError(f"what differs in {node} has not run, and won't: {over} is over")
        at = rest.n if target is None else target
        return self.act(
            at, "edit", f"the code of {node} was edited", lambda run: changes.edit(run, node, text)
        )

    def prompt(self, node: str, messages: tuple[Message, ...]) -> Rest:
        """Replace the exact messages of the next call for a placeholder, or of its last one."""
        at = self._request_of(node)
        return self.act(
            at, "prompt", f"the prompt of {node} was edited", lambda run: changes.edit_prompt(run, messages)
        )

    def reply(self, node: str, text: str) -> Rest:
        """Replace the raw reply to the last call for a placeholder."""
        at = self._request_of(node)
        return self.act(at, "reply", f"the reply for {node} was edited", lambda run: changes.reply(run, text))

    def regenerate(
        self, node: str, hint: str = "", model: str = "", temperature: float | None = None
    ) -> Rest:
        """Ask for a placeholder anew. The call is made by the next move."""
        check_temperature(temperature)
        at = self._request_of(node)
        reason = f"{node} was regenerated" + (f" with the hint {hint!r}" if hint else "")
        return self.act(
            at, "regenerate", reason, lambda run: changes.regenerate(run, hint, model, temperature)
        )

    def change_prompts(self, node: str, prompts: Prompts, only: bool = False) -> Rest:
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

    def skip(self) -> Rest:
        """Leave out the statement or placeholder at the cursor, and rest after it."""
        self._needs("statement", "model", "action", "failure")
        return self.act(self.cursor, "skip", f"{self._node()} was skipped", changes.skip)

    def retry(self, node: str = "") -> Rest:
        """Run a node again from its start; what was set there before it ran stays set."""
        node = node or self._node()
        return self.act(start_of(self.line, node, self.cursor), "retry", f"{node} is run again", _nothing)

    def set(self, name: str, expression: str) -> Rest:
        """Give a variable the value of an expression."""
        if not name.isidentifier() or keyword.iskeyword(name) or name in TOOLS or name.startswith(PRIVATE):
            raise RecodeError(f"{name!r} can't be the name of a variable")
        self._needs("statement", "model", "action", "failure", "limit")
        self.interpreter_at(self.rest).evaluate(expression)
        reason = f"{name} was set to {expression}"
        return self.act(self.cursor, "set", reason, lambda run: changes.set_variable(run, name, expression))

    def action(self, text: str) -> Rest:
        """Take another action in place of the one at the cursor."""
        self._needs("action")
        return self.act(
            self.cursor, "action", f"{text!r} instead", lambda run: changes.replace_action(run, text)
        )

    def observe(self, text: str) -> Rest:
        """Answer the action at the cursor by hand."""
        self._needs("action")
        return self.act(self.cursor, "observe", "answered by hand", lambda run: changes.observe(run, text))

    def limit(self, name: str, value: float | None) -> Rest:
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
        if text and node not in {"0", *self.line.tree.nodes}:
            raise RecodeError(f"there is no node {node!r} on {self.branch}; where and show name nodes")
        if not text and node not in self.marks.notes:
            raise RecodeError(f"there is no note at {node!r}; write one after the node")
        self.mark(self.marks.after(NoteSet(node, text)))

    # looking

    def evaluate(self, expression: str) -> str:
        """The value of an expression at the cursor, as its `repr`; on a copy. Raises EvaluationFailed."""
        event = self.line.event_of(self.rest)
        facts = conditions.episode_facts(self.line.known_at(self.cursor))
        return conditions.evaluate(expression, self.interpreter_at(self.rest), event, facts)

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
        return variables_at(self.line, self.cursor)

    def messages(self, node: str) -> tuple[Message, ...]:
        """The messages of the last request for a placeholder, as they were or will be sent."""
        at = self._request_of(node)
        sent: tuple[MessageRef, ...] = ()
        for record in self.line.up_to(self.cursor):
            event = record.event
            if (
                record.n >= at
                and isinstance(event, ExpansionRequested | PromptEdited)
                and event.place.node == node
            ):
                sent = event.messages
        return tuple(self.log.load(ref) for ref in sent)

    def tree(self) -> Tree:
        """The tree at the cursor."""
        return Tree(self.line.known_at(self.cursor))

    def where(self) -> tuple[Place, ...]:
        """The current statement of each open expansion at the cursor, outermost first."""
        return self.tree().path

    # inside

    def _value_of(self, expression: str) -> str | RecodeError:
        try:
            return self.evaluate(expression)
        except RecodeError as error:
            return error

    def _node(self) -> str:
        place = self.rest.place
        if place is None:
            raise RecodeError("nothing has been reached yet; step first")
        return place.node

    def _needs(self, *kinds: str) -> None:
        if self.rest.kind not in kinds:
            raise RecodeError(
                f"this works at a stop of kind {' or '.join(kinds)}; here the run is at: {self.rest.kind}"
            )

    def _request_of(self, node: str) -> int:
        return request_on(self.line, node, self.cursor)

    def _place_in(self, node: str) -> Place | None:
        """Where the run stands in an open expansion."""
        path = self.where()
        return next((inner for outer, inner in pairwise(path) if outer.node == node), None)

    def _is_open(self, node: str) -> bool:
        return any(place.node == node for place in self.where()[:-1])

    def _whole(self, node: str, text: str) -> tuple[str, str]:
        """An edit of one statement, as the edit of the expansion that holds it."""
        tree = self.tree()
        known = tree.nodes.get(node)
        if known is None:
            raise RecodeError(f"there is no node {node!r} here")
        if known.attempt:
            return node, text
        if known.status == "superseded":
            raise RecodeError(f"{node} is of an expansion that was replaced: go back to it to edit it")
        call = tree.call_of(node)
        if not call:
            raise RecodeError(f"{node} is the agent's own loop, not to be edited: edit one of its turns")
        _, expansion = expansion_on(self.line, call, self.cursor)
        source = Source(expansion.code)
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
        _, expansion = expansion_on(self.line, node, self.end)
        text = edits.statement_on_line(expansion, int(number), names_at(self.line, self.cursor))
        if text is None:
            raise RecodeError(f"no statement begins on line {number} of {node}")
        return text


def _nothing(run: Run) -> None:
    del run
