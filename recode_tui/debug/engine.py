"""The debugger in a thread of its own: lines of its language go in, messages come out.

Nothing here waits for the screen, and the screen waits for nothing here. What the debugger is made of is
loaded in that thread, too, so that the first picture comes before it.

The engine's thread owns the debugger with all its parts, and alone appends to the log's current branch.
Roll-outs, which it starts and waits for, have executors and branches of their own; what they share with it
is the log, which locks, and the policy. The screen's thread owns the widgets. It reads what messages hand
over (frozen values), timelines and the index of branches, which only grow, and `waits_for`, a text. It
calls nothing of the debugger but `pause` and `abort`.
"""

from __future__ import annotations

import queue
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from textual.message import Message

from recode_core.errors import PolicyUnavailable, RecodeError
from recode_core.timeline import Timeline
from recode_tui.debug.messages import (
    CodeWanted,
    Crashed,
    Moment,
    Moved,
    NotOpened,
    Ready,
    Rested,
    Session,
    Stopped,
    Watched,
)

if TYPE_CHECKING:
    from recode_core.debugger.console import Console
    from recode_core.debugger.debug_session import DebugSession
    from recode_core.debugger.debugger import Debugger
    from recode_core.policies.policy import Request

Work: TypeAlias = "Callable[[Console], Iterable[str]]"
Answer = TypeVar("Answer")


class Engine:
    """Runs one debugger.

    `heard` collects the text of replies as it arrives: its branch, the last record there, the text.
    `failure` says what could not be given back at the end, if anything.
    """

    def __init__(self, open_session: Callable[[], DebugSession], post: Callable[[Message], object]) -> None:
        self.heard: deque[tuple[str, int, str]] = deque()
        self.failure: RecodeError | None = None
        self._open = open_session
        self._post = post
        self._jobs: queue.SimpleQueue[Callable[[Console], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live, name="engine", daemon=True)
        self._debugger: Debugger | None = None
        self._is_closing = False
        self._written: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def start(self) -> None:
        """Open the session, and wait for work."""
        self._thread.start()

    def do(self, line: str, work: Work) -> None:
        """Do something; `line` names it, and `Rested` says what came of it."""
        self._jobs.put(lambda console: self._work(console, line, work))

    def ask(self, question: Callable[[Console], Answer]) -> Future[Answer]:
        """Ask something that changes nothing, when what is under way is over."""
        future: Future[Answer] = Future()

        def answer(console: Console) -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(question(console))
                except RecodeError as error:
                    future.set_exception(error)

        self._jobs.put(answer)
        return future

    def write(self, code: str | None) -> None:
        """Answer `CodeWanted`; None leaves the run where it is."""
        self._written.put(code)

    def pause(self) -> None:
        """Stop at the next stop."""
        if self._debugger is not None:
            self._debugger.pause()

    def abort(self) -> None:
        """Break off what is under way. Raises PolicyUnavailable where the policy fails in that."""
        if self._debugger is not None:
            self._debugger.abort()

    @property
    def is_pausing(self) -> bool:
        """Whether what is under way is to end at its next stop."""
        return self._debugger is not None and self._debugger.parts.activity.is_pausing

    @property
    def waits_for(self) -> str:
        """What the run is waiting for now, as far as can be told from outside."""
        return self._debugger.waits_for if self._debugger is not None else ""

    @property
    def timeline(self) -> Timeline | None:
        """The timeline of the branch that the run is on now."""
        return self._debugger.timeline if self._debugger is not None else None

    def close(self, seconds: float = 3.0) -> bool:
        """End; what is under way is broken off. Whether everything could be given back in that time.

        Idempotent: it is waited for once.
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

    def _live(self) -> None:
        try:
            try:
                opened = self._open()
            except RecodeError as error:
                self._post(NotOpened(error))
                return
            try:
                self._serve(opened)
            finally:
                self._give_back(opened)
        except BaseException:  # else the screen would wait for ever
            self._post(Crashed(traceback.format_exc()))

    def _give_back(self, opened: DebugSession) -> None:
        try:
            opened.close()
        except RecodeError as error:
            self.failure = error

    def _serve(self, opened: DebugSession) -> None:
        from recode_core.debugger.console import Console

        console = Console(opened.debugger)
        self._begin(opened)
        while (job := self._jobs.get()) is not None:
            job(console)
            if console.debugger is not self._debugger:
                self._begin(opened)

    def _work(self, console: Console, line: str, work: Work) -> None:
        before = console.debugger
        said, failure = self._do(console, work)
        moment = _moment(before)
        self._post(Rested(line, moment, said, failure, before.candidates))
        if console.stopped:
            self._post(Stopped())
        if console.debugger is before:
            self._watch(before)

    def _begin(self, opened: DebugSession) -> None:
        from recode_core.policies.human import Human

        debugger = self._debugger = opened.debugger
        log = debugger.log

        def moved(text: str) -> None:
            self._post(Moved(text, opened.path))

        opened.on_moved = moved
        step_limit = 0
        if (live := debugger.parts.live) is not None:
            live.on_stream = lambda branch, text: self.heard.append((branch, log.last(branch), text))
            step_limit, policy = live.run.step_limit, live.run.policy
            if isinstance(policy, Human):
                policy.ask, policy.leave = self._ask, lambda: self.write(None)
        session = Session(
            log=log,
            branches=debugger.parts.recording.branches,
            header=opened.header,
            path=opened.path,
            notice=opened.notice,
            refusal=opened.refusal,
            step_limit=step_limit,
        )
        self._post(Ready(session, _moment(debugger)))
        self._watch(debugger)

    def _ask(self, request: Request) -> str | None:
        self._written = queue.SimpleQueue()
        self._post(CodeWanted(request))
        return self._written.get()

    def _do(self, console: Console, work: Work) -> tuple[tuple[str, ...], RecodeError | None]:
        said: list[str] = []
        try:
            with console.debugger.busy():  # a pause that comes too late for it is over with it
                for line in work(console):
                    said.append(line)
        except RecodeError as error:
            return tuple(said), error
        return tuple(said), None

    def _watch(self, debugger: Debugger) -> None:
        """Evaluate the watches, unless there is something better to do."""
        from recode_core.debugger import render

        if debugger.annotations.watches and self._jobs.empty():
            try:
                self._post(Watched(debugger.cursor, tuple(render.watches(debugger.watched()))))
            except RecodeError as error:
                self._post(Watched(debugger.cursor, (str(error),)))


def _moment(debugger: Debugger) -> Moment:
    return Moment(
        timeline=debugger.timeline,
        cursor=debugger.cursor,
        annotations=debugger.annotations,
        hits=debugger.hits,
        restore_stats=debugger.parts.restorer.stats,
    )
