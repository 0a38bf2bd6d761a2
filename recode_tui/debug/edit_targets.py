"""What can be edited at a moment, with the line of the command language that its text goes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recode_core.debugger.edit_points import names_at
from recode_core.events import ExpansionRequested
from recode_core.policies.policy import Request
from recode_core.statements import Names
from recode_core.statements.source import Source
from recode_core.timeline.tree import NodeText
from recode_core.values import Message, Variable
from recode_tui.debug.dialogs.validation import check_code
from recode_tui.debug.panels import pages
from recode_tui.debug.view_frame import Frame
from recode_tui.text import one_line
from recode_tui.widgets.fault import Check, Fault, accept_all

if TYPE_CHECKING:
    from recode_tui.widgets.text_box import Language


@dataclass(frozen=True)
class Editable:
    """A text to be edited, or the messages of a request. `line` is the command that takes the text."""

    line: str
    node: str
    title: str
    text: str = ""
    language: Language = "python"
    check: Check = accept_all
    note: str = ""
    messages: tuple[Message, ...] = ()


def editable(frame: Frame, sort: str, node: str, from_here: bool = False) -> Editable | str:
    """What `sort` (code, prompt, reply) of a node can be edited; a str says why nothing can."""
    match sort:
        case "prompt":
            return _prompt(frame, node)
        case "reply":
            return _reply(frame, node)
    known = frame.node_text(node)
    if known is None:
        return f"there is no node {node} here"
    line = f"edit {node} from-here" if from_here else f"edit {node}"
    code = frame.timeline.expansions.code_at(node, frame.n)
    if code is not None:
        check = check_code(names_at(frame.timeline, code.n))
        return Editable(line, node, f"Edit {node} · {one_line(known.text, 60)}", code.text, check=check)
    if frame.stop.kind == "model" and frame.node == node:
        return _by_hand(frame, line, node, known.text)
    return _statement(frame, line, node, known)


def _by_hand(frame: Frame, line: str, node: str, statement: str) -> Editable:
    """An expansion that is written in the policy's place."""
    event = frame.event
    note = _note(event.variables) if isinstance(event, ExpansionRequested) else ""
    check = check_code(names_at(frame.timeline, frame.n))
    return Editable(line, node, f"Expand {one_line(statement, 80)}", check=check, note=note)


def wanted(request: Request, frame: Frame | None) -> Editable:
    """The code that a person is asked for as the policy."""
    names: Names = frozenset() if frame is None else names_at(frame.timeline, frame.n)
    return Editable(
        request.statement,
        request.statement,
        f"Expand {request.statement}",
        check=check_code(names),
        note=f"{request.repair}\n\n{_note(request.variables)}".strip(),
    )


def _note(variables: Iterable[Variable]) -> str:
    return "\n".join(f"{one.name}: {one.type} = {one.value}" for one in variables)


def _statement(frame: Frame, line: str, node: str, known: NodeText) -> Editable | str:
    """One statement, checked where it stands in its code."""
    call = frame.timeline.tree.call_of(node)
    code = frame.moment.code_shown(call)
    if code is None:
        return f"the code of {node} lies ahead: go there to edit it"
    before, after = Source(code.text).around(known.span)
    whole = check_code(names_at(frame.timeline, code.n))

    def check(text: str) -> Fault | None:
        fault = whole(f"{before}{text.strip()}{after}")
        if fault is None:
            return None
        return Fault(max(1, fault.line - known.span.line + 1), fault.column, fault.message)

    return Editable(line, node, f"Edit the statement {node}", known.text, check=check)


def _prompt(frame: Frame, node: str) -> Editable | str:
    asked = pages.last_asked(frame, node)
    if asked is None:
        return f"nothing has been asked for {node} yet"
    messages = tuple(frame.log.load(ref) for ref in asked.messages)
    return Editable(f"prompt {node}", node, f"The prompt for {node}", messages=messages)


def _reply(frame: Frame, node: str) -> Editable | str:
    answered = pages.last_answered(frame, node)
    if answered is None:
        return f"no reply for {node} has arrived yet"
    text = answered.reply.text
    return Editable(f"reply {node}", node, f"The reply for {node}", text, language="text")
