"""Changing a run: its code, prompts and replies, its variables, actions and limits.

Each change first restores the run to the stop before the changed part. If records follow that stop, the
change starts a new branch.
"""

from __future__ import annotations

import keyword
from itertools import pairwise

from recode_core.debugger.edit_points import (
    accepted_program,
    changed_positions,
    expansion_on,
    first_executed,
    names_at,
    request_on,
    start_of,
)
from recode_core.debugger.moves import Moves
from recode_core.debugger.node_names import node_error
from recode_core.debugger.parts import DebuggerParts
from recode_core.errors import RecodeError
from recode_core.events import Place
from recode_core.executor import Executor
from recode_core.executor.limits import checked_limit
from recode_core.policies.policy import check_temperature
from recode_core.policies.prompts import Prompts, system_text
from recode_core.policies.reply import ParsedReply
from recode_core.source import Source
from recode_core.statements.names import PRIVATE, TOOLS
from recode_core.timeline import Stop
from recode_core.values import Message

WRITTEN_BY_USER = "Written by the user."
"""The thought of an expansion that a user wrote."""


class Editor:
    """The changes that a user can make to a run. Each returns the stop after the change."""

    def __init__(self, parts: DebuggerParts, moves: Moves) -> None:
        self._parts = parts
        self._act = moves.act

    def edit(self, node: str, text: str, from_here: bool = False) -> Stop:
        """Replace the code of an expansion, or one statement.

        The run then stops before the first changed statement that had been executed. Raises RuleBroken with
        the position of the error, RecodeError if the edit has no effect.
        """
        parts, stop = self._parts, self._parts.stop
        parse = parts.live_run().run.agent.parse
        if stop.kind == "model" and stop.place is not None and stop.place.node == node:
            parse(text, names_at(parts.timeline, stop.n))
            reply = str(ParsedReply(WRITTEN_BY_USER, text))
            return self._act(
                stop.n, "edit", f"{node} was written by hand", lambda executor: executor.changes.reply(reply)
            )
        node, text = self._whole(node, text)
        expansion = expansion_on(parts.timeline, node, stop.n)
        names = names_at(parts.timeline, expansion.accepted)
        new = parse(text, names)
        changed = changed_positions(accepted_program(expansion.text, names).block, new.block)
        if not changed:
            raise RecodeError(f"the code of {node} is the same as before")
        here = self._place_in(node) if from_here else None
        target = first_executed(parts.timeline, expansion.accepted, expansion.base, changed, stop.n, here)
        if target is None and (stop.kind == "end" or not self._is_open(node)):
            over = "the run" if stop.kind == "end" else "its expansion"
            raise RecodeError(
                f"the edit of {node} has no effect: {over} has ended without running the change"
            )
        at = stop.n if target is None else target
        return self._act(
            at, "edit", f"the code of {node} was edited", lambda executor: executor.changes.edit(node, text)
        )

    def prompt(self, node: str, messages: tuple[Message, ...]) -> Stop:
        """Replace the messages of the next call for a placeholder, or of its last one."""
        at = self._request_of(node)
        return self._act(
            at,
            "prompt",
            f"the prompt of {node} was edited",
            lambda executor: executor.changes.edit_prompt(messages),
        )

    def reply(self, node: str, text: str) -> Stop:
        """Replace the raw reply to the last call for a placeholder."""
        at = self._request_of(node)
        return self._act(
            at, "reply", f"the reply for {node} was edited", lambda executor: executor.changes.reply(text)
        )

    def regenerate(
        self, node: str, hint: str = "", model: str = "", temperature: float | None = None
    ) -> Stop:
        """Request another expansion of a placeholder. The next move makes the call."""
        check_temperature(temperature)
        at = self._request_of(node)
        reason = f"{node} was regenerated" + (f" with the hint {hint!r}" if hint else "")
        return self._act(
            at, "regenerate", reason, lambda executor: executor.changes.regenerate(hint, model, temperature)
        )

    def change_prompts(self, node: str, prompts: Prompts, only: bool = False) -> Stop:
        """Use another prompt set for a placeholder, and for all later requests unless `only` is set.

        `prompts` is the set for the kind of the task. The next move makes the call.
        """
        at = self._request_of(node)
        system = system_text(prompts)
        where = "for" if only else "from"
        reason = f"the prompts {prompts.name} ({prompts.digest}) {where} {node}"
        return self._act(
            at, "prompts", reason, lambda executor: executor.changes.set_prompts(prompts.name, system, only)
        )

    def skip(self) -> Stop:
        """Skip the statement or placeholder at the cursor, and stop after it."""
        self._require_stop("skip", "statement", "model", "action", "failure")
        return self._act(self._parts.cursor, "skip", f"{self._parts.node_here()} was skipped", _skip)

    def retry(self, node: str = "") -> Stop:
        """Run a node again from its start. Variables that were set there before it ran stay set."""
        node = node or self._parts.node_here()
        at = start_of(self._parts.timeline, node, self._parts.cursor)
        return self._act(at, "retry", f"{node} is run again", _change_nothing)

    def set(self, name: str, expression: str) -> Stop:
        """Give a variable the value of an expression."""
        if not name.isidentifier() or keyword.iskeyword(name) or name in TOOLS or name.startswith(PRIVATE):
            raise RecodeError(f"{name!r} is not a valid variable name")
        self._require_stop("set", "statement", "model", "action", "failure", "limit")
        self._parts.sandbox_at(self._parts.stop).evaluate(expression)
        reason = f"{name} was set to {expression}"
        return self._act(
            self._parts.cursor,
            "set",
            reason,
            lambda executor: executor.changes.set_variable(name, expression),
        )

    def action(self, text: str) -> Stop:
        """Replace the action at the cursor."""
        self._require_stop("action", "action")
        return self._act(
            self._parts.cursor,
            "action",
            f"{text!r} instead",
            lambda executor: executor.changes.replace_action(text),
        )

    def observe(self, text: str) -> Stop:
        """Enter the observation for the action at the cursor by hand."""
        self._require_stop("observe", "action")
        return self._act(
            self._parts.cursor, "observe", "answered by hand", lambda executor: executor.changes.observe(text)
        )

    def limit(self, name: str, value: float | None) -> Stop:
        """Set a limit to another value; None removes it."""
        whole = checked_limit(name, value)
        reason = f"the limit of {name} is {whole}"
        return self._act(
            self._parts.cursor, "limit", reason, lambda executor: executor.changes.raise_limit(name, whole)
        )

    def _require_stop(self, command: str, *kinds: str) -> None:
        kind = self._parts.stop.kind
        if kind not in kinds:
            raise RecodeError(f"`{command}` needs a stop of kind {' or '.join(kinds)} (now: {kind})")

    def _request_of(self, node: str) -> int:
        return request_on(self._parts.timeline, node, self._parts.cursor)

    def _place_in(self, node: str) -> Place | None:
        """The current statement of an open expansion."""
        path = self._parts.moment.path
        return next((inner for outer, inner in pairwise(path) if outer.node == node), None)

    def _is_open(self, node: str) -> bool:
        return any(place.node == node for place in self._parts.moment.path[:-1])

    def _whole(self, node: str, text: str) -> tuple[str, str]:
        """Turn the edit of one statement into an edit of the expansion that contains it."""
        parts = self._parts
        known = parts.moment.node(node)
        if known is None:
            message = f"unknown node {node!r}; `where` and `recode show` list nodes"
            raise node_error(parts.timeline, node, message)
        if known.attempt:
            return node, text
        if known.status == "superseded":
            raise RecodeError(f"{node} belongs to an expansion that was replaced: go back to it to edit it")
        call = parts.timeline.tree.call_of(node)
        if not call:
            raise RecodeError(f"{node} is the agent's own loop and cannot be edited: edit one of its turns")
        source = Source(expansion_on(parts.timeline, call, parts.cursor).text)
        before, after = source.around(known.span)
        return call, f"{before}{text.strip()}{after}"


def _skip(executor: Executor) -> None:
    executor.changes.skip()


def _change_nothing(executor: Executor) -> None:
    del executor
