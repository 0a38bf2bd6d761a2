"""Where the outcome of a command is shown: in an open dialog, in the status line, or in the console."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from recode_core.errors import ReadOnlyError, RecodeError
from recode_core.events import StatementFailed
from recode_core.format import counted
from recode_tui.debug import commands
from recode_tui.debug.drafts import DraftKey, draft_key
from recode_tui.debug.failures import summary
from recode_tui.debug.keys import shown
from recode_tui.debug.pending import PendingCommand

if TYPE_CHECKING:
    from recode_tui.debug.controller import DebugController
    from recode_tui.debug.messages import CommandsFinished
    from recode_tui.debug.view import BreakpointsDialog, CandidatesDialog


def corrected(line: str, wrong: str, meant: str) -> str:
    """The line with the first word `wrong` replaced."""
    words = line.split(" ")
    return " ".join([*words[: (at := words.index(wrong))], meant, *words[at + 1 :]]) if wrong in words else ""


class OutcomeDisplay:
    """Shows the outcomes of a controller's commands. Its dialogs are the open ones that wait for them."""

    def __init__(self, controller: DebugController) -> None:
        self.candidates_dialog: CandidatesDialog | None = None
        self.breakpoints_dialog: BreakpointsDialog | None = None
        self._controller = controller
        self._view = controller.view

    def finished(self, message: CommandsFinished, command: PendingCommand) -> None:
        """Show the outcome of commands: in a dialog that waits for it, else in the status line or console."""
        from recode_core.debugger.outcomes import Reverted

        if message.failure is None:
            for each in message.commands:
                if (key := draft_key(each)) is not None:
                    self._controller.drafts.pop(key, None)
        if isinstance(message.outcome, Reverted):
            self._controller.reverted = message.outcome
        if self.breakpoints_dialog is not None:
            self.breakpoints_dialog.annotations = message.position.annotations
        self._add_to_transcript(message, command)
        if not self._show_in_dialog(message):
            self._report(message, command)
        reached = self._controller.limit_before(message.commands[0]) if message.failure is None else None
        if reached is not None:
            self._view.start(lambda: self._controller.flows.raise_limit(reached))
        if not self._controller.is_confirming and not self._controller.pending.is_undo:
            self._controller.release_held()
        self._controller.script.finished(message, is_at_limit=reached is not None)

    def _add_to_transcript(self, message: CommandsFinished, command: PendingCommand) -> None:
        text = "; ".join(each.format().text for each in message.commands)
        error = self._text_of(message.failure) if message.failure is not None else ""
        is_shown = command.is_typed or not self._view.fits(error)
        branch = message.position.timeline.branch
        self._controller.transcript.add(text, message.lines, error, branch, is_shown=is_shown)

    def mark_blamed(self, message: CommandsFinished) -> None:
        """Mark the decision that `blame` found from now on, instead of the one before."""
        from recode_core.debugger.outcomes import Blamed

        if isinstance(message.outcome, Blamed) and self._controller.state is not None:
            found = message.outcome.blame
            self._controller.state.blamed((found.is_whole and found.last_good) or "")

    def _show_in_dialog(self, message: CommandsFinished) -> bool:
        """Whether an open dialog is waiting for the outcome; if so, show it there."""
        from recode_core.debugger.diverged_world import WorldDivergence
        from recode_core.debugger.outcomes import CandidatesSampled

        if self.candidates_dialog is not None and isinstance(message.commands[0], commands.Regenerate):
            if isinstance(message.outcome, CandidatesSampled):
                self.candidates_dialog.finished(message.outcome.candidates)
            else:
                self.candidates_dialog.failed(message.error)
        elif self.breakpoints_dialog is not None and self.breakpoints_dialog.is_ready:
            if message.error:
                self.breakpoints_dialog.show_error(message.error)
        elif isinstance(divergence := message.failure, WorldDivergence):
            choice = self._view.dialogs.choose_divergence(divergence)
            self._view.start(lambda: self._controller.flows.resolve_divergence(message.commands, choice))
        else:
            return False
        return True

    def _report(self, message: CommandsFinished, command: PendingCommand) -> None:
        """Show the outcome of commands in the status line, or in the console if that is too narrow."""
        from recode_core.debugger import render
        from recode_core.debugger.outcomes import Reverted

        hits, lines, frame = message.position.hits, message.lines, self._controller.frame
        if message.failure is not None:
            self._show_failure(message.failure, *map(draft_key, message.commands))
            self._offer_correction(command.text, message.failure)
        elif hits:
            self._view.report("hit", "; ".join(f"breakpoint {hit.breakpoint.id}: {hit.text}" for hit in hits))
        elif isinstance(message.outcome, Reverted):
            self._view.report("info", render.reverted(message.outcome))
        elif command.is_typed and lines:
            self._show_answer(lines)
        elif frame is not None and isinstance(event := frame.event, StatementFailed):
            self._view.report("error", summary(event.failure))
        elif frame is not None and frame.stop.kind == "end" and frame.moment.outcome not in (None, "solved"):
            self._view.start(self._controller.flows.offer_next_steps, only="offer")

    def report_failure(self, text: str, failure: RecodeError, *keys: DraftKey | None) -> None:
        """Show why a command failed that was not executed, and add it to the console."""
        self._controller.transcript.add(text, error=self._text_of(failure), is_shown=True)
        self._show_failure(failure, *keys)
        self._offer_correction(text, failure)

    def _offer_correction(self, line: str, failure: RecodeError) -> None:
        """Offer the line with the name that was meant, if the error knows it."""
        if failure.correction is not None:
            self._view.offer_line(corrected(line, *failure.correction))

    def _show_failure(self, failure: RecodeError, *keys: DraftKey | None) -> None:
        """Show why a command failed, and whether the drafts of `keys`, which it was to accept, are kept."""
        error = f"{self._text_of(failure)}{self.draft_hint(*keys)}"
        if not self._view.fits(error):
            self._view.open_console()
        self._view.report("error", error)

    def _text_of(self, failure: RecodeError) -> str:
        is_refused = isinstance(failure, ReadOnlyError)
        return (self._controller.read_only.refusal if is_refused else "") or str(failure)

    def _show_answer(self, lines: Sequence[str]) -> None:
        if len(lines) == 1 and self._view.fits(lines[0]):
            self._view.report("info", lines[0])
            return
        count = sum(line.count("\n") + 1 for line in lines)
        self._view.open_console()
        keys = f"{shown('console')} goes there, {shown('back_out')} hides it"
        self._view.report("info", f"{counted(count, 'line')} in the console: {keys}")

    def draft_hint(self, *keys: DraftKey | None) -> str:
        """The hint for an edit that was not accepted; empty if there is none."""
        is_kept = any(key in self._controller.drafts for key in keys)
        return f"; the edit is kept: {shown('edit')} opens it again" if is_kept else ""

    def streamed(self, branch: str, asked: int, text: str) -> None:
        """Text of a reply has arrived on another branch, to the request in record `asked`."""
        kind, _, number = branch.rpartition("-")
        if self.candidates_dialog is not None and kind == "candidate":
            self.candidates_dialog.append_stream(int(number), text, asked)
