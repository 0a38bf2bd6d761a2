"""The text that is copied for a selection, and its name in the message."""

from __future__ import annotations

import msgspec

from recode_core.format import counted
from recode_core.timeline.history import latest
from recode_core.timeline.nodes import is_descendant
from recode_tui.debug.selected_rows import (
    ActionRow,
    BranchRow,
    ConsoleRow,
    SelectedRow,
    VariableRow,
    WatchRow,
)
from recode_tui.debug.view import Selection
from recode_tui.debug.view_frame import Frame


class Copy(msgspec.Struct, frozen=True):
    """A text to copy. `name` completes the message "copied …"."""

    name: str
    text: str


def copy_of(frame: Frame | None, selection: Selection) -> Copy | str:
    """The text to copy for a selection; a str is the reason why there is none."""
    if selection.marked:
        return Copy(f"the selected text ({len(selection.marked):,} characters)", selection.marked)
    if selection.row is not None:
        return _row(selection.row)
    if frame is None or selection.panel not in ("plan", "code"):
        return "nothing to copy here yet"
    if selection.panel == "plan":
        return _statement(frame, selection.node)
    node = selection.shown
    if selection.streamed:
        return Copy(f"the reply for {frame.title_of(node)} as far as it arrived", selection.streamed)
    match selection.tab:
        case "prompt":
            return _prompt(frame, node)
        case "reply":
            return _reply(frame, node)
        case "output":
            return _output(frame, selection.node)
    code = frame.moment.code_shown(node)
    return Copy(f"the code of {frame.title_of(node)}", code.text) if code else _statement(frame, node)


def value_copy(row: VariableRow, value: str, length: int | None) -> Copy:
    """A variable's value; `length` is that of the whole if `value` is only its beginning."""
    if length is None:
        return Copy(f"the value of {row.name}", value)
    return Copy(f"the first {len(value):,} characters of the value of {row.name}", value)


def _row(row: SelectedRow) -> Copy:
    match row:
        case ActionRow(observation=str(observation)):
            return Copy(row.title, observation)
        case ActionRow(action=action):
            return Copy(f"the action {action}", action)
        case VariableRow():
            return value_copy(row, row.value, row.length)
        case WatchRow():
            return Copy(f"the watch {row.expression}", row.text)
        case BranchRow():
            return Copy(f"the name of the branch {row.name}", row.name)
        case ConsoleRow():
            return Copy("the line of the console", row.text)


def _statement(frame: Frame, node: str) -> Copy | str:
    known = frame.node_text(node)
    return Copy(f"the statement {node}", known.text) if known is not None else "nothing to copy here yet"


def _prompt(frame: Frame, node: str) -> Copy | str:
    request = frame.last_request(node)
    if request is None:
        return "the model has not been asked for this node"
    texts = [frame.log.load(ref).content for ref in request.messages]
    return Copy(f"the prompt ({counted(len(texts), 'message')})", "\n\n".join(texts))


def _reply(frame: Frame, node: str) -> Copy | str:
    if (answered := frame.last_reply(node)) is not None:
        return Copy(f"the reply for {frame.title_of(node)}", answered.reply.text)
    history = frame.timeline.expansions.get(node)
    before = latest(history.replies, frame.n) if history is not None else None
    if before is None:
        return "no reply has arrived for this node"
    return Copy(f"the reply for {frame.title_of(node)} before the last request", before.reply.text)


def _output(frame: Frame, node: str) -> Copy | str:
    pieces = [
        output.text
        for output in frame.timeline.actions.outputs
        if output.n <= frame.n and is_descendant(output.place.node, node)
    ]
    if not pieces:
        return "nothing was printed here, and nothing failed"
    return Copy(f"the output of {frame.title_of(node)}", "".join(pieces))
