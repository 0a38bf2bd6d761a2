"""The decisions of the debugger's screen: from a key or a typed line to commands, from edits to drafts.

It knows the engine and, as protocols, the screen and its dialogs; nothing of Textual.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from recode_core.errors import RecodeError
from recode_core.events import LimitReached
from recode_tui.debug import commands, failures
from recode_tui.debug.action_line import action_line
from recode_tui.debug.copies import Copy, copy_of
from recode_tui.debug.drafts import Draft, Drafts, Edited
from recode_tui.debug.flows import Flows
from recode_tui.debug.keys import shown
from recode_tui.debug.marks import Marks, is_mark
from recode_tui.debug.outcome_display import OutcomeDisplay
from recode_tui.debug.pending import Pending, PendingCommand
from recode_tui.debug.previews import Previews
from recode_tui.debug.read_only import ReadOnly
from recode_tui.debug.script_run import ScriptRunner
from recode_tui.debug.selected_rows import ActionRow, VariableRow
from recode_tui.debug.transcript import Transcript

if TYPE_CHECKING:
    from recode_core.debugger.commands import Command
    from recode_core.debugger.next_call import NextCall
    from recode_core.debugger.outcomes import Reverted
    from recode_core.debugger.references import Reference
    from recode_core.timeline import Timeline
    from recode_tui.debug.edit_targets import EditTarget
    from recode_tui.debug.engine import Engine
    from recode_tui.debug.view import Selection, View
    from recode_tui.debug.view_frame import Frame
    from recode_tui.debug.view_state import ViewState

P = ParamSpec("P")


def when_open(
    method: Callable[Concatenate[DebugController, P], None],
) -> Callable[Concatenate[DebugController, P], None]:
    """Defer calls of a method until the session is open, and the commands are imported."""

    @wraps(method)
    def deferring(self: DebugController, /, *args: P.args, **kwargs: P.kwargs) -> None:
        if not self.pending.is_opening:
            method(self, *args, **kwargs)
        elif self.pending.is_long:
            self.view.report("error", self.pending.hint)
        else:
            self._deferred.append(partial(method, self, *args, **kwargs))

    return deferring


class DebugController:
    """Decides for one session. `what` names it while it is being opened."""

    def __init__(self, engine: Engine, view: View, what: str) -> None:
        self.engine = engine
        self.view = view
        self.pending = Pending(engine, what)
        self.drafts = Drafts(view.show_drafts)
        self.flows = Flows(self)
        self.marks = Marks(self)
        self.read_only = ReadOnly(self)
        self.previews = Previews(self)
        self.state: ViewState | None = None
        self.outcomes = OutcomeDisplay(self)
        self.transcript = Transcript(view.show_transcript)
        self.script = ScriptRunner(self)
        self._deferred: list[Callable[[], None]] = []
        self.is_confirming = self.is_leaving = False
        self._held: list[tuple[tuple[Command, ...], bool]] = []
        self.reverted: Reverted | None = None

    @property
    def frame(self) -> Frame | None:
        """The moment at the cursor, which is shown unless another one is previewed."""
        return self.view.frame.at_cursor if self.view.frame is not None else None

    @property
    def running(self) -> Timeline | None:
        """The timeline of the branch on which a command is running; None if none is, or only for a moment."""
        return self.engine.timeline if self.pending.is_long else None

    @property
    def selection(self) -> Selection:
        """The selection at the cursor; a preview is ended."""
        self.previews.end()
        return self.view.selection

    def opened(self) -> None:
        """The session is open, and its first frame is shown: make the deferred calls."""
        deferred, self._deferred = self._deferred, []
        for call in deferred:
            call()

    # commands

    @when_open
    def run(self, line: str, *, is_typed: bool = False) -> None:
        """Run a line of the command language; of one that is typed the output is shown."""
        name, rest = commands.split_first(line)
        words = rest.split()
        if is_typed and name in ("edit", "reply", "prompt") and words:  # without a text: in the editor
            kinds: dict[str, Edited] = {"edit": "code", "reply": "reply", "prompt": "prompt"}
            self._edit(kinds[name], words[0], from_here="from-here" in words)
            return
        try:
            command = commands.parse(line)
        except commands.BadCommand as error:
            self.outcomes.report_failure(line, error)
            return
        self.execute(command, is_typed=is_typed)

    def execute(self, *commands: Command, is_typed: bool = False, is_agreed: bool = False) -> None:
        """Give commands to the engine, unless it is busy, or a draft or a limit blocks them.

        Before those that may cost money the user is asked, unless that `is_agreed`. Commands that follow an
        undo, or come while a price is confirmed, wait until their price is known.
        """
        if any(self._is_blocked(command) for command in commands):
            return
        if self.pending.is_long:
            self.view.report("error", self.pending.hint)
            return
        if not self.pending.is_command and (reached := self.limit_before(commands[0])) is not None:
            self.view.start(lambda: self.flows.raise_limit(reached))
            return
        if not is_agreed and (self.is_confirming or (self.pending.is_undo and not _is_undo(commands[0]))):
            self._held.append((commands, is_typed))
            return
        if not is_agreed and self._may_cost(commands[0]):
            self.is_confirming = True
            self.view.start(lambda: self.flows.execute_if_agreed(commands, is_typed))
            return
        self.previews.forget()
        self.pending.begin(PendingCommand(commands[0].format().text, is_typed))
        self.view.report("info", "")
        self.view.show_pending(follows=not is_mark(commands[0]))
        self.engine.execute(commands)

    @when_open
    def run_script(self, text: str) -> None:
        """Run several lines in order, up to the first that fails; if one is not a command, run none."""
        self.script.run(text)

    @property
    def is_waiting(self) -> bool:
        """Whether commands wait for the user's answer, or for the price of those before them."""
        return self.is_confirming or bool(self._held)

    def release_held(self) -> None:
        """Execute the commands that were held."""
        held, self._held = self._held, []
        for each, is_typed in held:
            self.execute(*each, is_typed=is_typed)

    def drop_held(self) -> None:
        """Forget the commands that were held, and the script."""
        self._held.clear()
        self.script.stop()

    # the console

    @when_open
    def follow(self, reference: Reference, branch: str) -> None:
        """Go to a reference in the console; `branch` was the current one when it was written."""
        frame, target = self.frame, reference.target
        if frame is None:
            return
        if reference.kind == "branch":
            self.execute(commands.SwitchBranch(target))
        elif reference.kind == "record":
            n = int(target)
            is_here = frame.log.last_up_to(frame.branch, n) == n
            self.go_to_record(frame.branch if is_here else frame.log.records[n].branch, n)
        else:
            is_here = not reference.branch and frame.timeline.tree.get(target) is not None
            there = frame.branch if is_here else reference.branch or branch or frame.branch
            switch = () if there == frame.branch else (commands.SwitchBranch(there),)
            self.execute(*switch, commands.GoTo(target))

    @when_open
    def go_to_record(self, branch: str, n: int) -> None:
        """Go to the stop of a branch at which a record shows, such as the one after an observation."""
        if (timeline := self.previews.timeline(branch, n)) is not None:
            self.go_to(branch, timeline.stop_showing(n).n)
        else:
            self.view.start(lambda: self.flows.go_to_record(branch, n))

    @when_open
    def go_to(self, branch: str, n: int) -> None:
        """Go to a stop of a branch."""
        is_there = self.frame is not None and self.frame.branch == branch
        here = () if is_there else (commands.SwitchBranch(branch),)
        self.execute(*here, commands.GoTo(n))

    @when_open
    def go_to_node(self, node: str) -> None:
        """Go to the failure of a node that has failed at this moment; from there, or else, to its start."""
        frame = self.frame
        failed = failures.record_of(frame, node) if frame is not None else None
        is_there = frame is not None and failed == frame.n
        self.execute(commands.GoTo(node if failed is None or is_there else failed))

    @when_open
    def run_until_selection(self) -> None:
        """Run until the line under the cursor of the code, or the node under that of the plan."""
        selection = self.selection
        node, line = selection.line if selection.line is not None else (selection.node, None)
        self.execute(commands.Until(node, line))

    @when_open
    def retry(self) -> None:
        """Run the selected node again from its start."""
        if not self.read_only.is_refused():
            self.execute(commands.Retry(self.selection.node))

    def go_to_failure(self) -> None:
        """Go to the next failure, after the last one to the first."""
        frame = self.frame
        failures = frame.timeline.failures if frame is not None else []
        if frame is None or not failures:
            self.view.report("info", "nothing has failed on this branch")
            return
        self.execute(commands.GoTo(next((n for n in failures if n > frame.n), failures[0])))

    def follow_end(self) -> None:
        """Go to the end of a run that another process writes, and stay there while it goes on."""
        if self.state is not None and self.state.follow is not None:
            self.previews.end()
            self.engine.follow_end()

    def read_whole(self) -> None:
        """Show the message of the status line whole, or else the failure of the selected node."""
        frame, message = self.frame, self.view.message
        node = self.view.selection.node
        failure = failures.whole(frame, node) if frame is not None else ()
        if failure and (not message or message.startswith(failure[0])):
            self.view.dialogs.text(f"The failure of {node}", "\n".join(failure))
        elif message or self.view.last_message:
            self.view.dialogs.text("The last message", message or self.view.last_message)
        else:
            self.view.report("info", "there is no message to read, and this node has not failed")

    def pause(self) -> None:
        """Pause the run; if it is pausing already, abort the command."""
        if self.pending.is_opening:
            self.view.report("info", self.pending.hint)
        elif not self.pending.is_command:
            self.view.report("info", "nothing is running")
        elif not self.engine.is_pausing:
            self.script.stop_at_next()
            self.engine.pause()
        else:
            try:
                self.engine.abort()
            except RecodeError as error:
                self.view.report("error", str(error))
            else:
                self.view.report("info", "aborted: what had arrived is kept")

    # texts and variables

    def copy(self) -> None:
        """Copy the selection."""
        selection = self.view.selection
        row = selection.row
        if isinstance(row, VariableRow) and row.length is not None and not selection.marked:
            self.view.start(lambda: self.flows.copy_value(row), only="copy")
            return
        found = copy_of(self.view.frame, selection)
        if isinstance(found, Copy):
            self.finish_copy(found)
        else:
            self.view.report("info", found)

    def finish_copy(self, found: Copy) -> None:
        """Copy a text and say what it is."""
        self.view.copy(found.text)
        self.view.report("info", f"copied {found.name}")

    def show_origin(self, variable: str) -> None:
        """Show the statement, observations and reply that set a variable."""
        self.execute(commands.VariableOrigin(variable), is_typed=True)

    def begin_set(self) -> None:
        """Open the command line to set a variable."""
        if not self.read_only.is_refused():
            self.view.begin_command("set ")

    def begin_action(self) -> None:
        """Open the command line with an action, to replace it: that which waits, or that of the selected row.

        The run goes to where it was about to take the latter.
        """
        if self.read_only.is_refused():
            return
        frame, row = self.frame, self.selection.row
        if isinstance(row, ActionRow) and row.action and row.reached is not None:
            self.execute(commands.GoTo(row.reached))
            self.view.begin_command(action_line(row.action))
        elif frame is None or (pending := frame.pending_action) is None:
            self.view.report("info", "an action is replaced where the run is about to act: step there first")
        else:
            self.view.begin_command(action_line(pending.action))

    # edits

    def edit_selection(self, *, outside: bool = False) -> None:
        """Edit the selection: a prompt or a reply on its tab, else the code or the statement."""
        selection = self.selection
        kind: Edited = selection.tab if selection.tab in ("prompt", "reply") else "code"
        is_page = kind != "code" or selection.panel == "code"
        self._edit(kind, selection.shown if is_page else selection.node, outside=outside)

    def _edit(self, kind: Edited, node: str, *, outside: bool = False, from_here: bool = False) -> None:
        frame = self.frame
        if frame is None or self.read_only.is_refused():
            return
        from recode_tui.debug.edit_targets import edit_target  # after the first frame

        target = edit_target(frame, kind, node, from_here)
        if isinstance(target, str):
            self.view.report("error", target)
        elif outside and not target.messages:
            self._edit_outside(target)
        else:
            self.view.start(lambda: self.flows.edit(target))

    def _edit_outside(self, target: EditTarget) -> None:
        draft = self.drafts.get(target.key)
        start = draft if isinstance(draft, str) else target.text
        try:
            text = self.view.dialogs.edit_outside(target, start)
        except RecodeError as error:
            self.view.report("error", str(error))
            return
        if text in (start, target.text):
            if text == target.text:
                self.drafts.pop(target.key, None)
            self.view.report("info", "the editor changed nothing")
            return
        self.drafts[target.key] = text
        self.view.start(lambda: self.flows.confirm_edit(target, text))

    def accept(self, target: EditTarget, edited: Draft) -> None:
        """Execute the command that takes an edited text, which stays a draft until that has succeeded."""
        self.drafts[target.key] = edited
        self.execute(target.command(edited))

    # paid commands

    @property
    def call_again(self) -> NextCall | None:
        """The call that the next step repeats, if the cursor is still where the last undo or redo led."""
        found, frame = self.reverted, self.frame
        if found is None or frame is None or found.next_call is None or not found.next_call.is_again:
            return None
        is_here = (found.at.moment.timeline.branch, found.at.stop.n) == (frame.branch, frame.stop.n)
        return found.next_call if is_here else None

    def question_of(self, command: Command) -> str:
        """The question whether a command may be executed that costs money."""
        line, call = command.format().text, self.call_again
        if call is not None and _is_forward(command):
            return f"`{line}` asks {call.model} again, because its reply was undone."
        return f"`{line}` asks the model."

    def _may_cost(self, command: Command) -> bool:
        if self.state is not None and self.state.session.refusal:
            return False
        if isinstance(command, commands.Regenerate | commands.Retry | commands.FindBlame):
            return True
        return self.call_again is not None and _is_forward(command)

    # blocked commands

    @when_open
    def continue_in_copy(self) -> None:
        """Open a copy of a recording at the moment that is shown, to go on from there."""
        self.read_only.continue_in_copy()

    def _is_blocked(self, command: Command) -> bool:
        """Whether a command changes a recording, or would run past a draft; if so, report it."""
        if self.read_only.is_blocked(command):
            return True
        key = self.drafts.blocking(self.frame, command) if self.frame is not None else None
        if key is None:
            return False
        self.previews.end()
        self.view.select_node(key.node, key.kind if key.kind in ("prompt", "reply") else "code")
        opens = f"{shown('edit')} opens it, to accept or throw it away"
        reason = f"{key.node} has an edit that was not accepted: {opens}"
        self.view.report("error", reason)
        return True

    def limit_before(self, command: Command) -> LimitReached | None:
        """The limit at which the run stopped, if a command would go on from there and only end the run."""
        frame = self.frame
        is_move = isinstance(command, commands.Step | commands.Next | commands.Finish | commands.Continue)
        if frame is None or frame.stop.kind != "limit" or not is_move:
            return None
        event = frame.event
        is_last = frame.stop.n == frame.timeline.stops[-1].n
        return event if is_last and isinstance(event, LimitReached) else None

    # leaving

    def leave(self) -> None:
        """Leave; ask first, if something would be lost."""
        losses = []
        if self.pending.is_command:
            losses.append("The running command is aborted; what has arrived is kept.")
        if self.drafts:
            many = len(self.drafts)
            losses.append("An edit was not accepted." if many == 1 else f"{many} edits were not accepted.")
        if losses and not self.is_leaving:
            self.is_leaving = True
            question = "Leave the debugger?"
            is_sure = self.view.dialogs.confirm(question, " ".join(losses), yes="Leave", no="Stay")
            self.view.start(lambda: self.flows.leave_if(is_sure))
        elif not losses:
            self.view.leave()


def _is_undo(command: Command) -> bool:
    return isinstance(command, commands.Undo | commands.Redo)


def _is_forward(command: Command) -> bool:
    forward = commands.Step | commands.Next | commands.Finish | commands.Continue | commands.Until
    return isinstance(command, forward)
