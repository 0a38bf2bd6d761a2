"""Texts that can be edited at a moment, each with the command that takes the edited text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from recode_core.debugger.edit_points import names_at
from recode_core.events import ExpansionRequested
from recode_core.policies.policy import Request
from recode_core.statements import Names
from recode_core.statements.source import Source
from recode_core.timeline.tree import NodeText
from recode_core.values import Message, Variable
from recode_tui.debug import commands
from recode_tui.debug.code_completion import words_at
from recode_tui.debug.dialogs.validation import FindLines, check_code, find_placeholders, no_placeholders
from recode_tui.debug.drafts import Draft, DraftKey, Edited
from recode_tui.debug.view_frame import Frame
from recode_tui.text import one_line
from recode_tui.widgets.fault import Check, Fault, accept_all

if TYPE_CHECKING:
    from recode_core.debugger.commands import Command
    from recode_tui.widgets.text_box import Language


@dataclass(frozen=True)
class EditTarget:
    """A text to edit, or the `messages` of a request.

    Of code, `words` gives the names to complete, and `placeholders` finds the lines of placeholders. Both may
    take a moment, and may be called from any thread.
    """

    key: DraftKey
    title: str
    text: str = ""
    language: Language = "python"
    check: Check = accept_all
    note: str = ""
    messages: tuple[Message, ...] = ()
    from_here: bool = False
    words: Callable[[], tuple[str, ...]] | None = None
    placeholders: FindLines = no_placeholders

    def command(self, edited: Draft) -> Command:
        """The command that takes the edited text or messages."""
        kind, node = self.key
        if isinstance(edited, tuple):
            return commands.EditPrompt(node, messages=edited)
        if kind == "reply":
            return commands.EditReply(node, edited)
        return commands.EditCode(node, edited, self.from_here)


def edit_target(frame: Frame, kind: Edited, node: str, from_here: bool = False) -> EditTarget | str:
    """The code, prompt or reply of a node, to edit; a str is the reason why it cannot be edited."""
    match kind:
        case "prompt":
            return _prompt(frame, node)
        case "reply":
            return _reply(frame, node)
    known = frame.node_text(node)
    if known is None:
        return f"node {node} does not exist at this moment"
    key = DraftKey("code", node)
    if (code := frame.timeline.expansions.code_at(node, frame.n)) is not None:
        return EditTarget(
            key,
            f"Edit {node} · {one_line(known.text, 60)}",
            code.text,
            check=check_code(names := names_at(frame.timeline, code.n)),
            from_here=from_here,
            words=partial(words_at, frame),
            placeholders=find_placeholders(names),
        )
    if frame.stop.kind == "model" and frame.node == node:
        event = frame.event
        return EditTarget(
            key,
            f"Expand {one_line(known.text, 80)}",
            check=check_code(names := names_at(frame.timeline, frame.n)),
            note=_variables(event.variables) if isinstance(event, ExpansionRequested) else "",
            from_here=from_here,
            words=partial(words_at, frame),
            placeholders=find_placeholders(names),
        )
    return _statement(frame, key, known, from_here)


def code_request(request: Request, frame: Frame | None) -> EditTarget:
    """The code that a person is to write as the policy."""
    names: Names = frozenset() if frame is None else names_at(frame.timeline, frame.n)
    return EditTarget(
        DraftKey("request", request.statement),
        f"Expand {request.statement}",
        check=check_code(names),
        note=f"{request.repair}\n\n{_variables(request.variables)}".strip(),
        words=partial(words_at, frame) if frame is not None else None,
        placeholders=find_placeholders(names),
    )


def _variables(variables: Iterable[Variable]) -> str:
    return "\n".join(f"{one.name}: {one.type} = {one.value}" for one in variables)


def _statement(frame: Frame, key: DraftKey, known: NodeText, from_here: bool) -> EditTarget | str:
    """One statement, checked in its place in the code."""
    code = frame.moment.code_shown(frame.timeline.tree.call_of(key.node))
    if code is None:
        return f"the code of {key.node} comes later: go there to edit it"
    before, after = Source(code.text).around(known.span)
    names = names_at(frame.timeline, code.n)
    check_whole, find_whole = check_code(names), find_placeholders(names)

    def check(text: str) -> Fault | None:
        fault = check_whole(f"{before}{text.strip()}{after}")
        if fault is None:
            return None
        return Fault(max(1, fault.line - known.span.line + 1), fault.column, fault.message)

    def placeholders(text: str) -> frozenset[int] | None:
        lines = find_whole(f"{before}{text.strip()}{after}")
        own = range(1, text.strip().count("\n") + 2)
        return lines and frozenset(line - known.span.line + 1 for line in lines) & frozenset(own)

    return EditTarget(
        key,
        f"Edit the statement {key.node}",
        known.text,
        check=check,
        from_here=from_here,
        words=partial(words_at, frame),
        placeholders=placeholders,
    )


def _prompt(frame: Frame, node: str) -> EditTarget | str:
    request = frame.last_request(node)
    if request is None:
        return f"the model has not been asked for {node} yet"
    messages = tuple(frame.log.load(ref) for ref in request.messages)
    return EditTarget(DraftKey("prompt", node), f"The prompt for {node}", messages=messages)


def _reply(frame: Frame, node: str) -> EditTarget | str:
    reply = frame.last_reply(node)
    if reply is None:
        return f"no reply for {node} has arrived yet"
    return EditTarget(DraftKey("reply", node), f"The reply for {node}", reply.reply.text, language="text")
