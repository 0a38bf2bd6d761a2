"""The debugger: what a screen, a script and a program do with a session, in one place."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol

from recode_core.debugger import conditions
from recode_core.debugger.activity import State
from recode_core.debugger.annotations import Annotations
from recode_core.debugger.annotator import Annotator
from recode_core.debugger.breakpoint_hits import Hit
from recode_core.debugger.editor import Editor
from recode_core.debugger.edits import request_on
from recode_core.debugger.history import Position
from recode_core.debugger.live_run import LiveRun, WaitsFor
from recode_core.debugger.moves import Moves
from recode_core.debugger.parts import DebuggerParts
from recode_core.debugger.recording import Recording
from recode_core.debugger.restore import Restorer
from recode_core.errors import RecodeError
from recode_core.events import Place
from recode_core.executor import Executor
from recode_core.log import Log
from recode_core.timeline import Moment, Stop, Timeline
from recode_core.values import Message, Variable

if TYPE_CHECKING:
    from recode_core.debugger.candidates import Candidate
    from recode_core.debugger.commands import Command
    from recode_core.debugger.outcomes import Outcome


class SessionFiles(Protocol):
    """Where sessions are written."""

    def save(self, path: str | PathLike[str]) -> None:
        """Write a copy of the session."""

    def rerun(self) -> Debugger:
        """Start the same settings again, in a new session."""

    def close(self) -> None:
        """Close the debugger, and the file."""


class _NoFiles:
    """Of a session that is not recorded in a file."""

    def __init__(self, debugger: Debugger) -> None:
        self._debugger = debugger

    def close(self) -> None:
        self._debugger.close()

    def save(self, path: str | PathLike[str]) -> NoReturn:
        raise RecodeError("this session has no file")

    def rerun(self) -> NoReturn:
        raise RecodeError("this session has no file")


class Debugger:
    """A session under a user's hands. Without an executor it can only be looked at; `refusal` says why.

    What it can do is described where it is done: moves (`step`, `resume`, `goto`, `undo` …) in `Moves`,
    changes of the run (`edit`, `regenerate`, `set` …) in `Editor`, breakpoints, watches and notes in
    `Annotator`. It belongs to one thread; `pause` and `abort` may be called from others. `path` is the
    file that the session is recorded in, if any; `files` writes copies and new sessions. `candidates` are
    those that were tried last.
    """

    def __init__(self, log: Log, executor: Executor | None, restorer: Restorer, refusal: str = "") -> None:
        recording = Recording(log)
        live = LiveRun(recording, executor, restorer) if executor is not None else None
        self.log = log
        self.path: Path | None = None
        self.files: SessionFiles = _NoFiles(self)
        self.candidates: tuple[Candidate, ...] = ()
        self.parts = parts = DebuggerParts(log, restorer, live, recording, refusal)
        self._watched: tuple[object, dict[str, str | RecodeError]] | None = None

        self._moves = moves = Moves(parts)
        self.step, self.next, self.finish, self.resume = moves.step, moves.next, moves.finish, moves.resume
        self.back, self.back_next, self.back_continue = moves.back, moves.back_next, moves.back_continue
        self.until, self.goto, self.switch = moves.until, moves.goto, moves.switch
        self.undo, self.redo, self.forget = moves.undo, moves.redo, parts.history.clear
        self.accept, self.annotate = moves.accept, moves.annotate

        editor = Editor(parts, moves)
        self.edit, self.prompt, self.reply = editor.edit, editor.prompt, editor.reply
        self.regenerate, self.change_prompts = editor.regenerate, editor.change_prompts
        self.skip, self.retry, self.set = editor.skip, editor.retry, editor.set
        self.action, self.observe, self.limit = editor.action, editor.observe, editor.limit

        annotator = Annotator(parts, moves)
        self.add_breakpoint, self.enable, self.delete = (
            annotator.add_breakpoint,
            annotator.enable,
            annotator.delete,
        )
        self.watch, self.note = annotator.watch, annotator.note
        self.pause, self.busy = parts.activity.pause, parts.activity.busy

    def execute(self, command: Command) -> Outcome:
        """Execute a command. Raises RecodeError where it can't be done; nothing is changed then."""
        return command.execute(self)

    # where it is

    @property
    def branch(self) -> str:
        """The current branch."""
        return self.parts.recording.branch

    @property
    def timeline(self) -> Timeline:
        """The records of the current branch."""
        return self.parts.timeline

    @property
    def cursor(self) -> int:
        """The record that is shown, always a stop."""
        return self.parts.cursor

    @property
    def stop(self) -> Stop:
        """The stop at the cursor."""
        return self.parts.stop

    @property
    def moment(self) -> Moment:
        """What is so at the cursor."""
        return self.parts.moment

    @property
    def position(self) -> Position:
        """What undo would bring back now."""
        return self.parts.position

    @property
    def annotations(self) -> Annotations:
        """Breakpoints, watches and notes."""
        return self.parts.annotations.now

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The breakpoints that the last move met."""
        return tuple(self._moves.hits)

    @property
    def state(self) -> State:
        """Whether it is paused, running, or about to pause."""
        return self.parts.activity.state

    @property
    def is_live(self) -> bool:
        """Whether the next step forward asks policy or world, nothing recorded lying ahead."""
        return self._moves.is_live

    @property
    def needs_restore(self) -> bool:
        """Whether the world stands somewhere else than the cursor, so that it has to be restored first."""
        return self.parts.live is None or self.parts.live.needs_restore(self.cursor)

    @property
    def waits_for(self) -> WaitsFor:
        """What the run waits for now; may be asked from any thread."""
        return self.parts.live.waits_for if self.parts.live is not None else ""

    # looking

    def evaluate(self, expression: str) -> str:
        """The value of an expression at the cursor, as its `repr`; on a copy. Raises EvaluationFailed."""
        sandbox, moment = self.parts.sandbox_at(self.stop), self.moment
        return conditions.evaluate(expression, sandbox, moment.event, moment.facts())

    def watched(self) -> dict[str, str | RecodeError]:
        """The value of every watched expression at the cursor, or why it has none.

        Each is evaluated once at a stop, however often it is asked for.
        """
        at = (self.branch, self.cursor, len(self.log), self.annotations.watches)
        if self._watched is None or self._watched[0] != at:
            values = {expression: self._value_of(expression) for expression in self.annotations.watches}
            if self.parts.activity.is_pausing:  # they may have been broken off
                return values
            self._watched = at, values
        return self._watched[1]

    def variables(self) -> dict[str, Variable]:
        """The variables at the cursor, as the log shows them."""
        return self.moment.variables()

    def messages(self, node: str) -> tuple[Message, ...]:
        """The messages of the last request for a placeholder, as they were or will be sent."""
        request_on(self.timeline, node, self.cursor)
        request = self.timeline.expansions.request_at(node, self.cursor)
        return tuple(self.log.load(ref) for ref in request.messages) if request is not None else ()

    def where(self) -> tuple[Place, ...]:
        """The current statement of each open expansion at the cursor, outermost first."""
        return self.moment.path

    def possible(self) -> tuple[str, ...]:
        """What would do something in the world at the cursor. It is restored to that, and asked.

        Raises RecodeError where the environment doesn't tell, and what restoring raises.
        """
        if self.stop.kind == "start":
            raise RecodeError("nothing has been reached yet; step first")
        return self.parts.live_run().admissible_actions(self.cursor)

    # ending

    def abort(self) -> None:
        """End what is under way, from any thread; what arrived of a reply is kept, with its cost."""
        self.pause()
        if self.parts.live is not None:
            self.parts.live.abort()

    def close(self) -> None:
        """Give everything back. A change in place that is undone now stays undone in the file."""
        try:
            self._moves.discard_undone()
        finally:
            self.parts.close()

    def __enter__(self) -> Debugger:
        return self

    def __exit__(self, *error: object) -> None:
        self.files.close()

    def _value_of(self, expression: str) -> str | RecodeError:
        try:
            return self.evaluate(expression)
        except RecodeError as error:
            return error
