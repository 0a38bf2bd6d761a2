"""A session as its client sees it: commands are executed, and the client is told of what they changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from recode_core.dap import messages
from recode_core.dap.breakpoints import ClientBreakpoints, reason_of
from recode_core.dap.client import Client
from recode_core.dap.mirror import Mirror, new_folder
from recode_core.dap.output import ConsoleOutput
from recode_core.dap.sources import SourceTable, expansions
from recode_core.dap.values import References
from recode_core.debugger import render
from recode_core.debugger.breakpoint_hits import Hit
from recode_core.debugger.commands import Command, Continue, EditCode
from recode_core.debugger.conditions import evaluate
from recode_core.debugger.console import Console
from recode_core.debugger.debug_session import DebugSession
from recode_core.debugger.debugger import Debugger
from recode_core.errors import RecodeError
from recode_core.events import BranchStarted, ExpansionAccepted, ExpansionEdited
from recode_core.log import Record
from recode_core.timeline import Stop

_FIELD = re.compile(r"\{([^{}]+)\}")


class ClientOptions(messages.Arguments, frozen=True):
    """The launch arguments that are not about the session itself."""

    stop_on_entry: bool = True
    confirm_cost: bool = False
    mirror: str | None = None


class TargetPosition(NamedTuple):
    """A stop of a debugger."""

    debugger: Debugger
    branch: str
    cursor: int


class DebugTarget:
    """The session of one client. It belongs to one thread, that of the debugger."""

    def __init__(self, client: Client, opened: DebugSession, options: ClientOptions) -> None:
        self.client = client
        self.opened = opened
        self.options = options
        folder = new_folder(Path(options.mirror), opened.path.stem) if options.mirror else None
        self.mirror = Mirror(folder) if folder is not None else None
        self.console = Console(opened.debugger)
        self.sources = SourceTable(self.mirror)
        self.references = References()
        self.breakpoints = ClientBreakpoints()
        self.output = ConsoleOutput(client)
        self.stops = 0  # of the client; frames are numbered anew at each
        self._branch: str | None = None
        self._rollouts: list[str] = []
        self._known_sources: set[int] = set()
        self._has_new_code = True
        opened.on_moved = lambda text: client.output("important", f"{text}\n")
        self._follow()

    def _follow(self) -> None:
        self.output.follow(self.debugger)
        self.debugger.log.followers.append(self._recorded)

    def _recorded(self, record: Record) -> None:
        match record.event:
            case BranchStarted(aside=True):
                self._rollouts.append(record.branch)
                self._thread_event("started", record.branch)
            case ExpansionAccepted() | ExpansionEdited():
                self._has_new_code = True

    # where it is

    @property
    def debugger(self) -> Debugger:
        """The debugger; `rerun` replaces it."""
        return self.console.debugger

    @property
    def position(self) -> TargetPosition:
        """The current position."""
        return TargetPosition(self.debugger, self.debugger.branch, self.debugger.cursor)

    @property
    def threads(self) -> list[messages.Thread]:
        """The branches that run: the current one and those of roll-outs. Any thread may read them."""
        return [
            messages.Thread(self.thread_id(branch), branch)
            for branch in (self.debugger.branch, *self._rollouts)
        ]

    def thread_id(self, branch: str) -> int:
        """The number of a branch, from 1."""
        return tuple(self.debugger.log.branches).index(branch) + 1

    def check_thread(self, number: int) -> None:
        """Raise RecodeError unless a thread is that of the current branch."""
        known = tuple(self.debugger.log.branches)
        if number == self.thread_id(self.debugger.branch):
            return
        if not 1 <= number <= len(known):
            raise RecodeError(f"unknown thread {number}")
        name = known[number - 1]
        raise RecodeError(
            f"the current branch is {self.debugger.branch}, not {name}; `switch {name}` in the debug console"
        )

    # commands

    def check_confirmed(self, command: Command, is_confirmed: bool = False) -> None:
        """Raise RecodeError with the estimated cost if a command spends money and that was not confirmed."""
        if self.options.confirm_cost or is_confirmed:
            return
        estimate = command.estimate_to_confirm(self.debugger)
        if estimate is not None and not estimate.is_free:
            line = command.format()
            how = f"{line.text} <<END" if line.block is not None else line.text
            raise RecodeError(
                f"{render.estimate(estimate)}\nto confirm, write in the debug console: confirm {how}\n"
                'or launch with "confirmCost": true'
            )

    def move(self, command: Command) -> None:
        """Execute a move. `continue` passes failures at which the client does not want to stop."""
        debugger, before = self.debugger, self.position
        with debugger.busy():  # resets a pause that comes too late
            while True:
                self.output.begin()
                try:
                    debugger.execute(command)
                finally:
                    self.output.end(
                        is_forward=debugger.branch == before.branch and debugger.cursor > before.cursor
                    )
                    self._log_hits(debugger.hits)
                if not (isinstance(command, Continue) and self._is_passed(debugger.stop)):
                    return

    def execute(self, command: Command) -> Iterator[str]:
        """Execute a command of the debug console. Yields its output."""
        before = self.debugger
        self.output.begin()
        with before.busy():
            yield from self.console.execute(command)
        self._log_hits(self.debugger.hits)
        if self.debugger is not before:
            self._has_new_code = True
            self._follow()

    def edit_saved_files(self) -> None:
        """Make an edit of each file of the mirror that was saved; report those that are not accepted."""
        for node, text in self.mirror.saved() if self.mirror is not None else ():
            try:
                for _ in self.execute(EditCode(node, text)):
                    pass
            except RecodeError as error:
                self.client.output("important", f"{node}.py was saved, and not accepted: {error}\n")
                continue
            assert self.mirror is not None
            self.mirror.accept(node, text)
            self.client.output("console", f"{node}.py was saved: its code was edited\n")

    def is_plain(self, stop: Stop) -> bool:
        """Whether the run stopped only because it was told to pause."""
        is_hit = any(not hit.breakpoint.log for hit in self.debugger.hits)
        return not is_hit and stop.kind not in ("failure", "limit", "end")

    def _is_passed(self, stop: Stop) -> bool:
        debugger = self.debugger
        is_hit = any(not hit.breakpoint.log for hit in debugger.hits)
        is_pausing = debugger.parts.activity.is_pausing
        return self.breakpoints.passes_failures and stop.kind == "failure" and not is_hit and not is_pausing

    def _log_hits(self, hits: tuple[Hit, ...]) -> None:
        for hit in hits:
            if hit.breakpoint.log:
                self.client.output("console", f"{self._log_message(hit) or hit.text}\n")

    def _log_message(self, hit: Hit) -> str:
        """The client's message for a breakpoint, with the values of the expressions in braces."""
        message = self.breakpoints.messages.get(hit.breakpoint.id, "")
        return _FIELD.sub(lambda field: self._value_at(field[1], hit.n), message)

    def _value_at(self, expression: str, n: int) -> str:
        """The value of an expression in a log message; that of a variable is read from the log."""
        parts = self.debugger.parts
        moment = parts.timeline.at(n)
        known = moment.variables().get(expression)
        if known is not None and known.length is None:
            return known.value
        try:
            return evaluate(expression, parts.sandbox_at(moment.stop), moment.event, moment.facts())
        except RecodeError as error:
            return f"{{{expression}: {error}}}"

    # events

    def begin(self) -> None:
        """Tell the client where the session is."""
        self._report_threads()
        self._show_sources()

    def settle(self, before: TargetPosition, reason: str, text: str = "") -> None:
        """Tell the client where the run is if it was moved or `text` says why it could not go on."""
        for branch in self._rollouts:
            self._thread_event("exited", branch)
        self._rollouts.clear()
        if self.position == before and not text:
            return
        self.stop(reason, text)

    def stop(self, reason: str, text: str = "") -> None:
        """Tell the client that the run stopped."""
        self.stops += 1
        self.references.clear()
        self._report_threads()
        self._show_sources()
        debugger = self.debugger
        hits = [hit for hit in debugger.hits if not hit.breakpoint.log]
        body = {
            "reason": self._reason(reason, hits),
            "description": render.stop_line(debugger.timeline, debugger.stop),
            "threadId": self.thread_id(debugger.branch),
            "allThreadsStopped": True,
        }
        if hits:
            body["hitBreakpointIds"] = [hit.breakpoint.id for hit in hits]
        if text or hits:
            body["text"] = text or ", ".join(hit.text for hit in hits)
        self.client.event("stopped", body)

    def _reason(self, reason: str, hits: list[Hit]) -> str:
        if hits:
            return reason_of([hit.breakpoint for hit in hits])
        match self.debugger.stop.kind:
            case "failure" | "limit":
                return "exception"
            case "end":
                return "end"
        return reason

    def _report_threads(self) -> None:
        branch = self.debugger.branch
        if self._branch not in (None, branch) and self._branch in self.debugger.log.branches:
            self._thread_event("exited", self._branch)
        if self._branch != branch:
            self._thread_event("started", branch)
            self._branch, self._has_new_code = branch, True

    def _thread_event(self, reason: str, branch: str | None) -> None:
        number = self.thread_id(branch) if branch is not None else 1
        self.client.event("thread", {"reason": reason, "threadId": number})

    def _show_sources(self) -> None:
        """Write the mirror, and tell the client of new sources."""
        if not self._has_new_code:
            return
        self._has_new_code = False
        found = list(expansions(self.debugger.timeline))
        if self.mirror is not None:
            try:
                self.mirror.show({source.node: source.text for source in found})
            except RecodeError as error:
                self.client.output("important", f"{error}\n")
        for source in found:
            if source.reference not in self._known_sources:
                self._known_sources.add(source.reference)
                self.client.event("loadedSource", {"reason": "new", "source": self.sources.describe(source)})

    def replace(self, opened: DebugSession) -> None:
        """Go on with the same session as it is now, at the same stop, or at the last one if it was there.

        Breakpoints, watches and notes are kept. The client is told where the run is if that has changed.
        """
        old, old_session = self.debugger, self.opened
        new = opened.debugger
        new.annotate(old.annotations)
        was_at_end = old.cursor == old.timeline.stops[-1].n and old.branch == old.log.branch
        if not was_at_end:
            new.switch(old.branch)
            new.goto(old.cursor)
        new.forget()
        self.opened, self.console, self._has_new_code = opened, Console(new), True
        self._follow()
        old_session.close()
        if was_at_end and new.cursor != old.cursor:
            self.stop("step")
        else:
            self._show_sources()

    def close(self) -> None:
        """Close the session. Raises RecodeError if that fails; its file is complete then, too."""
        try:
            self.opened.close()
        finally:
            if self.mirror is not None:
                self.mirror.close()
