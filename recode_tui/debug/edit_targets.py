"""Texts that can be edited at a moment, each with the command that takes the edited text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from recode_core.debugger.edit_points import names_at
from recode_core.debugger.node_names import meant_node
from recode_core.events import ExpansionRequested
from recode_core.policies.policy import Request
from recode_core.source import Source
from recode_core.statements import Names
from recode_core.timeline import Stop
from recode_core.timeline.tree import NodeText
from recode_core.values import Message
from recode_tui.debug import commands
from recode_tui.debug.code_completion import words_at
from recode_tui.debug.dialogs.validation import FindLines, check_code, find_placeholders, no_placeholders
from recode_tui.debug.drafts import Draft, DraftKey, Edited
from recode_tui.debug.request_note import request_note
from recode_tui.debug.view_frame import Frame
from recode_tui.text import one_line
from recode_tui.widgets.fault import Check, Fault, accept_all

if TYPE_CHECKING:
    from recode_core.debugger.commands import Command
    from recode_tui.widgets.text_box import Language


class EditTarget(msgspec.Struct, frozen=True):
    """A text to edit, or the `messages` of a request.

    Of code, `words` gives the names to complete, and `placeholders` finds the lines of placeholders. Both may
    take a moment, and may be called from any thread. `begins` is the record of the stop at which the text
    begins to run, None if that is not known yet or the run is inside it.
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
    begins: int | None = None

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
        meant = meant_node(frame.timeline, node)
        return f"node {node} does not exist at this moment{f'; did you mean {meant}?' if meant else ''}"
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
            begins=_begins(frame, node, frame.timeline.next_stop(code.accepted)),
        )
    if frame.stop.kind == "model" and frame.node == node:
        event = frame.event
        return EditTarget(
            key,
            f"Expand {one_line(known.text, 80)}",
            check=check_code(names := names_at(frame.timeline, frame.n)),
            note=request_note(event.variables, frame.last_action)
            if isinstance(event, ExpansionRequested)
            else "",
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
        note=request_note(request.variables, frame.last_action if frame else None, request.repair),
        words=partial(words_at, frame) if frame is not None else None,
        placeholders=find_placeholders(names),
    )


def _begins(frame: Frame, node: str, stop: Stop | None) -> int | None:
    """The record of the stop at which a node begins, unless the run is inside it."""
    history = frame.timeline.tree.nodes.get(node)
    is_inside = history is not None and history.status_at(frame.n) == "running"
    return None if stop is None or is_inside or stop.n == frame.n else stop.n


def _statement(frame: Frame, key: DraftKey, known: NodeText, from_here: bool) -> EditTarget | str:
    """One statement, checked in its place in the code."""
    code = frame.moment.code_shown(frame.timeline.tree.call_of(key.node))
    if code is None:
        return f"the code of {key.node} comes later: go there to edit it"
    if not _is_of_this_time(frame, key.node):
        return f"{key.node} is a statement of other code than that of this moment: go there to edit it"
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
        begins=_begins(frame, key.node, frame.timeline.first_stop(key.node)),
    )


def _is_of_this_time(frame: Frame, node: str) -> bool:
    """Whether a node is a statement of the code that its placeholder has at this moment."""
    tree = frame.timeline.tree
    return all(
        each.status_at(frame.n) != "superseded" and tree.is_shown(each.id, frame.n)
        for each in tree.lineage(node)
        if each.parent
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
