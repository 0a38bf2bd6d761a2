"""The debugger in a thread of its own: commands go in, messages come out.

Neither thread waits for the other. The modules of the debugger are imported in the engine's thread, too, so
that the first frame is drawn before.

The engine's thread owns the debugger with all its parts, and alone appends to the log's current branch.
Roll-outs, which it starts and waits for, have executors and branches of their own; they share the log, which
has a lock, and the policy. The screen's thread owns the widgets. It reads the frozen values in messages,
timelines and the index of branches, which only grow, and `waits_for`, an immutable value. Of the debugger it
calls only `pause` and `abort`.
"""

from __future__ import annotations

import queue
import threading
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from textual.message import Message

from recode_core.errors import PolicyUnavailable, RecodeError, exit_code
from recode_core.timeline import Timeline
from recode_tui.debug.messages import (
    CommandsFinished,
    EngineCrashed,
    HumanCodeRequested,
    OpenedSession,
    OpeningFailed,
    Position,
    QuitCommandRun,
    RecordingMoved,
    SessionFollowed,
    SessionOpened,
    WatchesEvaluated,
)

if TYPE_CHECKING:
    from recode_core.debugger.commands import Command
    from recode_core.debugger.console import Console
    from recode_core.debugger.debug_session import DebugSession
    from recode_core.debugger.debugger import Debugger
    from recode_core.debugger.following import Following
    from recode_core.debugger.wait import Wait
    from recode_core.policies.policy import Request

T = TypeVar("T")

_POLL = 0.1  # seconds between two looks at a file that is followed


