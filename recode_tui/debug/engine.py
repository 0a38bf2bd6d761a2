"""The debugger in a thread of its own: lines of its language go in, messages come out.

Nothing here waits for the screen, and the screen waits for nothing here.
"""

from __future__ import annotations

import queue
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import msgspec
from textual.message import Message

from recode_core.debugger import show
from recode_core.debugger.breakpoints import Hit
from recode_core.debugger.candidates import Candidate
from recode_core.debugger.chronicle import Chronicle
from recode_core.debugger.chronicle.lanes import Lanes
from recode_core.debugger.commands import Console
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.marks import Marks
from recode_core.debugger.opening import Opened
from recode_core.debugger.otherwise import WorldDiffers
from recode_core.debugger.restore import Verdicts
from recode_core.errors import RecodeError, exit_code
from recode_core.executor.stops import AtAction, AtModel
from recode_core.log import Log
from recode_core.policies.human import Human
from recode_core.policies.policy import Request
from recode_core.session import Header

Work = Callable[[Console], Iterable[str]]
Answer = TypeVar("Answer")


class Session(msgspec.Struct, frozen=True):
    """What the engine has opened. `chronicle` and `lanes` are handed over with it.

    `refusal` says why it can only be looked at, where it can.
    """

    log: Log
    chronicle: Chronicle
    lanes: Lanes
    header: Header
    path: Path
    notice: str
    refusal: str
    step_limit: int


class Moment(msgspec.Struct, frozen=True):
    """Where a command has led: the record that is shown, on which branch, with which marks.

    `verdicts` are those of the last time that the world was brought back.
    """

    branch: str
    cursor: int
    marks: Marks
    hits: tuple[Hit, ...]
    verdicts: Verdicts


class Ready(Message):
    """A session is open."""

    def __init__(self, session: Session, moment: Moment) -> None:
        super().__init__()
        self.session = session
        self.moment = moment


class NotOpened(Message):
    """A session could not be opened."""

    def __init__(self, error: RecodeError) -> None:
        super().__init__()
        self.error = str(error)
        self.code = exit_code(error)


class Rested(Message):
    """A command is over. `error` says why it failed, `differs` how the world differed, if that is why;
    `candidates` are those that were tried last."""

    def __init__(
        self,
        line: str,
        moment: Moment,
        said: tuple[str, ...],
        failure: RecodeError | None,
        candidates: tuple[Candidate, ...],
    ) -> None:
        super().__init__()
        self.line = line
        self.moment = moment
        self.said = said
        self.error = "" if failure is None else str(failure)
        self.differs = failure if isinstance(failure, WorldDiffers) else None
        self.candidates = candidates


class Watched(Message):
    """The watches at record `n`, a line each."""

    def __init__(self, n: int, lines: tuple[str, ...]) -> None:
        super().__init__()
        self.n = n
        self.lines = lines


class CodeWanted(Message):
    """The policy is a person: the code of a placeholder is to be written."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request


class Stopped(Message):
    """The user asked to quit by a command."""


class Crashed(Message):
    """A fault of ours. The session's file is whole as far as it says."""

    def __init__(self, trace: str) -> None:
        super().__init__()
        self.trace = trace


class Engine:
    """Runs one debugger.

    `heard` collects the text of replies as it arrives: its branch, the last record there, the text.
    """

    def __init__(self, open_session: Callable[[], Opened], post: Callable[[Message], object]) -> None:
        self.heard: deque[tuple[str, int, str]] = deque()
        self._open = open_session
        self._post = post
        self._jobs: queue.SimpleQueue[Callable[[Console], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live, name="engine", daemon=True)
        self._debugger: Debugger | None = None
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
        """Break off what is under way."""
        if self._debugger is not None:
            self._debugger.abort()

    @property
    def is_pausing(self) -> bool:
        """Whether what is under way is to end at its next stop."""
        return self._debugger is not None and self._debugger.is_pausing

    @property
    def waits_for(self) -> str:
        """What the run is waiting for now, as far as can be told from outside."""
        if self._debugger is None or not self._debugger.is_advancing:
            return ""
        match self._debugger.executor.stop:
            case AtModel():
                return "you" if isinstance(self._debugger.executor.run.policy, Human) else "the model"
            case AtAction():
                return "the environment"
        return ""

    def close(self, seconds: float = 3.0) -> bool:
        """End; what is under way is broken off. Whether everything could be given back in that time."""
        self._jobs.put(None)
        if self._debugger is not None and self._debugger.state != "paused":
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
            with opened:
                self._serve(opened)
        except Exception:
            self._post(Crashed(traceback.format_exc()))

    def _serve(self, opened: Opened) -> None:
        console = Console(opened.debugger, opened.save, opened.rerun)
        self._begin(opened)
        while (job := self._jobs.get()) is not None:
            job(console)
            if console.debugger is not self._debugger:
                self._begin(opened)

    def _work(self, console: Console, line: str, work: Work) -> None:
        before = console.debugger
        said, failure = self._do(console, work)
        moment = _moment(before)
        self._post(Rested(line, moment, said, failure, tuple(console.candidates)))
        if console.stopped:
            self._post(Stopped())
        if console.debugger is before:
            self._watch(before)

    def _begin(self, opened: Opened) -> None:
        debugger = self._debugger = opened.debugger
        log = debugger.log
        debugger.hear = lambda branch, text: self.heard.append((branch, log.last(branch), text))
        policy = debugger.executor.run.policy
        if isinstance(policy, Human):
            policy.ask, policy.leave = self._ask, lambda: self.write(None)
        session = Session(
            log=log,
            chronicle=Chronicle(log.line()),
            lanes=Lanes(log.records),
            header=opened.header,
            path=opened.path,
            notice=opened.notice,
            refusal=opened.refusal,
            step_limit=debugger.executor.run.step_limit,
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
            with console.debugger.working():  # a pause that comes too late for it is over with it
                for line in work(console):
                    said.append(line)
        except RecodeError as error:
            return tuple(said), error
        return tuple(said), None

    def _watch(self, debugger: Debugger) -> None:
        """Evaluate the watches, unless there is something better to do."""
        if debugger.marks.watches and self._jobs.empty():
            try:
                self._post(Watched(debugger.cursor, tuple(show.watches(debugger))))
            except RecodeError as error:
                self._post(Watched(debugger.cursor, (str(error),)))


def _moment(debugger: Debugger) -> Moment:
    return Moment(
        branch=debugger.branch,
        cursor=debugger.cursor,
        marks=debugger.marks,
        hits=tuple(debugger.hits),
        verdicts=debugger.restorer.verdicts,
    )
