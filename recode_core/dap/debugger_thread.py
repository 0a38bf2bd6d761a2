"""The debugger's thread: it executes the requests of one client in order."""

from __future__ import annotations

import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from recode_core.dap.client import Client
from recode_core.dap.messages import Body, arguments_of
from recode_core.dap.openers import EDITOR_KEYS, AttachedFile, SessionOpener
from recode_core.dap.pending_request import PendingRequest
from recode_core.errors import PolicyUnavailable, RecodeError

if TYPE_CHECKING:
    from recode_core.dap.requests import Handler, Move
    from recode_core.dap.target import DebugTarget

_CLOSING = 5.0  # seconds for closing a session whose client has left

_REASONS = {"restart": "entry", "setVariable": "step"}
"""The reasons of stops after requests other than moves; the default is `goto`."""


class DebuggerThread:
    """Executes the requests of a client. `target` is its session; `running` the request that is executed.

    Both may be read from any thread.
    """

    def __init__(self, client: Client, opener: SessionOpener) -> None:
        self.target: DebugTarget | None = None
        self.running: PendingRequest | None = None
        self._client = client
        self._opener = opener
        self._attached: AttachedFile | None = None
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="debugger", daemon=True)
        self._lock = threading.Lock()  # of `running` and what follows
        self._is_pausing = False
        self._is_interrupted = False
        self._cancelled: set[int] = set()

    # for other threads

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, job: PendingRequest) -> None:
        """Execute a request after those before it. Breakpoints interrupt a `continue`, which then goes on."""
        if job.request.command.endswith("Breakpoints"):
            self._interrupt()
        self._jobs.put(lambda: self._execute(job))

    def load(self) -> None:
        """Load the debugger while the client prepares its next request."""
        self._jobs.put(_load_handlers)

    def check_files(self) -> None:
        """Take in what others have written, unless there is something else to do."""
        if self._jobs.empty():
            self._jobs.put(self._check_files)

    def cancel(self, seq: int) -> None:
        """Refuse a request that has not begun."""
        self._cancelled.add(seq)

    def pause(self) -> bool:
        """Pause at the next stop; a second time, abort. Returns False if nothing is running."""
        with self._lock:
            if self.running is None or self.target is None:
                return False
            is_again, self._is_pausing, self._is_interrupted = self._is_pausing, True, False
            self.target.debugger.pause()
        if is_again:
            self.abort()
        return True

    def abort(self) -> None:
        """Break off what is running; everything recorded so far is kept."""
        with self._lock:
            target = self.target if self.running is not None else None
            self._is_pausing, self._is_interrupted = target is not None, False
        if target is not None:
            with suppress(PolicyUnavailable):
                target.debugger.abort()

    def end(self, then: Callable[[], None]) -> None:
        """Abort what is running and close the session; then call a function in the debugger's thread."""
        self.abort()
        self._jobs.put(self._close)
        self._jobs.put(then)

    def stop(self) -> None:
        """End everything, and wait for it a while."""
        self.end(lambda: None)
        self._jobs.put(None)
        self._thread.join(_CLOSING)

    def _interrupt(self) -> None:
        """Pause a `continue` at its next stop, unnoticed by the client."""
        with self._lock:
            move = self.running.move if self.running is not None else None
            is_continuing = move is not None and move.reason == "pause"
            if is_continuing and not self._is_pausing and self.target is not None:
                self._is_interrupted = True
                self.target.debugger.pause()

    # in the thread

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception as error:  # a bug must not end the thread
                traceback.print_exc(file=sys.stderr)
                self._client.output("important", f"internal error: {error!r}\n")

    def _execute(self, job: PendingRequest) -> None:
        if job.request.seq in self._cancelled:
            job.fail("the request was cancelled", "cancelled")
            return
        target = self.target
        before = target.position if target is not None else None
        body, failure = None, ""
        self._begin(job)
        try:
            body = self._answer(job)
        except RecodeError as error:
            failure = str(error)
        except Exception as error:  # a bug must not leave the client waiting
            traceback.print_exc(file=sys.stderr)
            failure = f"{job.request.command}: internal error: {error!r}"
        is_interrupted, is_pausing = self._finish()
        with self._client.together():
            if failure and job.fail(failure):
                failure = ""  # the client has it
            elif not failure:
                job.succeed(body)
            if target is None or before is None or target is not self.target:
                return
            is_plain = not failure and target.is_plain(target.debugger.stop)
            if is_interrupted and job.move is not None and is_plain:
                self._jobs.put(lambda: self._execute(job))  # after the request that interrupted it
                return
            reason = job.move.reason if job.move is not None else _REASONS.get(job.request.command, "goto")
            if failure:
                self._client.output("important", f"{failure}\n")
            target.settle(before, "pause" if is_pausing else reason, failure)
        if target.console.stopped:
            self._close()
            self._client.event("terminated")

    def _begin(self, job: PendingRequest) -> None:
        job.began = time.monotonic()
        with self._lock:
            self.running, self._is_pausing, self._is_interrupted = job, False, False
            if self.target is not None and self.target.debugger.parts.activity.is_pausing:
                with self.target.debugger.busy():  # resets a pause that came too late
                    pass

    def _finish(self) -> tuple[bool, bool]:
        """The running request is over. Returns whether it was interrupted, and whether it was paused."""
        with self._lock:
            self.running = None
            return self._is_interrupted, self._is_pausing

    def _answer(self, job: PendingRequest) -> Body | None:
        """Carry out a request, and return the body of the response."""
        command = job.request.command
        if job.move is not None:  # it was interrupted
            return self._move(job, self._require_target(command), job.move)
        match command:
            case "launch" | "attach":
                self._open(job)
                return None
            case "configurationDone":
                self._start(job)
                return None
        handler = _handlers().get(command)
        if handler is None:
            raise RecodeError(f"recode has no {command!r}")
        from recode_core.dap.requests import Move

        target = self._require_target(command)
        answer = handler.run(target, arguments_of(job.request, handler.arguments))
        return self._move(job, target, answer) if isinstance(answer, Move) else answer

    def _move(self, job: PendingRequest, target: DebugTarget, move: Move) -> Body | None:
        if job.move is None:
            target.check_confirmed(move.command)
            job.move = move
        target.move(move.command)
        return move.body

    def _open(self, job: PendingRequest) -> None:
        """Open the session that the client asks for."""
        from recode_core.dap.target import ClientOptions, DebugTarget

        if self.target is not None:
            raise RecodeError("this client has a session already: disconnect first")
        options = arguments_of(job.request, ClientOptions)
        given = msgspec.json.decode(bytes(job.request.arguments) or b"{}", type=dict[str, Any])
        own = {name: value for name, value in given.items() if name not in EDITOR_KEYS}
        opener = self._opener.launch if job.request.command == "launch" else self._opener.attach
        opened = opener(own)
        try:
            target = DebugTarget(self._client, opened, options)
        except RecodeError:
            opened.close()
            raise
        self.target = target
        if job.request.command == "attach":
            self._attached = AttachedFile(own, opened.path)
        job.succeed()
        if opened.notice:
            self._client.output("important", f"{opened.notice}\n")
        self._client.output("console", f"session: {opened.path}\n")
        self._client.event("initialized")

    def _start(self, job: PendingRequest) -> None:
        """The client has set its breakpoints: report where the run is, or let it run."""
        from recode_core.dap.requests import Move
        from recode_core.dap.set_breakpoints import session_breakpoints
        from recode_core.debugger.commands import Continue

        target = self._require_target("configurationDone")
        target.begin()
        for point in session_breakpoints(target):
            self._client.event("breakpoint", {"reason": "new", "breakpoint": point})
        job.succeed()
        if target.options.stop_on_entry or target.debugger.stop.kind == "end":
            target.stop("entry")
        else:
            self._move(job, target, Move(Continue(), "pause"))

    def _require_target(self, command: str) -> DebugTarget:
        if self.target is None:
            raise RecodeError(f"{command}: no session is open; expected launch or attach first")
        return self.target

    def _close(self) -> None:
        target, self.target = self.target, None
        if target is None:
            return
        try:
            target.close()
        except RecodeError as error:
            self._client.output("important", f"{error}\n")

    def _check_files(self) -> None:
        """Take in what others have written: saved code, or records of a session that is attached."""
        if (target := self.target) is None:
            return
        before = target.position
        target.edit_saved_files()
        if (attached := self._attached) is not None and attached.has_changed():
            with suppress(RecodeError):  # it is read again at the next change
                target.replace(self._opener.attach(attached.arguments))
                return
        target.settle(before, "goto")


def _load_handlers() -> None:
    """Load the debugger while the client prepares its next request."""
    _handlers()


@cache
def _handlers() -> dict[str, Handler]:
    """The table of requests. Loading it loads the debugger."""
    from recode_core.dap import evaluate, moves, set_breakpoints, views  # noqa: F401 (they add to the table)
    from recode_core.dap.requests import HANDLERS

    return HANDLERS
