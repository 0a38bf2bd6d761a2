"""The debugger: a facade for screens, scripts and programs over the parts that do the work."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol

from recode_core.debugger import conditions
from recode_core.debugger.activity import State
from recode_core.debugger.annotations import Annotations
from recode_core.debugger.annotator import Annotator
from recode_core.debugger.breakpoint_hits import Hit
from recode_core.debugger.edit_points import request_on
from recode_core.debugger.editor import Editor
from recode_core.debugger.live_run import LiveRun
from recode_core.debugger.moves import Moves
from recode_core.debugger.parts import DebuggerParts
from recode_core.debugger.recording import Recording
from recode_core.debugger.restore import Restorer
from recode_core.debugger.undo_history import SessionPosition
from recode_core.debugger.wait import Wait
from recode_core.errors import RecodeError
from recode_core.events import Place
from recode_core.executor import Executor
from recode_core.log import Log
from recode_core.timeline import Moment, Stop, Timeline
from recode_core.values import SHOWN_LIMIT, Message, Variable

if TYPE_CHECKING:
    from recode_core.debugger.candidates import Candidate
    from recode_core.debugger.commands import Command
    from recode_core.debugger.outcomes import Outcome


class SessionFiles(Protocol):
    """The session files of a debugger."""

    def save(self, path: str | PathLike[str]) -> None:
        """Write a copy of the session."""

    def script(self) -> str:
        """The session as a script, see `session_script.script_of`."""

    def rerun(self) -> Debugger:
        """Start the same settings again, in a new session."""

    def close(self) -> None:
        """Close the debugger, and the file."""


class _NoFiles:
    """The `SessionFiles` of a debugger that is created directly, without a file."""

    def __init__(self, debugger: Debugger) -> None:
        self._debugger = debugger

    def close(self) -> None:
        self._debugger.close()

    def save(self, path: str | PathLike[str]) -> NoReturn:
        raise RecodeError("this session has no file")

    def script(self) -> NoReturn:
        raise RecodeError("this session has no file")

    def rerun(self) -> NoReturn:
        raise RecodeError("this session has no file")


class Debugger:
    """A debugger on one session. Without an executor it is read-only; `refusal` is the reason.

    Its methods are documented where they are implemented: moves (`step`, `resume`, `goto`, `undo` …) in
    `Moves`, changes of the run (`edit`, `regenerate`, `set` …) in `Editor`, breakpoints, watches and notes
    in `Annotator`. It belongs to one thread; only `pause` and `abort` may be called from others. `path` is
    the session file, if any; `files` writes copies and starts new sessions. `candidates` are the last ones
    sampled.
    """

    def __init__(self, log: Log, executor: Executor | None, restorer: Restorer, refusal: str = "") -> None:
        recording = Recording(log, is_readonly=executor is None)
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
        """Execute a command. Raises RecodeError if it cannot be executed; nothing is changed then."""
        history = self.parts.history
        history.command, history.words = command.format().text, command.in_words()
        try:
            return command.execute(self)
        finally:
            history.command = history.words = ""

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
        """The number of the current record, which is always a stop."""
        return self.parts.cursor

    @property
    def stop(self) -> Stop:
        """The stop at the cursor."""
        return self.parts.stop

    @property
    def moment(self) -> Moment:
        """The state of the run at the cursor."""
        return self.parts.moment

    @property
    def position(self) -> SessionPosition:
        """The position that `undo` would return to after the next command."""
        return self.parts.position

    @property
    def annotations(self) -> Annotations:
        """Breakpoints, watches and notes."""
        return self.parts.annotations.now

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The breakpoints that were hit by the last move."""
        return tuple(self._moves.hits)

    @property
    def state(self) -> State:
        """Whether it is paused, running, or about to pause."""
        return self.parts.activity.state

    @property
    def is_live(self) -> bool:
        """Whether the next step calls policy or world, because nothing is recorded after the cursor."""
        return self._moves.is_live

    @property
    def needs_restore(self) -> bool:
        """Whether the world is not at the cursor and has to be restored before it can be used."""
        return self.needs_restore_to(self.cursor)

    def needs_restore_to(self, n: int) -> bool:
        """Whether the world is not at the stop at record `n`."""
        return self.parts.live is None or self.parts.live.needs_restore(n)

    @property
    def waits_for(self) -> Wait | None:
        """The party that the run waits for; None if it is paused or executes code. Any thread may read it."""
        return self.parts.live.waits_for if self.parts.live is not None else None

    # looking

    def evaluate(self, expression: str, limit: int = SHOWN_LIMIT) -> str:
        """Evaluate an expression at the cursor, on a copy, to its `repr`, up to `limit` characters.

        Raises EvaluationFailed.
        """
        sandbox, moment = self.parts.sandbox_at(self.stop), self.moment
        return conditions.evaluate(expression, sandbox, moment.event, moment.facts(), limit)

    def watched(self) -> dict[str, str | RecodeError]:
        """The value of every watched expression at the cursor, or the error of evaluating it.

        The values are cached per stop.
        """
        at = (self.branch, self.cursor, len(self.log), self.annotations.watches)
        if self._watched is None or self._watched[0] != at:
            values = {expression: self._value_of(expression) for expression in self.annotations.watches}
            if self.parts.activity.is_pausing:  # the evaluation may have been aborted
                return values
            self._watched = at, values
        return self._watched[1]

    def variables(self) -> dict[str, Variable]:
        """The variables at the cursor, as recorded in the log."""
        return self.moment.variables()

    def messages(self, node: str) -> tuple[Message, ...]:
        """The messages of the last request for a placeholder, sent or about to be sent."""
        request_on(self.timeline, node, self.cursor)
        request = self.timeline.expansions.request_at(node, self.cursor)
        return tuple(self.log.load(ref) for ref in request.messages) if request is not None else ()

    def where(self) -> tuple[Place, ...]:
        """The current statement of each open expansion at the cursor, outermost first."""
        return self.moment.path

    def possible(self, at: int | None = None) -> tuple[str, ...]:
        """The admissible actions at the cursor, or at another stop, its record being `at`.

        The world is restored to it if necessary. Raises RecodeError if the environment does not list actions,
        and the errors of restoring.
        """
        stop = self.stop if at is None else self.timeline.stop_at(at)
        if stop.kind == "start":
            raise RecodeError("the run has not started; `step` first")
        return self.parts.live_run().admissible_actions(stop.n)

    # ending

    def abort(self) -> None:
        """Abort the current command, from any thread. A partial reply is recorded, with its cost."""
        self.pause()
        if self.parts.live is not None:
            self.parts.live.abort()

    def close(self) -> None:
        """Close world, sandboxes and log. A change in place that is undone now stays undone in the file."""
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