class Engine:
    """Runs one debugger.

    `streamed` collects the text of replies as it arrives: its branch, the last record there, the text.
    `failure` is what could not be closed at the end, if anything. `is_writing` says that a person writes the
    code of a placeholder, for which the engine's thread waits.
    """

    def __init__(self, open_session: Callable[[], DebugSession], post: Callable[[Message], object]) -> None:
        self.streamed: deque[tuple[str, int, str]] = deque()
        self.failure: RecodeError | None = None
        self._open = open_session
        self._post = post
        self._jobs: queue.SimpleQueue[Callable[[Console], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._debugger: Debugger | None = None
        self._following: Following | None = None
        self._is_closing = False
        self.is_writing = False
        self._written: queue.SimpleQueue[str | Callable[[], None] | None] = queue.SimpleQueue()

    def start(self) -> None:
        """Open the session, and wait for commands."""
        self._thread.start()

    def execute(self, commands: Sequence[Command]) -> None:
        """Execute commands one after the other, up to the first that fails; then post `CommandsFinished`."""
        self._jobs.put(lambda console: self._execute(console, tuple(commands)))

    def follow_end(self) -> None:
        """Go to the end of a run that is followed, and stay there."""
        self._jobs.put(self._follow_end)

    def ask(self, question: Callable[[Debugger], T]) -> Future[T]:
        """Ask the debugger something that changes nothing, after the commands before it."""
        future: Future[T] = Future()
        self._jobs.put(lambda console: _answer(future, lambda: question(console.debugger)))
        return future

    def ask_actions(self, at: int | None = None) -> Future[tuple[str, ...]]:
        """Ask for the admissible actions at the cursor, or at a stop; the world is restored if necessary.

        While a person writes code, the world is at that moment already, and is not restored.
        """
        debugger = self._debugger
        if not self.is_writing or debugger is None:
            return self.ask(lambda debugger: _actions(debugger, at))
        future: Future[tuple[str, ...]] = Future()
        self._written.put(lambda: _answer(future, debugger.parts.live_run().actions_here))
        return future

    def write(self, code: str | None) -> None:
        """Answer `HumanCodeRequested`; None leaves the run where it is."""
        self._written.put(code)

    def pause(self) -> None:
        """Pause at the next stop."""
        if self._debugger is not None:
            self._debugger.pause()

    def abort(self) -> None:
        """Abort the running command. Raises PolicyUnavailable if the policy fails in that."""
        if self._debugger is not None:
            self._debugger.abort()

    @property
    def is_pausing(self) -> bool:
        """Whether the running command is to pause at its next stop."""
        return self._debugger is not None and self._debugger.parts.activity.is_pausing

    @property
    def waits_for(self) -> Wait | None:
        """The party that the run is waiting for; None if there is none, or it is unknown."""
        return self._debugger.waits_for if self._debugger is not None else None

    @property
    def timeline(self) -> Timeline | None:
        """The timeline of the branch that the run is on now."""
        return self._debugger.timeline if self._debugger is not None else None

    def close(self, seconds: float = 3.0) -> bool:
        """Abort the running command and close the session. Return whether that was done within `seconds`.

        Idempotent: only the first call waits.
        """
        if self._is_closing:
            return not self._thread.is_alive()
        self._is_closing = True
        self._jobs.put(None)
        if self._debugger is not None and self._debugger.state != "paused":
            with suppress(PolicyUnavailable):
                self._debugger.abort()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    # in the thread

    def _run(self) -> None:
        try:
            try:
                opened = self._open()
            except RecodeError as error:
                self._post(OpeningFailed(str(error), exit_code(error)))
                return
            try:
                self._serve(opened)
            finally:
                self._close_session(opened)
        except BaseException:  # or the screen would wait for ever
            self._post(EngineCrashed(traceback.format_exc()))

    def _close_session(self, opened: DebugSession) -> None:
        try:
            opened.close()
        except RecodeError as error:
            self.failure = error

    def _serve(self, opened: DebugSession) -> None:
        from recode_core.debugger.console import Console

        console = Console(opened.debugger)
        self._begin(opened)
        while (job := self._next_job(opened)) is not None:
            job(console)
            if console.debugger is not self._debugger:
                self._begin(opened)

    def _next_job(self, opened: DebugSession) -> Callable[[Console], None] | None:
        """Wait for a job. Meanwhile, read what another process writes, if the session is followed."""
        while (following := opened.following) is not None:
            with suppress(queue.Empty):
                return self._jobs.get(timeout=_POLL)
            if following.poll():
                self._post(SessionFollowed(_position(opened.debugger), following.state))
        return self._jobs.get()

    def _follow_end(self, console: Console) -> None:
        if self._following is not None:
            self._following.go_to_end()
            self._post(SessionFollowed(_position(console.debugger), self._following.state))

    def _execute(self, console: Console, commands: tuple[Command, ...]) -> None:
        before = console.debugger
        console.outcome = None
        lines: list[str] = []
        failure: RecodeError | None = None
        try:
            with before.busy():  # resets a pause or an abort that comes too late
                for command in commands:
                    lines.extend(console.execute(command))
        except RecodeError as error:
            failure = error
        self._post(CommandsFinished(commands, _position(before), tuple(lines), console.outcome, failure))
        if console.stopped:
            self._post(QuitCommandRun())
        if console.debugger is before:
            self._evaluate_watches(before)

    def _begin(self, opened: DebugSession) -> None:
        from recode_core.environments.observation_layout import no_effect_test
        from recode_core.policies.human import Human

        debugger = self._debugger = opened.debugger
        self._following = opened.following
        log = debugger.log

        def moved(text: str) -> None:
            self._post(RecordingMoved(text, opened.path))

        opened.on_moved = moved
        step_limit = 0
        if (live := debugger.parts.live) is not None:
            live.on_stream = lambda branch, text: self.streamed.append((branch, log.last(branch), text))
            step_limit, policy = live.run.step_limit, live.run.policy
            if isinstance(policy, Human):
                policy.ask, policy.leave = self._request_code, lambda: self.write(None)
        session = OpenedSession(
            log=log,
            branches=debugger.parts.recording.branches,
            header=opened.header,
            path=opened.path,
            notice=opened.notice,
            refusal=opened.refusal,
            step_limit=step_limit,
            had_no_effect=no_effect_test(opened.header.settings.environment),
            follow=opened.following.state if opened.following is not None else None,
        )
        self._post(SessionOpened(session, _position(debugger)))
        self._evaluate_watches(debugger)

    def _request_code(self, request: Request) -> str | None:
        self._written = queue.SimpleQueue()
        self.is_writing = True
        try:
            self._post(HumanCodeRequested(request))
            while callable(written := self._written.get()):
                written()
            return written
        finally:
            self.is_writing = False

    def _evaluate_watches(self, debugger: Debugger) -> None:
        """Evaluate the watches, unless a command is waiting."""
        from recode_core.debugger import render

        if debugger.annotations.watches and self._jobs.empty():
            try:
                lines = tuple(render.watches(debugger.watched()))
            except RecodeError as error:
                lines = (str(error),)
            self._post(WatchesEvaluated(debugger.cursor, lines))


def _answer(future: Future[T], question: Callable[[], T]) -> None:
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(question())
        except RecodeError as error:
            future.set_exception(error)


def _actions(debugger: Debugger, at: int | None) -> tuple[str, ...]:
    with debugger.busy():  # resets a pause or an abort that comes too late
        return debugger.possible(at)


def _position(debugger: Debugger) -> Position:
    return Position(
        timeline=debugger.timeline,
        cursor=debugger.cursor,
        annotations=debugger.annotations,
        hits=debugger.hits,
        restore_stats=debugger.parts.restorer.stats,
    )
